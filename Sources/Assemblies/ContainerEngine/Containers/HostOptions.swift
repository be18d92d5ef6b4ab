// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// What a client asks of the machine for a container: `HostConfig`.
struct HostOptions {
    let network: NetworkMode
    let removesItself: Bool
    let isReadOnly: Bool
    let addsCapabilities: [String]
    let dropsCapabilities: [String]
    let newPrivileges: Bool
    let temporary: [JSON.Member]
    /// Rows and columns of its terminal.
    let size: [UInt64]?

    /// Members that ask for what this engine does not do, unless they are empty.
    private static let unsupported = [
        "Links", "Devices", "DeviceRequests",
        "DeviceCgroupRules", "Privileged", "Sysctls", "Ulimits", "UsernsMode",
        "VolumeDriver", "GroupAdd", "Init",
        "KernelMemory", "KernelMemoryTCP", "BlkioWeightDevice", "BlkioDeviceReadIOps",
        "BlkioDeviceWriteIOps", "CpuRealtimePeriod", "CpuRealtimeRuntime", "OomKillDisable",
        "BlkioDeviceReadBps",
        "BlkioDeviceWriteBps", "StorageOpt", "UTSMode", "PidMode", "Cgroup", "CgroupParent",
    ]

    init(_ json: JSON) throws(EngineFailure) {
        for name in Self.unsupported {
            if let value = json[name], !Self.isEmpty(value) {
                throw .unsupported("HostConfig.\(name)")
            }
        }
        _ = try RestartPolicy(json)
        _ = try LogOptions(json)
        network = NetworkMode(json["NetworkMode"]?.text ?? "")
        removesItself = json["AutoRemove"]?.flag ?? false
        isReadOnly = json["ReadonlyRootfs"]?.flag ?? false
        try ResourceWishes.check(json)
        addsCapabilities = ContainerOptions.texts(json["CapAdd"]) ?? []
        dropsCapabilities = ContainerOptions.texts(json["CapDrop"]) ?? []
        let security = ContainerOptions.texts(json["SecurityOpt"]) ?? []
        for option in security where option != "no-new-privileges" {
            throw .unsupported("the security option '\(option)'")
        }
        newPrivileges = security.isEmpty
        temporary = json["Tmpfs"]?.members ?? []
        size = json["ConsoleSize"]?.elements?.compactMap(\.unsigned)
    }

    static func isEmpty(_ value: JSON) -> Bool {
        switch value {
        case .null, .bool(false), .string(""), .number("0"), .array([]), .object([]): true
        default: false
        }
    }
}

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
    let temporary: [JSON.Member]
    /// Rows and columns of its terminal.
    let size: [UInt64]?

    /// Members that are read here and elsewhere; all others are refused unless they are empty.
    private static let known: Set<String> = Set(ResourceWishes.names).union([
        "NetworkMode", "AutoRemove", "ReadonlyRootfs", "CapAdd", "CapDrop", "Tmpfs", "ConsoleSize",
        "RestartPolicy", "LogConfig", "Runtime", "Binds", "Mounts", "VolumesFrom", "SecurityOpt",
        "Privileged", "Devices", "DeviceCgroupRules", "Ulimits", "Sysctls", "ShmSize", "IpcMode",
        "PidMode", "UTSMode", "CgroupnsMode", "UsernsMode", "GroupAdd", "OomScoreAdj", "Init",
        "MaskedPaths", "ReadonlyPaths", "CgroupParent", "Annotations", "ContainerIDFile",
        "PortBindings", "PublishAllPorts", "ExtraHosts", "Dns", "DnsSearch", "DnsOptions",
    ])

    init(_ json: JSON) throws(EngineFailure) {
        for member in json.members ?? []
        where !Self.known.contains(member.name) && !Self.isEmpty(member.value) {
            throw .unsupported("HostConfig.\(member.name)")
        }
        _ = try RestartPolicy(json)
        _ = try LogOptions(json)
        guard ["", "atoll"].contains(json["Runtime"]?.text ?? "") else {
            throw .unsupported("the runtime '\(json["Runtime"]?.text ?? "")'")
        }
        network = NetworkMode(json["NetworkMode"]?.text ?? "")
        removesItself = json["AutoRemove"]?.flag ?? false
        isReadOnly = json["ReadonlyRootfs"]?.flag ?? false
        try ResourceWishes.check(json)
        addsCapabilities = ContainerOptions.texts(json["CapAdd"]) ?? []
        dropsCapabilities = ContainerOptions.texts(json["CapDrop"]) ?? []
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

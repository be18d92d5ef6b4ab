// SPDX-License-Identifier: Apache-2.0

/// `linux` of the specification.
struct LinuxConfiguration: Sendable {
    var namespaces: [NamespaceConfiguration] = []
    var userMap: [IDRange] = []
    var groupMap: [IDRange] = []
    /// Nanoseconds that the clocks of a time namespace differ from the machine's.
    var timeOffsets: [TimeOffset] = []
    var devices: [DeviceConfiguration] = []
    var cgroupPath: String?
    var propagation: UInt64?
    var isPropagationRecursive = true
    var maskedPaths: [String] = []
    var readOnlyPaths: [String] = []
    var kernelSettings: [KernelSetting] = []
    var resources = ResourceConfiguration()
    var seccomp: SeccompConfiguration?
    var personality: UInt?

    /// What one clock is set off by.
    struct TimeOffset: Hashable, Sendable {
        let clock: String
        let seconds: Int64
        let nanoseconds: UInt32
    }

    /// A sysctl, such as `net.ipv4.ip_forward`, and its value.
    struct KernelSetting: Hashable, Sendable {
        let name: String
        let value: String
    }

    init(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        try field.isObject()
        namespaces = try NamespaceConfiguration.list(field["namespaces"])
        userMap = try IDRange.list(field["uidMappings"])
        groupMap = try IDRange.list(field["gidMappings"])
        try readTimeOffsets(field["timeOffsets"])
        devices = try DeviceConfiguration.list(field["devices"])
        cgroupPath = try field["cgroupsPath"]?.text(bytesMax: RuntimeLimits.pathBytesMax)
        try readPropagation(field["rootfsPropagation"])
        maskedPaths = try Self.paths(field["maskedPaths"])
        readOnlyPaths = try Self.paths(field["readonlyPaths"])
        kernelSettings = try readKernelSettings(field["sysctl"])
        resources = try ResourceConfiguration(field["resources"])
        seccomp = try field["seccomp"].map { profile throws(RuntimeFailure) in
            try SeccompConfiguration(profile)
        }
        try readPersonality(field["personality"])
        if let label = field["mountLabel"], try !label.text().isEmpty {
            throw label.refused("this runtime sets no SELinux labels")
        }
        for name in ["intelRdt", "netDevices", "memoryPolicy"] {
            if let asked = field[name] { throw asked.refused("is not supported") }
        }
        try agree()
    }

    /// The namespace of a kind, when it is asked for.
    func namespace(_ kind: NamespaceConfiguration.Kind) -> NamespaceConfiguration? {
        namespaces.first { $0.kind == kind }
    }

    func has(_ kind: NamespaceConfiguration.Kind) -> Bool { namespace(kind) != nil }

    /// Whether the container gets a namespace of its own, rather than joins one.
    func makes(_ kind: NamespaceConfiguration.Kind) -> Bool {
        namespace(kind).map { $0.path == nil } ?? false
    }

    private func agree() throws(RuntimeFailure) {
        if !userMap.isEmpty || !groupMap.isEmpty {
            guard has(.user) else {
                throw .field("linux.uidMappings", "needs a user namespace")
            }
        }
        if makes(.user), userMap.isEmpty || groupMap.isEmpty {
            throw .field("linux.uidMappings", "a new user namespace needs maps of both kinds")
        }
        if !timeOffsets.isEmpty, !makes(.time) {
            throw .field("linux.timeOffsets", "needs a new time namespace")
        }
    }

    private static func paths(_ field: ConfigurationField?) throws(RuntimeFailure) -> [String] {
        var paths: [String] = []
        for element in try field?.list(max: RuntimeLimits.smallListMax) ?? [] {
            paths.append(try element.absolutePath())
        }
        return paths
    }

    private mutating func readTimeOffsets(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        try field.isObject()
        for clock in ["monotonic", "boottime"] {
            guard let offset = field[clock] else { continue }
            timeOffsets.append(
                TimeOffset(
                    clock: clock, seconds: try offset["secs"]?.integer(.min ... .max) ?? 0,
                    nanoseconds: UInt32(try offset["nanosecs"]?.integer(0...999_999_999) ?? 0)))
        }
    }

    private mutating func readPropagation(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        let text = try field.text(bytesMax: 32)
        guard !text.isEmpty else { return }
        let name = text.hasPrefix("r") ? String(text.dropFirst()) : text
        guard let found = MountOptions.propagations[name] else {
            throw field.refused("\"\(text)\" is no propagation")
        }
        propagation = found
        isPropagationRecursive = text.hasPrefix("r")
    }

    private mutating func readPersonality(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        if let flags = field["flags"], try !flags.list().isEmpty {
            throw flags.refused("the specification knows none")
        }
        switch try field.needed("domain").text(bytesMax: 64) {
        case "LINUX": personality = 0
        case "LINUX32": personality = 8
        case let other: throw field.refused("\"\(other)\" is no domain")
        }
    }

    /// Only settings of namespaces that the container has for itself (RUNTIME-16).
    private func readKernelSettings(
        _ field: ConfigurationField?
    ) throws(RuntimeFailure) -> [KernelSetting] {
        guard let field else { return [] }
        var settings: [KernelSetting] = []
        for (name, value) in try field.textMap() {
            let parts = name.split(
                omittingEmptySubsequences: false, whereSeparator: { $0 == "." || $0 == "/" })
            let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != ".." }
            guard isPlain, name.utf8.count < 512 else {
                throw field.refused("\"\(name)\" is no name of a setting")
            }
            let kind = Self.namespaceOfSetting(name)
            guard let kind, has(kind) else {
                throw field.refused("\"\(name)\" is not a setting of the container's own")
            }
            settings.append(KernelSetting(name: name, value: value))
        }
        return settings
    }

    /// The namespace that a setting belongs to; nil for settings of the whole machine.
    private static func namespaceOfSetting(_ name: String) -> NamespaceConfiguration.Kind? {
        let dotted = name.replacing("/", with: ".")
        if dotted.hasPrefix("net.") { return .network }
        if dotted.hasPrefix("fs.mqueue.") { return .ipc }
        let ofIPC: Set<String> = [
            "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall",
            "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
        ]
        if ofIPC.contains(dotted) { return .ipc }
        return dotted == "kernel.domainname" || dotted == "kernel.hostname" ? .uts : nil
    }
}

/// A namespace that the container gets, or joins by a path.
struct NamespaceConfiguration: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case user
        case process = "pid"
        case network
        case ipc
        case uts
        case mount
        case cgroup
        case time

        /// The bit of clone3(2) and setns(2).
        var flag: UInt64 {
            switch self {
            case .user: NamespaceFlag.user
            case .process: NamespaceFlag.process
            case .network: NamespaceFlag.network
            case .ipc: NamespaceFlag.ipc
            case .uts: NamespaceFlag.uts
            case .mount: NamespaceFlag.mount
            case .cgroup: NamespaceFlag.cgroup
            case .time: NamespaceFlag.time
            }
        }

        /// The file of `/proc/PID/ns`.
        var file: String {
            switch self {
            case .network: "net"
            case .mount: "mnt"
            default: rawValue
            }
        }
    }

    let kind: Kind
    /// Nil for a new one.
    let path: String?

    static func list(_ field: ConfigurationField?) throws(RuntimeFailure)
        -> [NamespaceConfiguration]
    {
        var namespaces: [NamespaceConfiguration] = []
        for element in try field?.list(max: RuntimeLimits.smallListMax) ?? [] {
            let type = try element.needed("type")
            let name = try type.text(bytesMax: 32)
            guard let kind = Kind(rawValue: name) else {
                throw type.refused("\"\(name)\" is no namespace")
            }
            guard !namespaces.contains(where: { $0.kind == kind }) else {
                throw type.refused("\"\(name)\" is given twice")
            }
            let path = try element["path"]?.text(bytesMax: RuntimeLimits.pathBytesMax)
            namespaces.append(
                NamespaceConfiguration(kind: kind, path: path.flatMap { $0.isEmpty ? nil : $0 }))
        }
        return namespaces
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The program a container runs, or that is run in it: `process` of the specification.
struct ProcessConfiguration: Sendable {
    var hasTerminal: Bool
    var terminalRows: UInt16
    var terminalColumns: UInt16
    var user: UInt32
    var group: UInt32
    var moreGroups: [UInt32]
    var creationMask: UInt32?
    var arguments: [String]
    var environment: [String]
    var folder: String
    /// Nil: what the caller has, as the specification leaves it open.
    var capabilities: CapabilitySets?
    var limits: [ResourceLimit]
    var noNewPrivileges: Bool
    /// -1000 to 1000.
    var memoryKillScore: Int64?

    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        try field.isObject()
        hasTerminal = try field["terminal"]?.flag() ?? false
        let size = field["consoleSize"]
        terminalRows = UInt16(try size?["height"]?.integer(0...65535) ?? 0)
        terminalColumns = UInt16(try size?["width"]?.integer(0...65535) ?? 0)
        let person = field["user"]
        user = try person?["uid"]?.identifier() ?? 0
        group = try person?["gid"]?.identifier() ?? 0
        moreGroups = []
        for element in try person?["additionalGids"]?.list(max: 65536) ?? [] {
            moreGroups.append(try element.identifier())
        }
        creationMask = try person?["umask"].map { mask throws(RuntimeFailure) in
            UInt32(try mask.integer(0...0o777))
        }
        arguments = try field["args"]?.texts() ?? []
        guard let first = arguments.first, !first.isEmpty else {
            throw field.refused("args names no program")
        }
        environment = try field["env"]?.texts() ?? []
        folder = try field.needed("cwd").absolutePath()
        capabilities = try field["capabilities"].map { sets throws(RuntimeFailure) in
            try CapabilitySets(sets)
        }
        limits = try ResourceLimit.list(field["rlimits"])
        noNewPrivileges = try field["noNewPrivileges"]?.flag() ?? false
        memoryKillScore = try field["oomScoreAdj"]?.integer(-1000...1000)
        try Self.refuseUnknown(field)
    }

    /// What is asked for and cannot be given is refused, never ignored (RUNTIME-4).
    private static func refuseUnknown(_ field: ConfigurationField) throws(RuntimeFailure) {
        if let label = field["selinuxLabel"], try !label.text().isEmpty {
            throw label.refused("this runtime sets no SELinux labels")
        }
        if let profile = field["apparmorProfile"], try !profile.text().isEmpty {
            throw profile.refused("this runtime sets no AppArmor profiles")
        }
        for name in ["scheduler", "ioPriority", "execCPUAffinity"] {
            if let asked = field[name] { throw asked.refused("is not supported") }
        }
    }
}

/// A limit of setrlimit(2).
struct ResourceLimit: Hashable, Sendable {
    /// The number of the resource, as the kernel counts them.
    let resource: Int32
    let soft: UInt64
    let hard: UInt64

    /// The names of the specification, in the order of the kernel's numbers.
    static let names = [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS",
        "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS",
        "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ]

    static func list(_ field: ConfigurationField?) throws(RuntimeFailure) -> [ResourceLimit] {
        var limits: [ResourceLimit] = []
        for element in try field?.list(max: RuntimeLimits.smallListMax) ?? [] {
            let kind = try element.needed("type")
            let name = try kind.text(bytesMax: 64)
            guard let number = names.firstIndex(of: name) else {
                throw kind.refused("\"\(name)\" is no limit")
            }
            guard !limits.contains(where: { $0.resource == number }) else {
                throw kind.refused("\"\(name)\" is given twice")
            }
            let limit = ResourceLimit(
                resource: Int32(number), soft: try element.needed("soft").unsigned(),
                hard: try element.needed("hard").unsigned())
            guard limit.soft <= limit.hard else {
                throw element.refused("soft is above hard")
            }
            limits.append(limit)
        }
        return limits
    }
}

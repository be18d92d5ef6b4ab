// SPDX-License-Identifier: Apache-2.0

/// What a container may use: `linux.resources`. Nil leaves a limit as it is.
struct ResourceConfiguration: Sendable {
    var memory = Memory()
    var processor = Processor()
    /// The most processes; -1 or 0 for no limit.
    var processesMax: Int64?
    var devices: [DeviceRule] = []
    var blocks = Blocks()
    /// Bytes by page size, such as `2MB`.
    var hugePages: [HugePages] = []
    var networkClass: UInt32?
    var networkPriorities: [NetworkPriority] = []
    /// Files of cgroup v2 and what is written to them, after all else.
    var unified: [Setting] = []

    /// Bytes; -1 for no limit.
    struct Memory: Sendable {
        var limit: Int64?
        var reservation: Int64?
        /// Memory and swap together.
        var swap: Int64?
        /// 0 to 100.
        var swappiness: Int64?
        var refusesToKill: Bool?
        /// Whether a limit below what is used already is refused.
        var checksUsage: Bool?
    }

    struct Processor: Sendable {
        var shares: UInt64?
        /// Microseconds a period; -1 for no limit.
        var quota: Int64?
        var burst: UInt64?
        var period: UInt64?
        var realTimeRuntime: Int64?
        var realTimePeriod: UInt64?
        var processors: String?
        var memoryNodes: String?
        /// 0 or 1.
        var idle: Int64?
    }

    struct Blocks: Sendable {
        var weight: UInt64?
        var weights: [Throttle] = []
        var readBytes: [Throttle] = []
        var writeBytes: [Throttle] = []
        var readCalls: [Throttle] = []
        var writeCalls: [Throttle] = []
    }

    /// A rate or a weight of one device.
    struct Throttle: Hashable, Sendable {
        let major: UInt32
        let minor: UInt32
        let rate: UInt64
    }

    struct HugePages: Hashable, Sendable {
        let pageSize: String
        let limit: UInt64
    }

    struct NetworkPriority: Hashable, Sendable {
        let name: String
        let priority: UInt32
    }

    struct Setting: Hashable, Sendable {
        let name: String
        let value: String
    }

    init() {}

    init(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        try field.isObject()
        memory = try Memory(field["memory"])
        processor = try Processor(field["cpu"])
        processesMax = try field["pids"]?["limit"]?.integer(-1 ... .max)
        devices = try DeviceRule.list(field["devices"])
        blocks = try Blocks(field["blockIO"])
        for element in try field["hugepageLimits"]?.list(max: RuntimeLimits.smallListMax) ?? [] {
            hugePages.append(try HugePages(element))
        }
        let network = field["network"]
        networkClass = try network?["classID"].map { id throws(RuntimeFailure) in
            UInt32(try id.integer(0...Int64(UInt32.max)))
        }
        for element in try network?["priorities"]?.list(max: RuntimeLimits.smallListMax) ?? [] {
            networkPriorities.append(
                NetworkPriority(
                    name: try element.needed("name").text(bytesMax: 15),
                    priority: try element.needed("priority").identifier()))
        }
        if let map = field["unified"] { unified = try Self.settings(map) }
        if let remote = field["rdma"], !(remote.value.members ?? []).isEmpty {
            throw remote.refused("is not supported")
        }
    }

    private static func settings(_ field: ConfigurationField) throws(RuntimeFailure) -> [Setting] {
        var settings: [Setting] = []
        for (name, value) in try field.textMap() {
            guard !name.contains("/"), name.contains("."), !name.hasPrefix("cgroup.") else {
                throw field.refused("\"\(name)\" is no file of a controller")
            }
            settings.append(Setting(name: name, value: value))
        }
        return settings
    }
}

extension ResourceConfiguration.Memory {
    init(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        limit = try field["limit"]?.integer(-1 ... .max)
        reservation = try field["reservation"]?.integer(-1 ... .max)
        swap = try field["swap"]?.integer(-1 ... .max)
        // Writers of configurations mark "not given" by the greatest number there is.
        swappiness = try field["swappiness"].flatMap { swap throws(RuntimeFailure) in
            swap.value.signed == -1 || swap.value.unsigned == .max ? nil : try swap.integer(0...100)
        }
        refusesToKill = try field["disableOOMKiller"]?.flag()
        checksUsage = try field["checkBeforeUpdate"]?.flag()
    }
}

extension ResourceConfiguration.Processor {
    init(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        shares = try field["shares"]?.unsigned()
        quota = try field["quota"]?.integer(-1 ... .max)
        burst = try field["burst"]?.unsigned()
        period = try field["period"]?.unsigned()
        realTimeRuntime = try field["realtimeRuntime"]?.integer(-1 ... .max)
        realTimePeriod = try field["realtimePeriod"]?.unsigned()
        processors = try field["cpus"]?.text(bytesMax: 4096)
        memoryNodes = try field["mems"]?.text(bytesMax: 4096)
        idle = try field["idle"]?.integer(0...1)
    }
}

extension ResourceConfiguration.Blocks {
    init(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else { return }
        weight = try field["weight"]?.unsigned()
        weights = try Self.throttles(field["weightDevice"], rate: "weight")
        readBytes = try Self.throttles(field["throttleReadBpsDevice"], rate: "rate")
        writeBytes = try Self.throttles(field["throttleWriteBpsDevice"], rate: "rate")
        readCalls = try Self.throttles(field["throttleReadIOPSDevice"], rate: "rate")
        writeCalls = try Self.throttles(field["throttleWriteIOPSDevice"], rate: "rate")
    }

    private static func throttles(
        _ field: ConfigurationField?, rate name: String
    ) throws(RuntimeFailure) -> [ResourceConfiguration.Throttle] {
        var throttles: [ResourceConfiguration.Throttle] = []
        for element in try field?.list(max: RuntimeLimits.smallListMax) ?? [] {
            guard let rate = element[name] else { continue }
            throttles.append(
                ResourceConfiguration.Throttle(
                    major: try element.needed("major").identifier(),
                    minor: try element.needed("minor").identifier(), rate: try rate.unsigned()))
        }
        return throttles
    }
}

extension ResourceConfiguration.HugePages {
    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        let size = try field.needed("pageSize")
        pageSize = try size.text(bytesMax: 16)
        let digits = pageSize.prefix { $0.isNumber }
        guard !digits.isEmpty, ["KB", "MB", "GB"].contains(pageSize.dropFirst(digits.count)) else {
            throw size.refused("\"\(pageSize)\" is no size such as 2MB")
        }
        limit = try field.needed("limit").unsigned()
    }
}

/// Whether devices may be made, read and written; later rules override earlier ones.
struct DeviceRule: Hashable, Sendable {
    enum Kind: String, Sendable {
        case all = "a"
        case character = "c"
        case block = "b"
    }

    let allows: Bool
    let kind: Kind
    /// Nil for every one.
    let major: UInt32?
    let minor: UInt32?
    /// Of `rwm`.
    let access: String

    init(allows: Bool, _ kind: Kind, _ major: UInt32?, _ minor: UInt32?, _ access: String) {
        self.allows = allows
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }

    static func list(_ field: ConfigurationField?) throws(RuntimeFailure) -> [DeviceRule] {
        var rules: [DeviceRule] = []
        for element in try field?.list(max: RuntimeLimits.smallListMax) ?? [] {
            rules.append(try DeviceRule(element))
        }
        return rules
    }

    private init(_ field: ConfigurationField) throws(RuntimeFailure) {
        allows = try field.needed("allow").flag()
        let type = try field["type"]?.text(bytesMax: 8) ?? ""
        switch type {
        case "", "a": kind = .all
        case "c", "u": kind = .character
        case "b": kind = .block
        default: throw field.refused("\"\(type)\" is no kind of device")
        }
        major = try Self.number(field["major"])
        minor = try Self.number(field["minor"])
        let given = try field["access"]?.text(bytesMax: 8) ?? ""
        guard given.allSatisfy({ "rwm".contains($0) }) else {
            throw field.refused("access \"\(given)\" is not made of r, w and m")
        }
        access = given.isEmpty ? "rwm" : given
    }

    /// A number, or nil where -1 stands for every one.
    private static func number(_ field: ConfigurationField?) throws(RuntimeFailure) -> UInt32? {
        guard let number = try field?.integer(-1...Int64(UInt32.max)), number >= 0 else {
            return nil
        }
        return UInt32(number)
    }

    /// The line that cgroup v1 takes.
    var text: String {
        if kind == .all { return "a" }
        let numbers = "\(major.map(String.init) ?? "*"):\(minor.map(String.init) ?? "*")"
        return "\(kind.rawValue) \(numbers) \(access)"
    }
}

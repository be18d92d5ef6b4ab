// SPDX-License-Identifier: Apache-2.0

/// One value for one file of a control group.
struct CgroupWrite: Hashable, Sendable {
    let file: String
    let value: String
    /// Whether the same may be said by a file that older or newer kernels have.
    var otherFile: String?
    /// Whether it asks for no more than what holds anyway, so that nothing is lost without it.
    var isNoLimit = false

    init(_ file: String, _ value: String, or otherFile: String? = nil, isNoLimit: Bool = false) {
        self.file = file
        self.value = value
        self.otherFile = otherFile
        self.isNoLimit = isNoLimit
    }
}

/// What resources mean to each controller, as values (RUNTIME-11).
enum CgroupWrites {
    /// The controllers that resources speak of, in the order in which they are set. Devices are
    /// apart: ``DeviceRule`` and ``DeviceProgram``.
    static let controllers = [
        "cpuset", "cpu", "memory", "pids", "blkio", "io", "hugetlb", "net_cls", "net_prio",
    ]

    /// What is written to a controller's files; empty when nothing is asked of it.
    static func writes(
        _ resources: ResourceConfiguration, controller: String, version: CgroupHierarchy.Version
    ) throws(RuntimeFailure) -> [CgroupWrite] {
        switch (controller, version) {
        case ("cpuset", _): processors(resources.processor)
        case ("cpu", .one): sharesOne(resources.processor)
        case ("cpu", .two): sharesTwo(resources.processor)
        case ("memory", .one): memoryOne(resources.memory)
        case ("memory", .two): try memoryTwo(resources.memory)
        case ("pids", _): processes(resources.processesMax)
        case ("blkio", .one): blocksOne(resources.blocks)
        case ("io", .two): blocksTwo(resources.blocks)
        case ("hugetlb", .one):
            resources.hugePages.map {
                CgroupWrite("hugetlb.\($0.pageSize).limit_in_bytes", "\($0.limit)")
            }
        case ("hugetlb", .two):
            resources.hugePages.map { CgroupWrite("hugetlb.\($0.pageSize).max", "\($0.limit)") }
        case ("net_cls", .one):
            resources.networkClass.map { [CgroupWrite("net_cls.classid", "\($0)")] } ?? []
        case ("net_prio", .one):
            resources.networkPriorities.map {
                CgroupWrite("net_prio.ifpriomap", "\($0.name) \($0.priority)")
            }
        default: []
        }
    }

    private static func processors(_ cpu: ResourceConfiguration.Processor) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let list = cpu.processors, !list.isEmpty {
            writes.append(CgroupWrite("cpuset.cpus", list))
        }
        if let list = cpu.memoryNodes, !list.isEmpty {
            writes.append(CgroupWrite("cpuset.mems", list))
        }
        return writes
    }

    private static func sharesOne(_ cpu: ResourceConfiguration.Processor) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let shares = cpu.shares, shares > 0 {
            writes.append(CgroupWrite("cpu.shares", "\(shares)"))
        }
        if let period = cpu.period, period > 0 {
            writes.append(CgroupWrite("cpu.cfs_period_us", "\(period)"))
        }
        if let quota = cpu.quota, quota != 0 {
            writes.append(CgroupWrite("cpu.cfs_quota_us", "\(quota)", isNoLimit: quota < 0))
        }
        if let burst = cpu.burst { writes.append(CgroupWrite("cpu.cfs_burst_us", "\(burst)")) }
        if let period = cpu.realTimePeriod, period > 0 {
            writes.append(CgroupWrite("cpu.rt_period_us", "\(period)"))
        }
        if let runtime = cpu.realTimeRuntime, runtime != 0 {
            writes.append(CgroupWrite("cpu.rt_runtime_us", "\(runtime)"))
        }
        if let idle = cpu.idle { writes.append(CgroupWrite("cpu.idle", "\(idle)")) }
        return writes
    }

    private static func sharesTwo(_ cpu: ResourceConfiguration.Processor) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let shares = cpu.shares, shares > 0 {
            writes.append(CgroupWrite("cpu.weight", "\(weight(ofShares: shares))"))
        }
        if let quota = cpu.quota, quota != 0 {
            let period = cpu.period.map { $0 == 0 ? 100_000 : $0 } ?? 100_000
            writes.append(
                CgroupWrite(
                    "cpu.max", "\(quota < 0 ? "max" : "\(quota)") \(period)",
                    isNoLimit: quota < 0))
        } else if let period = cpu.period, period > 0 {
            writes.append(CgroupWrite("cpu.max", "max \(period)", isNoLimit: true))
        }
        if let burst = cpu.burst { writes.append(CgroupWrite("cpu.max.burst", "\(burst)")) }
        if let idle = cpu.idle { writes.append(CgroupWrite("cpu.idle", "\(idle)")) }
        return writes
    }

    /// Shares from 2 to 262,144 as weights from 1 to 10,000: the mapping all runtimes share.
    static func weight(ofShares shares: UInt64) -> UInt64 {
        let bounded = min(max(shares, 2), 262_144)
        return 1 + (bounded - 2) * 9999 / 262_142
    }

    private static func memoryOne(_ memory: ResourceConfiguration.Memory) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let limit = memory.limit, limit != 0 {
            writes.append(
                CgroupWrite("memory.limit_in_bytes", "\(limit)", isNoLimit: limit < 0))
        }
        if let swap = memory.swap, swap != 0 {
            writes.append(
                CgroupWrite("memory.memsw.limit_in_bytes", "\(swap)", isNoLimit: swap < 0))
        }
        if let reservation = memory.reservation, reservation != 0 {
            writes.append(
                CgroupWrite(
                    "memory.soft_limit_in_bytes", "\(reservation)", isNoLimit: reservation < 0))
        }
        if let swappiness = memory.swappiness {
            writes.append(CgroupWrite("memory.swappiness", "\(swappiness)"))
        }
        if memory.refusesToKill == true {
            writes.append(CgroupWrite("memory.oom_control", "1"))
        }
        return writes
    }

    private static func memoryTwo(
        _ memory: ResourceConfiguration.Memory
    ) throws(RuntimeFailure) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let limit = memory.limit, limit != 0 {
            writes.append(bound("memory.max", limit))
        }
        if let swap = memory.swap, swap != 0 {
            if swap < 0 {
                writes.append(bound("memory.swap.max", -1))
            } else {
                guard let limit = memory.limit, limit > 0, swap >= limit else {
                    throw .field(
                        "linux.resources.memory.swap", "counts memory too, and needs its limit")
                }
                writes.append(CgroupWrite("memory.swap.max", "\(swap - limit)"))
            }
        }
        if let reservation = memory.reservation, reservation != 0 {
            writes.append(bound("memory.low", reservation))
        }
        if memory.refusesToKill == true {
            throw .field("linux.resources.memory.disableOOMKiller", "is not in cgroup v2")
        }
        return writes
    }

    private static func bound(_ file: String, _ value: Int64) -> CgroupWrite {
        CgroupWrite(file, value < 0 ? "max" : "\(value)", isNoLimit: value < 0)
    }

    private static func processes(_ count: Int64?) -> [CgroupWrite] {
        guard let count, count != 0 else { return [] }
        return [bound("pids.max", count)]
    }

    private static func blocksOne(_ blocks: ResourceConfiguration.Blocks) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let weight = blocks.weight, weight > 0 {
            writes.append(CgroupWrite("blkio.weight", "\(weight)", or: "blkio.bfq.weight"))
        }
        func add(_ throttles: [ResourceConfiguration.Throttle], _ file: String, _ other: String?) {
            for one in throttles {
                writes.append(
                    CgroupWrite(file, "\(one.major):\(one.minor) \(one.rate)", or: other))
            }
        }
        add(blocks.weights, "blkio.weight_device", "blkio.bfq.weight_device")
        add(blocks.readBytes, "blkio.throttle.read_bps_device", nil)
        add(blocks.writeBytes, "blkio.throttle.write_bps_device", nil)
        add(blocks.readCalls, "blkio.throttle.read_iops_device", nil)
        add(blocks.writeCalls, "blkio.throttle.write_iops_device", nil)
        return writes
    }

    private static func blocksTwo(_ blocks: ResourceConfiguration.Blocks) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let weight = blocks.weight, weight > 0 {
            writes.append(CgroupWrite("io.bfq.weight", "\(weight)", or: "io.weight"))
        }
        func add(_ throttles: [ResourceConfiguration.Throttle], _ file: String, _ key: String) {
            for one in throttles {
                writes.append(CgroupWrite(file, "\(one.major):\(one.minor) \(key)\(one.rate)"))
            }
        }
        add(blocks.weights, "io.bfq.weight", "")
        add(blocks.readBytes, "io.max", "rbps=")
        add(blocks.writeBytes, "io.max", "wbps=")
        add(blocks.readCalls, "io.max", "riops=")
        add(blocks.writeCalls, "io.max", "wiops=")
        return writes
    }
}

// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import ContainerRuntime

@Suite("Control groups as values")
struct CgroupTests {
    private static let hybrid = """
        9:name=systemd:/
        8:pids:/
        5:cpu,cpuacct:/
        4:memory:/a/b
        0::/

        """

    private func layout(_ membership: String, _ kinds: [String: UInt64]) -> CgroupLayout {
        CgroupLayout(
            membership: membership, kind: { kinds[$0] },
            controllersOfUnified: { _ in "hugetlb io\n" }
        )
    }

    @Test("a machine with some controllers in each version is seen controller by controller")
    func hybrid() {
        let one = FileSystemKind.cgroup
        let found = layout(
            Self.hybrid,
            [
                "/sys/fs/cgroup/systemd": one, "/sys/fs/cgroup/pids": one,
                "/sys/fs/cgroup/cpu,cpuacct": one, "/sys/fs/cgroup/memory": one,
                "/sys/fs/cgroup/unified": FileSystemKind.cgroup2,
            ])
        #expect(found.hierarchies.count == 5)
        #expect(found.hierarchy(of: "cpuacct")?.mountPoint == "/sys/fs/cgroup/cpu,cpuacct")
        #expect(found.hierarchy(of: "memory")?.version == .one)
        #expect(found.hierarchy(of: "hugetlb")?.version == .two)
        #expect(found.hierarchy(of: "cpuset") == nil)
    }

    @Test("a machine with version 2 alone has one tree")
    func unified() {
        let found = layout("0::/user.slice\n", ["/sys/fs/cgroup": FileSystemKind.cgroup2])
        #expect(found.hierarchies.map(\.mountPoint) == ["/sys/fs/cgroup"])
        #expect(found.hierarchy(of: "io")?.version == .two)
        #expect(found.unified?.ownPath == "/user.slice")
    }

    @Test("a tree that is not mounted is no tree")
    func unmounted() {
        #expect(layout(Self.hybrid, [:]).hierarchies == [])
    }

    @Test("a path counts from the top, or from the runtime's own place (RUNTIME-10)")
    func paths() throws {
        let tree = CgroupHierarchy(
            version: .one, controllers: ["memory"], mountPoint: "/m", ownPath: "/a/b")
        func path(_ asked: String?) throws -> String {
            try CgroupPath.resolved(asked, name: "n", in: tree)
        }
        #expect(try path("/x//y/") == "x/y")
        #expect(try path("x/./y") == "a/b/x/y")
        #expect(try path(nil) == "atoll/n")
        #expect(try path("") == "atoll/n")
        for bad in ["/", "/../x", "x/../../y", "."] {
            #expect(throws: RuntimeFailure.self) { try path(bad) }
        }
    }

    private func writes(
        _ json: JSON, _ controller: String, _ version: CgroupHierarchy.Version
    ) throws -> [String] {
        let resources = try ResourceConfiguration(ConfigurationField(json))
        return try CgroupWrites.writes(resources, controller: controller, version: version)
            .map { "\($0.file)=\($0.value)" }
    }

    @Test("limits are what each version calls them (RUNTIME-11)")
    func limits() throws {
        let json: JSON = [
            "memory": ["limit": 100, "swap": 150, "reservation": 50],
            "cpu": ["shares": 1024, "quota": 5000, "cpus": "0-1"], "pids": ["limit": -1],
            "blockIO": [
                "weight": 100,
                "throttleReadBpsDevice": [["major": 8, "minor": 0, "rate": 9]],
            ],
            "hugepageLimits": [["pageSize": "2MB", "limit": 4]],
        ]
        #expect(
            try writes(json, "memory", .one) == [
                "memory.limit_in_bytes=100", "memory.memsw.limit_in_bytes=150",
                "memory.soft_limit_in_bytes=50",
            ])
        #expect(
            try writes(json, "memory", .two) == [
                "memory.max=100", "memory.swap.max=50", "memory.low=50",
            ])
        #expect(
            try writes(json, "cpu", .one) == ["cpu.shares=1024", "cpu.cfs_quota_us=5000"])
        #expect(try writes(json, "cpu", .two) == ["cpu.weight=39", "cpu.max=5000 100000"])
        #expect(try writes(json, "cpuset", .two) == ["cpuset.cpus=0-1"])
        #expect(try writes(json, "pids", .one) == ["pids.max=max"])
        #expect(try writes(json, "io", .two) == ["io.bfq.weight=100", "io.max=8:0 rbps=9"])
        #expect(
            try writes(json, "blkio", .one) == [
                "blkio.weight=100", "blkio.throttle.read_bps_device=8:0 9",
            ])
        #expect(try writes(json, "hugetlb", .one) == ["hugetlb.2MB.limit_in_bytes=4"])
        #expect(try writes(json, "hugetlb", .two) == ["hugetlb.2MB.max=4"])
    }

    @Test("shares and weights share their ends")
    func weights() {
        #expect(CgroupWrites.weight(ofShares: 2) == 1)
        #expect(CgroupWrites.weight(ofShares: 262_144) == 10_000)
        #expect(CgroupWrites.weight(ofShares: 0) == 1)
    }

    @Test("what only version 1 can hold is refused in version 2")
    func onlyOne() throws {
        #expect(throws: RuntimeFailure.self) {
            try writes(["memory": ["disableOOMKiller": true]], "memory", .two)
        }
        #expect(throws: RuntimeFailure.self) {
            try writes(["memory": ["swap": 100]], "memory", .two)
        }
    }
}

@Suite("Device rules as a program")
struct DeviceProgramTests {
    /// Runs a program as the kernel would: the few instructions that it is made of.
    private func allows(
        _ rules: [DeviceRule], _ kind: UInt32, _ access: UInt32, _ major: UInt32, _ minor: UInt32
    ) throws -> Bool {
        let program = DeviceProgram(rules).instructions
        let context: [UInt32] = [access << 16 | kind, major, minor]
        var registers = [UInt64](repeating: 0, count: 11)
        var position = 0
        for _ in 0..<10_000 {
            try #require(position < program.count)
            let word = program[position]
            let code = UInt8(word & 0xFF)
            let to = Int(word >> 8 & 0xF)
            let from = Int(word >> 12 & 0xF)
            let offset = Int(Int16(bitPattern: UInt16(word >> 16 & 0xFFFF)))
            let value = UInt32(word >> 32)
            let low = UInt32(truncatingIfNeeded: registers[to])
            position += 1
            switch code {
            case 0x61: registers[to] = UInt64(context[offset / 4])
            case 0xBF: registers[to] = registers[from]
            case 0xBC: registers[to] = registers[from] & 0xFFFF_FFFF
            case 0x54: registers[to] = UInt64(low & value)
            case 0x74: registers[to] = UInt64(low >> value)
            case 0xB7: registers[to] = UInt64(value)
            case 0x56: if low != value { position += offset }
            case 0x16: if low == value { position += offset }
            case 0x95: return registers[0] != 0
            default: Issue.record("an instruction \(code)")
            }
        }
        return false
    }

    @Test("the last rule that fits decides, and without one nothing is allowed (RUNTIME-12)")
    func order() throws {
        let rules = [
            DeviceRule(allows: false, .all, nil, nil, "rwm"),
            DeviceRule(allows: true, .character, 1, 3, "rw"),
            DeviceRule(allows: true, .block, 8, nil, "r"),
            DeviceRule(allows: false, .block, 8, 1, "r"),
        ]
        #expect(try allows(rules, 2, 2, 1, 3))
        #expect(try allows(rules, 2, 6, 1, 3))
        #expect(try !allows(rules, 2, 1, 1, 3), "making it was not granted")
        #expect(try !allows(rules, 1, 2, 1, 3), "the block device of these numbers is another")
        #expect(try allows(rules, 1, 2, 8, 0))
        #expect(try !allows(rules, 1, 2, 8, 1))
        #expect(try !allows(rules, 1, 6, 8, 0), "a part of what is asked is not enough")
        #expect(try !allows([], 2, 2, 1, 3))
        #expect(try allows([DeviceRule(allows: true, .all, nil, nil, "rwm")], 1, 7, 9, 9))
    }

    @Test("every container may use the devices every container has")
    func always() throws {
        let rules = [DeviceRule(allows: false, .all, nil, nil, "rwm")] + DeviceRule.always
        for minor in [3, 5, 7, 8, 9] as [UInt32] { #expect(try allows(rules, 2, 6, 1, minor)) }
        #expect(try allows(rules, 2, 6, 136, 77))
        #expect(try allows(rules, 1, 1, 8, 0), "making a file is not using a device")
        #expect(try !allows(rules, 1, 2, 8, 0))
    }
}

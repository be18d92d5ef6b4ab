// SPDX-License-Identifier: Apache-2.0

/// What device rules are to cgroup v2: a program for the kernel's own machine (RUNTIME-12).
///
/// The kernel hands it the kind of access and of device, and the device's numbers; the last rule
/// that fits decides, so the program tries the rules backwards.
struct DeviceProgram {
    /// Instructions of 8 bytes, as bpf(2) takes them.
    private(set) var instructions: [UInt64] = []

    init(_ rules: [DeviceRule]) {
        // r2: kind of device, r3: kind of access, r4: major, r5: minor.
        add(0x61, to: 2, from: 1, offset: 0)
        add(0xBF, to: 3, from: 2)
        add(0x54, to: 2, value: 0xFFFF)
        add(0x74, to: 3, value: 16)
        add(0x61, to: 4, from: 1, offset: 4)
        add(0x61, to: 5, from: 1, offset: 8)
        for rule in rules.reversed() {
            addRule(rule)
            if rule.kind == .all { return }
        }
        addAnswer(allows: false)
    }

    private mutating func add(
        _ code: UInt64, to: UInt64, from: UInt64 = 0, offset: Int = 0, value: UInt32 = 0
    ) {
        let jump = UInt64(UInt16(truncatingIfNeeded: offset))
        instructions.append(code | to << 8 | from << 12 | jump << 16 | UInt64(value) << 32)
    }

    private mutating func addAnswer(allows: Bool) {
        add(0xB7, to: 0, value: allows ? 1 : 0)
        add(0x95, to: 0)
    }

    private mutating func addRule(_ rule: DeviceRule) {
        var tests: [(code: UInt64, register: UInt64, value: UInt32)] = []
        if rule.kind != .all {
            tests.append((0x56, 2, rule.kind == .block ? 1 : 2))
            if let major = rule.major { tests.append((0x56, 4, major)) }
            if let minor = rule.minor { tests.append((0x56, 5, minor)) }
        }
        let mask = Self.mask(rule.access)
        // A permission fits when it covers all that is asked; a refusal when it touches any of it.
        let isPartial = rule.kind != .all && mask != 7
        let length = tests.count + (isPartial ? 3 : 0) + 2
        var position = 0
        for test in tests {
            position += 1
            add(test.code, to: test.register, offset: length - position, value: test.value)
        }
        if isPartial {
            position += 3
            add(0xBC, to: 0, from: 3)
            add(0x54, to: 0, value: rule.allows ? ~mask & 7 : mask)
            add(rule.allows ? 0x56 : 0x16, to: 0, offset: length - position, value: 0)
        }
        addAnswer(allows: rule.allows)
    }

    /// BPF_DEVCG_ACC_*: 1 to make, 2 to read, 4 to write.
    private static func mask(_ access: String) -> UInt32 {
        (access.contains("m") ? 1 : 0) | (access.contains("r") ? 2 : 0)
            | (access.contains("w") ? 4 : 0)
    }
}

extension DeviceRule {
    /// What every container may use, after its own rules: the specification's default devices,
    /// terminals, and making any device file.
    static let always: [DeviceRule] = [
        DeviceRule(allows: true, .character, nil, nil, "m"),
        DeviceRule(allows: true, .block, nil, nil, "m"),
        DeviceRule(allows: true, .character, 1, 3, "rwm"),
        DeviceRule(allows: true, .character, 1, 5, "rwm"),
        DeviceRule(allows: true, .character, 1, 7, "rwm"),
        DeviceRule(allows: true, .character, 1, 8, "rwm"),
        DeviceRule(allows: true, .character, 1, 9, "rwm"),
        DeviceRule(allows: true, .character, 5, 0, "rwm"),
        DeviceRule(allows: true, .character, 5, 2, "rwm"),
        DeviceRule(allows: true, .character, 136, nil, "rwm"),
    ]
}

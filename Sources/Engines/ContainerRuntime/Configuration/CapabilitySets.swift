// SPDX-License-Identifier: Apache-2.0

/// The five sets of capabilities of a process, a bit each: capabilities(7).
struct CapabilitySets: Hashable, Sendable {
    var bounding: UInt64 = 0
    var effective: UInt64 = 0
    var permitted: UInt64 = 0
    var inheritable: UInt64 = 0
    var ambient: UInt64 = 0

    init() {}

    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        bounding = try Self.set(field["bounding"])
        effective = try Self.set(field["effective"])
        permitted = try Self.set(field["permitted"])
        inheritable = try Self.set(field["inheritable"])
        ambient = try Self.set(field["ambient"])
        guard effective & ~permitted == 0 else {
            throw field.refused("effective holds what permitted does not")
        }
    }

    private static func set(_ field: ConfigurationField?) throws(RuntimeFailure) -> UInt64 {
        var bits: UInt64 = 0
        for element in try field?.list(max: RuntimeLimits.smallListMax) ?? [] {
            let name = try element.text(bytesMax: 64)
            guard let bit = Self.bit(name) else { throw element.refused("\"\(name)\" is unknown") }
            bits |= bit
        }
        return bits
    }

    /// The bit of a name such as `CAP_NET_RAW`.
    static func bit(_ name: String) -> UInt64? {
        guard name.hasPrefix("CAP_") else { return nil }
        return names.firstIndex(of: String(name.dropFirst(4))).map { 1 << UInt64($0) }
    }

    /// In the order of linux/capability.h.
    static let names = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID",
        "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN",
        "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE",
        "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
        "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ]
}

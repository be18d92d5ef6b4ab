// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText

/// A device of the machine as a container finds it.
struct GivenDevice: Sendable {
    let device: MachineDevice
    let destination: String
    /// Of `r`, `w` and `m`.
    let access: String

    private var type: JSON { device.isBlock ? "b" : "c" }

    var node: JSON {
        [
            "path": JSON(destination), "type": type, "major": JSON(device.major),
            "minor": JSON(device.minor), "fileMode": JSON(device.mode), "uid": JSON(device.user),
            "gid": JSON(device.group),
        ]
    }

    var rule: JSON {
        [
            "allow": true, "type": type, "major": JSON(device.major),
            "minor": JSON(device.minor), "access": JSON(access),
        ]
    }
}

// How far a container is apart from the machine (ENGINE-15).

extension Bundle {
    /// The namespaces that a container has for itself, and those of others that it joins, by the
    /// specification's names; but for the network.
    var apart: [JSON] {
        let isolation = options.isolation
        var kinds = ["mount"]
        if isolation.messages == .own { kinds.append("ipc") }
        if isolation.hasOwnGroups { kinds.append("cgroup") }
        if hasOwnName { kinds.append("uts") }
        if isolation.processes == .own { kinds.append("pid") }
        let own = kinds.map { kind -> JSON in ["type": JSON(kind)] }
        return own
            + joined.sorted { $0.key < $1.key }.map { kind, path -> JSON in
                ["type": JSON(kind), "path": JSON(path)]
            }
    }

    /// Whether it has a host name of its own.
    var hasOwnName: Bool { options.isolation.hasOwnName && options.host.network != .host }

    /// What every container finds of the kernel's own file systems.
    var kernelMounts: [JSON] {
        let isolation = options.isolation
        let only = isolation.isPrivileged ? [] : ["ro"]
        let quiet = ["nosuid", "noexec", "nodev"]
        var mounts: [JSON] = [
            Self.mount("/proc", "proc", quiet),
            Self.mount("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            Self.mount(
                "/dev/pts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        ]
        if isolation.messages == .machine {
            mounts.append([
                "destination": "/dev/shm", "type": "bind", "source": "/dev/shm",
                "options": ["rbind", "rprivate"],
            ])
        } else if isolation.sharedBytes > 0 {
            mounts.append(
                Self.mount(
                    "/dev/shm", "tmpfs",
                    quiet + ["mode=1777", "size=\(isolation.sharedBytes)"]))
        }
        // It shows the queues of whichever namespace it is mounted in.
        mounts.append(Self.mount("/dev/mqueue", "mqueue", quiet))
        return mounts + [
            Self.mount("/sys", "sysfs", quiet + only),
            Self.mount("/sys/fs/cgroup", "cgroup", quiet + ["relatime"] + only),
        ]
    }

    /// Where the first process lies that passes signals on, where one is asked for.
    private static let initPlace = "/sbin/docker-init"

    var initMount: JSON {
        [
            "destination": JSON(Self.initPlace), "type": "bind", "source": JSON(runtime),
            "options": ["bind", "rprivate", "ro"],
        ]
    }

    /// What is run before the program's own words.
    var first: [String] { options.isolation.hasInit ? [Self.initPlace, "init", "--"] : [] }

    /// Paths that a container does not see.
    private static let maskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
        "/sys/firmware", "/sys/devices/virtual/powercap",
    ]
    /// Paths that it does not write.
    private static let readOnlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// Members of the specification's `linux` that say how far it is apart.
    var confinement: [JSON.Member] {
        let isolation = options.isolation
        func texts(_ paths: [String]) -> JSON { .array(paths.map { JSON($0) }) }
        var members = [
            JSON.Member("cgroupsPath", JSON("\(isolation.parent)/\(container.runtimeName)")),
            JSON.Member("maskedPaths", texts(isolation.maskedPaths ?? Self.maskedPaths)),
            JSON.Member("readonlyPaths", texts(isolation.readOnlyPaths ?? Self.readOnlyPaths)),
            JSON.Member("devices", .array(devices.map(\.node))),
            JSON.Member("sysctl", .object(isolation.settings)),
        ]
        if let calls = isolation.calls { members.append(JSON.Member("seccomp", calls)) }
        return members
    }

    /// Which devices it may use, the last that fits deciding.
    var deviceRules: JSON {
        if options.isolation.isPrivileged { return [["allow": true, "access": "rwm"]] }
        return .array(
            [["allow": false, "access": "rwm"]] + devices.map(\.rule) + options.isolation.rules)
    }

    /// The rights that a container has unless it is given more or less (as Docker has it).
    private static let usualRights = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
        "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]
    /// All rights of capabilities(7).
    private static let allRights =
        usualRights + [
            "DAC_READ_SEARCH", "LINUX_IMMUTABLE", "NET_BROADCAST", "NET_ADMIN", "IPC_LOCK",
            "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
            "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "LEASE",
            "AUDIT_CONTROL", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
            "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
        ]

    /// The rights of its programs, by their whole names.
    var rights: [String] {
        func plain(_ name: String) -> String {
            let upper = name.uppercased()
            return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        }
        let added = options.host.addsCapabilities.map(plain)
        let dropped = Set(options.host.dropsCapabilities.map(plain))
        var kept = dropped.contains("ALL") ? [] : Self.usualRights
        if options.isolation.isPrivileged || added.contains("ALL") { kept = Self.allRights }
        kept += added.filter { $0 != "ALL" && !kept.contains($0) }
        return kept.filter { !dropped.contains($0) || added.contains($0) }.map { "CAP_" + $0 }
    }

    /// Members of the specification's `process` that limit a program.
    var processLimits: [JSON.Member] {
        var members: [JSON.Member] = []
        if !options.isolation.limits.isEmpty {
            members.append(JSON.Member("rlimits", .array(options.isolation.limits)))
        }
        if options.isolation.killScore != 0 {
            members.append(JSON.Member("oomScoreAdj", JSON(options.isolation.killScore)))
        }
        return members
    }
}

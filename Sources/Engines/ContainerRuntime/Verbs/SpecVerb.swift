// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// `spec`: a configuration to begin with, for a shell in a folder `rootfs`.
enum SpecVerb {
    static func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        let arguments = try RuntimeArguments(words, [.value("bundle", "b"), .flag("rootless")])
        let path = "\(arguments["bundle"] ?? ".")/config.json"
        let file = try OpenFile.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        let text = specification(isRootless: arguments.has("rootless")).pretty + "\n"
        try file.writeAll(Array(text.utf8))
        return 0
    }

    /// A container with every namespace of its own, few rights and no network but itself; without
    /// rights over the machine also with users of its own.
    static func specification(isRootless: Bool) -> JSON {
        [
            "ociVersion": JSON(RuntimeConfiguration.specification),
            "process": [
                "terminal": false, "user": ["uid": 0, "gid": 0], "args": ["sh"],
                "env": [
                    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "TERM=xterm",
                ],
                "cwd": "/", "capabilities": capabilities,
                "rlimits": [["type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024]],
                "noNewPrivileges": true,
            ],
            "root": ["path": "rootfs", "readonly": true],
            "hostname": "atoll",
            "mounts": mounts(isRootless: isRootless),
            "linux": linux(isRootless: isRootless),
        ]
    }

    private static var capabilities: JSON {
        let few: JSON = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
        return ["bounding": few, "effective": few, "permitted": few]
    }

    private static func mount(
        _ destination: String, _ type: String, _ source: String, _ options: [String]
    ) -> JSON {
        [
            "destination": JSON(destination), "type": JSON(type), "source": JSON(source),
            "options": .array(options.map { JSON($0) }),
        ]
    }

    private static func mounts(isRootless: Bool) -> JSON {
        let group = isRootless ? [] : ["gid=5"]
        var mounts = [
            mount("/proc", "proc", "proc", []),
            mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            mount(
                "/dev/pts", "devpts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] + group),
            mount(
                "/dev/shm", "tmpfs", "shm",
                ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
            mount("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]),
            mount("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
        ]
        if !isRootless {
            mounts.append(
                mount(
                    "/sys/fs/cgroup", "cgroup", "cgroup",
                    ["nosuid", "noexec", "nodev", "relatime", "ro"]))
        }
        return .array(mounts)
    }

    private static func linux(isRootless: Bool) -> JSON {
        let kinds =
            ["pid", "network", "ipc", "uts", "mount", "cgroup"] + (isRootless ? ["user"] : [])
        var members = [
            JSON.Member("namespaces", .array(kinds.map { ["type": JSON($0)] })),
            JSON.Member(
                "maskedPaths",
                [
                    "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys",
                    "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                    "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
                ]),
            JSON.Member(
                "readonlyPaths",
                ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]),
        ]
        if isRootless {
            members += [
                JSON.Member(
                    "uidMappings",
                    [["containerID": 0, "hostID": JSON(geteuid()), "size": 1]]),
                JSON.Member(
                    "gidMappings",
                    [["containerID": 0, "hostID": JSON(getegid()), "size": 1]]),
            ]
        } else {
            members.append(
                JSON.Member("resources", ["devices": [["allow": false, "access": "rwm"]]]))
        }
        return .object(members)
    }
}

// SPDX-License-Identifier: Apache-2.0
import JSONText

/// A container's configuration for the runtime (OCI runtime specification 1.2), of what its client
/// asked for.
struct Bundle {
    let container: EngineContainer
    let options: ContainerOptions
    let user: JSON
    /// Where all its layers appear, absolute.
    let root: String
    /// The folder of the files that the engine gives it.
    var given: String
    /// The network namespace that it joins, by its path; nil for one of its own or the machine's.
    var namespace: String?

    /// What a container may do unless it is given more or less (as Docker has it).
    private static let capabilities = [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
        "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID",
        "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
    ]

    /// The files a container finds in `/etc`.
    static let givenFiles = ["hostname", "hosts", "resolv.conf"]

    /// Where the engine mounts something in every container.
    static let places =
        ["/dev", "/proc", "/sys"] + givenFiles.map { "/etc/\($0)" }

    var hostname: String { options.hostname ?? String(container.id.prefix(12)) }

    var json: JSON {
        var environment = options.environment
        if !environment.contains(where: { $0.hasPrefix("HOSTNAME=") }) {
            environment.append("HOSTNAME=\(hostname)")
        }
        if options.hasTerminal, !environment.contains(where: { $0.hasPrefix("TERM=") }) {
            environment.append("TERM=xterm")
        }
        var members: [JSON.Member] = [
            JSON.Member("ociVersion", "1.2.0"),
            JSON.Member(
                "process",
                process(options.arguments, environment, options.hasTerminal, options.folder)),
            JSON.Member(
                "root", ["path": JSON(root), "readonly": .bool(options.host.isReadOnly)]),
            JSON.Member("mounts", .array(mounts)),
            JSON.Member("linux", linux),
        ]
        if options.host.network != .host { members.append(JSON.Member("hostname", JSON(hostname))) }
        return .object(members)
    }

    /// A program as the specification's `process`.
    func process(
        _ arguments: [String], _ environment: [String], _ hasTerminal: Bool, _ folder: String
    ) -> JSON {
        let few = JSON.array(capabilities.map { JSON($0) })
        var members: [JSON.Member] = []
        if hasTerminal, let size = options.host.size, size.count == 2 {
            members = [
                JSON.Member(
                    "consoleSize", ["height": JSON(size[0]), "width": JSON(size[1])])
            ]
        }
        let rest: JSON = [
            "terminal": .bool(hasTerminal), "user": user,
            "args": .array(arguments.map { JSON($0) }),
            "env": .array(environment.map { JSON($0) }), "cwd": JSON(folder),
            "capabilities": ["bounding": few, "effective": few, "permitted": few],
            "noNewPrivileges": .bool(!options.host.newPrivileges),
        ]
        return .object(members + (rest.members ?? []))
    }

    private var capabilities: [String] {
        func whole(_ name: String) -> String {
            let upper = name.uppercased()
            return upper.hasPrefix("CAP_") ? upper : "CAP_" + upper
        }
        let dropped = Set(options.host.dropsCapabilities.map(whole))
        let kept =
            dropped.contains("CAP_ALL") ? [] : Self.capabilities.filter { !dropped.contains($0) }
        return kept + options.host.addsCapabilities.map(whole).filter { !kept.contains($0) }
    }

    // MARK: Files

    private var mounts: [JSON] {
        var mounts: [JSON] = [
            Self.mount("/proc", "proc", ["nosuid", "noexec", "nodev"]),
            Self.mount("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            Self.mount(
                "/dev/pts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            Self.mount(
                "/dev/shm", "tmpfs", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
            Self.mount("/dev/mqueue", "mqueue", ["nosuid", "noexec", "nodev"]),
            Self.mount("/sys", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
            Self.mount(
                "/sys/fs/cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", "ro"]),
        ]
        // On the machine's network its names are the machine's too.
        let source = options.host.network == .host ? "/etc" : given
        for name in Self.givenFiles {
            mounts.append([
                "destination": JSON("/etc/\(name)"), "type": "bind",
                "source": JSON("\(source)/\(name)"), "options": ["bind", "rprivate", "ro"],
            ])
        }
        for folder in options.host.temporary {
            let own = (folder.value.text ?? "").split(separator: ",").map(String.init)
            mounts.append(Self.mount(folder.name, "tmpfs", ["nosuid", "nodev", "noexec"] + own))
        }
        // What a client gives takes the place of what every container finds.
        let places = Set(container.mounts.map(\.destination))
        mounts.removeAll { places.contains($0["destination"]?.text ?? "") }
        mounts += container.mounts.map(\.configuration)
        // What lies higher comes first, so that nothing is mounted over.
        func depth(_ mount: JSON) -> Int {
            (mount["destination"]?.text ?? "").split(separator: "/").count
        }
        return mounts.enumerated().sorted {
            (depth($0.element), $0.offset) < (depth($1.element), $1.offset)
        }.map(\.element)
    }

    private static func mount(_ destination: String, _ type: String, _ options: [String]) -> JSON {
        [
            "destination": JSON(destination), "type": JSON(type), "source": JSON(type),
            "options": .array(options.map { JSON($0) }),
        ]
    }

    // MARK: The kernel

    private var linux: JSON {
        let isApart = options.host.network != .host
        let kinds = ["pid", "ipc", "mount", "cgroup"] + (isApart ? ["uts"] : [])
        var namespaces = kinds.map { kind -> JSON in ["type": JSON(kind)] }
        if isApart {
            namespaces.append(
                namespace.map { ["type": "network", "path": JSON($0)] } ?? ["type": "network"])
        }
        return [
            "namespaces": .array(namespaces),
            "cgroupsPath": JSON("/atoll-engine/\(container.runtimeName)"),
            "resources": resources,
            "seccomp": SystemCallProfile.json,
            "maskedPaths": [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
                "/sys/firmware", "/sys/devices/virtual/powercap",
            ],
            "readonlyPaths": [
                "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
            ],
        ]
    }

    private var resources: JSON {
        let wishes = ResourceWishes.json(container.body["HostConfig"] ?? [:])
        return wishes.replacing("devices", by: [["allow": false, "access": "rwm"]])
    }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// What a container has used so far, by either version of control groups, in the members that
/// `runc events --stats` has (RUNTIME-24).
struct ContainerUsage {
    let cgroups: ContainerCgroups
    /// The first process: its network namespace is the container's.
    let process: Int32

    /// What a controller's folder of either version says.
    private struct Source {
        let place: ContainerCgroups.Place

        var isSecond: Bool { place.hierarchy.version == .two }

        func text(_ file: String) -> String {
            (try? SmallFile.text("\(place.folder)/\(file)")) ?? ""
        }

        /// One number; nil for none and for `max`.
        func number(_ file: String) -> UInt64? {
            UInt64(text(file).prefix { !$0.isWhitespace })
        }

        /// Lines of a name and a number.
        func table(_ file: String) -> [JSON.Member] {
            text(file).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard words.count == 2, let value = UInt64(words[1]) else { return nil }
                return JSON.Member(String(words[0]), JSON(value))
            }
        }
    }

    private func source(_ controller: String) -> Source? {
        cgroups.place(of: controller).map { Source(place: $0) }
    }

    var json: JSON {
        [
            "cpu": processor, "memory": memory, "pids": processes, "blkio": blocks,
            "network_interfaces": interfaces, "system": MachineUsage.json,
        ]
    }

    // MARK: - Controllers

    private var processor: JSON {
        let second = source("cpu").flatMap { $0.isSecond ? $0 : nil }
        if let second {
            let table = JSON.object(second.table("cpu.stat"))
            func nanoseconds(_ name: String) -> JSON { JSON((table[name]?.unsigned ?? 0) * 1_000) }
            return [
                "usage": [
                    "total": nanoseconds("usage_usec"), "kernel": nanoseconds("system_usec"),
                    "user": nanoseconds("user_usec"), "percpu": [],
                ],
                "throttling": [
                    "periods": table["nr_periods"] ?? 0,
                    "throttledPeriods": table["nr_throttled"] ?? 0,
                    "throttledTime": nanoseconds("throttled_usec"),
                ],
            ]
        }
        let times = source("cpuacct")
        let each = (times?.text("cpuacct.usage_percpu") ?? "").split(whereSeparator: \.isWhitespace)
        let limits = JSON.object(source("cpu")?.table("cpu.stat") ?? [])
        return [
            "usage": [
                "total": JSON(times?.number("cpuacct.usage") ?? 0),
                "kernel": JSON(times?.number("cpuacct.usage_sys") ?? 0),
                "user": JSON(times?.number("cpuacct.usage_user") ?? 0),
                "percpu": .array(each.compactMap { UInt64($0) }.map { JSON($0) }),
            ],
            "throttling": [
                "periods": limits["nr_periods"] ?? 0,
                "throttledPeriods": limits["nr_throttled"] ?? 0,
                "throttledTime": limits["throttled_time"] ?? 0,
            ],
        ]
    }

    private var memory: JSON {
        guard let source = source("memory") else { return [:] }
        let (used, limit, most) =
            source.isSecond
            ? ("memory.current", "memory.max", "memory.peak")
            : (
                "memory.usage_in_bytes", "memory.limit_in_bytes", "memory.max_usage_in_bytes"
            )
        let whole = MachineUsage.memoryBytes
        return [
            "usage": [
                "usage": JSON(source.number(used) ?? 0),
                // No limit is the machine's.
                "limit": JSON(min(source.number(limit) ?? whole, whole)),
                "max": JSON(source.number(most) ?? 0),
                "failcnt": JSON(source.number("memory.failcnt") ?? 0),
            ],
            "raw": .object(source.table("memory.stat")),
        ]
    }

    private var processes: JSON {
        let source = source("pids")
        return [
            "current": JSON(source?.number("pids.current") ?? UInt64(cgroups.processes().count)),
            "limit": JSON(source?.number("pids.max") ?? 0),
        ]
    }

    private var blocks: JSON {
        if let source = source("blkio") {
            let lines = source.text("blkio.throttle.io_service_bytes_recursive")
                .split(separator: "\n")
            return ["ioServiceBytesRecursive": .array(lines.compactMap(Self.firstVersion))]
        }
        let lines = (source("io")?.text("io.stat") ?? "").split(separator: "\n")
        return ["ioServiceBytesRecursive": .array(lines.flatMap(Self.secondVersion))]
    }

    /// `8:0 Read 4096`.
    private static func firstVersion(_ line: Substring) -> JSON? {
        let words = line.split(separator: " ")
        guard words.count == 3, let value = UInt64(words[2]) else { return nil }
        return entry(words[0], String(words[1]), value)
    }

    /// `8:0 rbytes=4096 wbytes=0 …`.
    private static func secondVersion(_ line: Substring) -> [JSON] {
        let words = line.split(separator: " ")
        return words.dropFirst().compactMap { word in
            let parts = word.split(separator: "=")
            let names: [Substring: String] = ["rbytes": "Read", "wbytes": "Write"]
            guard parts.count == 2, let name = names[parts[0]], let value = UInt64(parts[1])
            else { return nil }
            return entry(words[0], name, value)
        }
    }

    private static func entry(_ device: Substring, _ name: String, _ value: UInt64) -> JSON? {
        let numbers = device.split(separator: ":").compactMap { UInt64($0) }
        guard numbers.count == 2 else { return nil }
        return [
            "major": JSON(numbers[0]), "minor": JSON(numbers[1]), "op": JSON(name),
            "value": JSON(value),
        ]
    }

    // MARK: - Network

    /// Every interface of its network namespace but the one to itself.
    private var interfaces: JSON {
        let text = (try? SmallFile.text("/proc/\(process)/net/dev")) ?? ""
        return .array(
            text.split(separator: "\n").dropFirst(2).compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                let counts = parts.last?.split(separator: " ").compactMap { UInt64($0) } ?? []
                let name = parts.first?.filter { $0 != " " } ?? ""
                guard parts.count == 2, counts.count >= 12, name != "lo" else { return nil }
                return [
                    "Name": JSON(name), "RxBytes": JSON(counts[0]), "RxPackets": JSON(counts[1]),
                    "RxErrors": JSON(counts[2]), "RxDropped": JSON(counts[3]),
                    "TxBytes": JSON(counts[8]), "TxPackets": JSON(counts[9]),
                    "TxErrors": JSON(counts[10]), "TxDropped": JSON(counts[11]),
                ]
            })
    }
}

/// What the whole machine has and used.
enum MachineUsage {
    /// Its memory.
    static var memoryBytes: UInt64 {
        let text = (try? SmallFile.text("/proc/meminfo")) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
        let words = line?.split(separator: " ") ?? []
        return words.count > 1 ? (UInt64(words[1]) ?? 0) << 10 : 0
    }

    /// Nanoseconds that all processors spent, idle ones too, and how many there are.
    static var json: JSON {
        let text = (try? SmallFile.text("/proc/stat")) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("cpu ") } ?? ""
        // What guests use is in the first ones already.
        let ticks = line.split(separator: " ").dropFirst().prefix(7)
            .reduce(UInt64(0)) { $0 + (UInt64($1) ?? 0) }
        let second = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return [
            "cpu": JSON(ticks * (1_000_000_000 / second)),
            "processors": JSON(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
        ]
    }
}

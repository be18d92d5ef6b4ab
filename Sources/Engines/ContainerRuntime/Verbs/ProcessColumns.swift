// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// Processes as `ps -ef` shows them, for `ps --format long`.
struct ProcessColumns {
    static let titles = ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]

    private let names: [String: String]
    private let uptimeSeconds: UInt64
    private let ticksASecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    init() {
        var names: [String: String] = [:]
        for line in ((try? SmallFile.text("/etc/passwd")) ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2 { names[String(fields[2])] = String(fields[0]) }
        }
        self.names = names
        let uptime = (try? SmallFile.text("/proc/uptime")) ?? ""
        uptimeSeconds = UInt64(uptime.prefix { $0.isNumber }) ?? 0
    }

    /// The titles, and a row for each process that is still there.
    func json(_ processes: [Int32]) -> JSON {
        [
            "Titles": .array(Self.titles.map { JSON($0) }),
            "Processes": .array(
                processes.compactMap { row($0) }.map { .array($0.map { JSON($0) }) }),
        ]
    }

    private func row(_ process: Int32) -> [String]? {
        guard let text = try? SmallFile.text("/proc/\(process)/stat"),
            let status = try? SmallFile.text("/proc/\(process)/status"),
            let end = text.lastIndex(of: ")"), let begin = text.firstIndex(of: "(")
        else { return nil }
        // The name may have spaces and brackets of its own, so what follows is counted from its
        // end.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let began = UInt64(fields[19])
        else { return nil }
        let seconds = (user + system) / ticksASecond
        let age = max(1, uptimeSeconds - min(uptimeSeconds, began / ticksASecond))
        let words = ((try? SmallFile.text("/proc/\(process)/cmdline")) ?? "")
            .split(separator: "\0").joined(separator: " ")
        let name = text[text.index(after: begin)..<end]
        return [
            owner(status), "\(process)", String(fields[1]), "\(min(99, seconds * 100 / age))",
            clock(age), terminal(Int64(fields[4]) ?? 0), Self.clock(seconds),
            words.isEmpty ? "[\(name)]" : words,
        ]
    }

    private func owner(_ status: String) -> String {
        let line = status.split(separator: "\n").first { $0.hasPrefix("Uid:") } ?? ""
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count > 2 else { return "?" }
        return names[String(words[2])] ?? String(words[2])
    }

    private func terminal(_ device: Int64) -> String {
        let (major, minor) = (device >> 8 & 0xFFF, device & 0xFF | device >> 12 & 0xFFF00)
        return major == 136 ? "pts/\(minor)" : "?"
    }

    /// The time of day it began, UTC.
    private func clock(_ age: UInt64) -> String {
        let now = UInt64(max(0, time(nil)))
        return String(Self.clock((now - min(now, age)) % 86_400).prefix(5))
    }

    private static func clock(_ seconds: UInt64) -> String {
        [seconds / 3_600, seconds / 60 % 60, seconds % 60].map {
            $0 < 10 ? "0\($0)" : "\($0)"
        }.joined(separator: ":")
    }
}

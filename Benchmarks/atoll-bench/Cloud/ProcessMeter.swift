// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What the system counts for a process.
enum ProcessMeter {
    /// Memory a process holds.
    struct Memory {
        /// Resident, in bytes, pages shared with others included.
        let resident: Int
        /// Resident, where pages shared with others count by their part.
        let proportional: Int
    }

    static func memory(of pid: Int) -> Memory? {
        guard let text = SystemFile.text("/proc/\(pid)/smaps_rollup") else { return nil }
        guard let resident = kibibytes("Rss:", in: text),
            let proportional = kibibytes("Pss:", in: text)
        else { return nil }
        return Memory(resident: resident << 10, proportional: proportional << 10)
    }

    /// Seconds of processor time used so far, in user and system mode.
    static func processorSeconds(of pid: Int) -> Double? {
        SystemFile.text("/proc/\(pid)/stat").flatMap(processorSeconds(in:))
    }

    /// The same in the line the system gives for a process or a thread.
    static func processorSeconds(in line: String) -> Double? {
        guard let end = line.lastIndex(of: ")") else { return nil }
        // proc(5): fields 14 and 15 of the line, the 12th and 13th after the name.
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Bytes of memory this program holds that belong to no file.
    static var ownBytes: Int {
        SystemFile.text("/proc/self/status").flatMap { kibibytes("RssAnon:", in: $0) }
            .map { $0 << 10 } ?? 0
    }

    private static func kibibytes(_ name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }
        return nil
    }
}

/// The processor time of a cloud's processes between two moments, by role.
struct ProcessorShares {
    private let members: [(role: String, pid: Int)]
    private let begin: [Double]
    private let watch = Stopwatch()

    init(_ cloud: LocalCloud) throws {
        members =
            try cloud.members().map { ($0.role, try cloud.process(of: $0)) }
            + [("bench", Int(getpid()))]
        begin = members.map { ProcessMeter.processorSeconds(of: $0.pid) ?? 0 }
    }

    /// What the processes did since the start.
    func read() -> Reading {
        let wall = watch.wall
        var shares: [(role: String, seconds: Double)] = []
        for (member, start) in zip(members, begin) {
            let used = (ProcessMeter.processorSeconds(of: member.pid) ?? start) - start
            if let index = shares.firstIndex(where: { $0.role == member.role }) {
                shares[index].seconds += used
            } else {
                shares.append((member.role, used))
            }
        }
        return Reading(wall: wall, shares: shares)
    }

    /// Processor time by role.
    struct Reading {
        /// Seconds that passed.
        let wall: Double
        fileprivate let shares: [(role: String, seconds: Double)]

        /// Seconds of all processes together.
        var seconds: Double { shares.reduce(0) { $0 + $1.seconds } }

        /// Percent of one core for each role, such as `validator 61, provider 40`.
        var text: String {
            shares.map { "\($0.role) \(Int(($0.seconds / wall * 100).rounded()))" }
                .joined(separator: ", ")
        }

        /// Milliseconds of all processes together for one of so many pieces of work.
        func milliseconds(per count: Int) -> String {
            NumberText.of(seconds / Double(max(count, 1)) * 1_000)
        }
    }
}

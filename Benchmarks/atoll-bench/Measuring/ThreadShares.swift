// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The processor time of this program's threads between two moments, by the threads' names: which
/// core does what.
struct ThreadShares {
    private let begin = Dictionary(threads().map { ($0.number, $0.seconds) }) { one, _ in one }
    private let watch = Stopwatch()

    /// What the threads did since the start.
    func read() -> Reading {
        let wall = watch.wall
        var shares: [(name: String, seconds: Double)] = []
        for thread in Self.threads() {
            let used = thread.seconds - (begin[thread.number] ?? 0)
            if let index = shares.firstIndex(where: { $0.name == thread.name }) {
                shares[index].seconds += used
            } else {
                shares.append((thread.name, used))
            }
        }
        return Reading(wall: wall, shares: shares)
    }

    /// Processor time by name.
    struct Reading: Sendable {
        /// Seconds that passed.
        let wall: Double
        fileprivate let shares: [(name: String, seconds: Double)]

        /// Percent of one core for each name, the busiest first, such as `node-1 61, worker 40`.
        var text: String {
            shares.sorted { $0.seconds > $1.seconds }
                .map { ($0.name, Int(($0.seconds / wall * 100).rounded())) }
                .filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }

        /// Microseconds of all threads together for one of so many pieces of work.
        func microseconds(per count: Int) -> String {
            NumberText.of(
                shares.reduce(0) { $0 + $1.seconds } / Double(max(count, 1)) * 1_000_000)
        }
    }

    private struct Thread {
        let number: String
        let name: String
        let seconds: Double
    }

    private static func threads() -> [Thread] {
        var found: [Thread] = []
        for number in SystemFile.names(in: "/proc/self/task") ?? [] {
            guard let name = SystemFile.text("/proc/self/task/\(number)/comm"),
                let text = SystemFile.text("/proc/self/task/\(number)/stat"),
                let seconds = ProcessMeter.processorSeconds(in: text)
            else { continue }
            found.append(
                Thread(number: number, name: String(name.prefix { $0 != "\n" }), seconds: seconds))
        }
        return found
    }
}

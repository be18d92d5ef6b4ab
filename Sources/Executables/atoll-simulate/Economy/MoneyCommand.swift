// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// `atoll-simulate money`: random messages of every module, and the law of money after every block
/// (docs/guides/simulate.md).
enum MoneyCommand {
    static let usage = """
        usage: atoll-simulate money [--messages N] [--seeds N] [--from SEED]

        Sends random messages of every module to the real rooms of law, 16 people in a town, and
        prints one line a seed.
          --messages N    how many in each town, 50000 unless told
          --seeds N       how many towns, 1 unless told
          --from SEED     the first seed, 1 unless told
        Ends with 0 when no unit was made or lost and every room kept its law, 1 otherwise.

        """

    /// What the words ask for.
    struct Wish: Equatable {
        var messages: UInt64 = 50_000
        var seeds: UInt64 = 1
        var from: UInt64 = 1

        /// Reads the words after `money`.
        ///
        /// - Throws: ``Arguments/Fault``.
        init(_ words: [String]) throws(Arguments.Fault) {
            var rest = words[...]
            while let word = rest.popFirst() {
                switch word {
                case "--messages":
                    messages = try WordNumber.read(word, &rest, in: 1...1_000_000_000)
                case "--seeds": seeds = try WordNumber.read(word, &rest, in: 1...1_000_000)
                case "--from": from = try WordNumber.read(word, &rest, in: 0...1_000_000_000)
                default: throw Arguments.Fault(reason: "there is no option '\(word)'")
                }
            }
        }
    }

    /// Runs what the words ask for.
    ///
    /// - Returns: The exit code.
    static func run(_ words: [String]) -> Int32 {
        guard
            let wish = Arguments.understood(
                usage, { () throws(Arguments.Fault) in try Wish(words) })
        else { return 2 }
        var code: Int32 = 0
        for seed in wish.from..<wish.from + wish.seeds {
            let began = Terminal.seconds()
            do {
                let report = try MoneyMill(seed: seed).run(messages: Int(wish.messages))
                tell(report, seed, took: Terminal.seconds() - began)
                if !report.breaches.isEmpty { code = 1 }
            } catch {
                Terminal.say("atoll-simulate: \(error)\n")
                return 2
            }
        }
        return code
    }

    private static func tell(_ report: MoneyMill.Report, _ seed: UInt64, took seconds: UInt64) {
        let verdict = report.breaches.isEmpty ? "ok     " : "FAILED "
        let burnt = report.burnt[.native] ?? .zero
        let taken = report.taken.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        Terminal.tell(
            "\(verdict)money seed \(seed): \(report.messages) messages, \(report.applied) taken "
                + "(\(taken.joined(separator: ", "))), \(report.blocks) blocks, \(burnt) burnt, "
                + "\(seconds) s\n")
        for breach in report.breaches.prefix(10) { Terminal.tell("  \(breach)\n") }
    }
}

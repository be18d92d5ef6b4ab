// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText
import Ledger
import Presets
import Vocabulary

/// `atoll-simulate economy`: years of a preset's economy (docs/economy/README.md).
enum EconomyCommand {
    static let usage = """
        usage: atoll-simulate economy [--preset NAME] [--years N] [--days N] [--seed SEED]
                              [--out FOLDER]

        Runs the real modules of money and law with people who stake, vote, spend and offend, and
        writes a row of figures for each month of 30 days.
          --preset NAME   atoll, optimus, octo, pocket or ocos; each of them unless told
          --years N       how long, 5 unless told, of 365 days; --days N says it in days
          --seed SEED     where all chance comes from, 1 unless told
          --out FOLDER    write NAME.csv and NAME.svg there; else the rows are printed
        Ends with 0 when every room kept its law, 1 otherwise.

        """

    /// What the words ask for.
    struct Wish {
        var presets = Preset.all
        var days: UInt64 = 5 * 365
        var seed: UInt64 = 1
        var folder: String?

        /// Reads the words after `economy`.
        ///
        /// - Throws: ``Arguments/Fault``.
        init(_ words: [String]) throws(Arguments.Fault) {
            var rest = words[...]
            while let word = rest.popFirst() {
                switch word {
                case "--preset":
                    guard let preset = rest.popFirst().flatMap({ Preset.named($0) }) else {
                        let known = Preset.all.map(\.name).joined(separator: ", ")
                        throw Arguments.Fault(reason: "--preset is one of \(known)")
                    }
                    presets = [preset]
                case "--years": days = 365 * (try WordNumber.read(word, &rest, in: 1...50))
                case "--days": days = try WordNumber.read(word, &rest, in: 1...18_250)
                case "--seed": seed = try WordNumber.read(word, &rest, in: 0...1_000_000_000)
                case "--out":
                    guard let path = rest.popFirst() else {
                        throw Arguments.Fault(reason: "--out needs a folder")
                    }
                    folder = path
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
        return wish.presets.map { run($0, wish) }.max() ?? 0
    }

    private static func run(_ preset: Preset, _ wish: Wish) -> Int32 {
        let (rows, breaches): ([EconomyRow], [String])
        do {
            let run = try EconomyRun(EconomyPlan(preset), seed: wish.seed)
            breaches = run.run(days: wish.days)
            rows = run.rows
        } catch {
            Terminal.say("atoll-simulate: \(preset.name): \(error)\n")
            return 2
        }
        for breach in breaches.prefix(10) { Terminal.say("\(preset.name): \(breach)\n") }
        let table = csv(rows)
        guard let folder = wish.folder else {
            Terminal.tell(table)
            return breaches.isEmpty ? 0 : 1
        }
        let title = "\(preset.summary), seed \(wish.seed)"
        let isWritten =
            write(table, to: "\(folder)/\(preset.name).csv")
            && write(
                EconomyChart(title: title, rows: rows).svg, to: "\(folder)/\(preset.name).svg")
        guard isWritten else {
            Terminal.say("atoll-simulate: nothing can be written to \(folder)\n")
            return 2
        }
        Terminal.tell("\(preset.name): \(rows.count) months, \(rows.last?.line ?? "no row")\n")
        return breaches.isEmpty ? 0 : 1
    }

    /// The rows with their header.
    static func csv(_ rows: [EconomyRow]) -> String {
        ([EconomyRow.header] + rows.map(\.line)).joined(separator: "\n") + "\n"
    }

    private static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        return fwrite(bytes, 1, bytes.count, file) == bytes.count
    }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Runs whole networks from seeds (docs/guides/simulate.md).
@main
enum AtollSimulate {
    static func main() {
        let rest = Array(CommandLine.arguments.dropFirst(2))
        switch CommandLine.arguments.dropFirst().first {
        case "gossip": exit(GossipCommand.run(rest))
        case "money": exit(MoneyCommand.run(rest))
        case "economy": exit(EconomyCommand.run(rest))
        default: break
        }
        let asked = Arguments.understood(Arguments.usage) { () throws(Arguments.Fault) in
            try Arguments(Array(CommandLine.arguments.dropFirst()))
        }
        guard let arguments = asked else { exit(2) }
        for path in arguments.files {
            do throws(ScenarioFault) {
                _ = try ScenarioFile.read(path)
            } catch {
                Terminal.say("atoll-simulate: \(path): \(error)\n")
                exit(2)
            }
        }
        exit(arguments.jobs > 1 ? Crew(arguments).run() : run(arguments))
    }

    /// One scenario after the other, one seed after the other.
    private static func run(_ arguments: Arguments) -> Int32 {
        var code: Int32 = 0
        for path in arguments.files {
            guard let scenario = try? ScenarioFile.read(path) else { return 2 }
            let name = ScenarioFile.name(of: path)
            var mayShrink = arguments.shrinkSeconds > 0
            for seed in arguments.from..<arguments.from + arguments.seeds {
                do {
                    let report = try ScenarioRun.run(scenario, seed: seed)
                    tell(report, of: name, arguments)
                    guard report.failure != nil else { continue }
                    code = 1
                    guard mayShrink else { continue }
                    mayShrink = false
                    try shrink(scenario, report, of: name, arguments)
                } catch {
                    Terminal.say("atoll-simulate: \(name) seed \(seed): \(error)\n")
                    return 2
                }
            }
        }
        return code
    }

    private static func tell(
        _ report: ScenarioRun.Report, of name: String, _ arguments: Arguments
    ) {
        guard report.failure != nil || !arguments.isBrief else { return }
        Terminal.tell(ReportText.text(report, of: name, showsDigest: arguments.showsDigest))
    }

    private static func shrink(
        _ scenario: Scenario, _ report: ScenarioRun.Report, of name: String,
        _ arguments: Arguments
    ) throws {
        let end = Terminal.seconds() + arguments.shrinkSeconds
        let shrinker = Shrinker { Terminal.seconds() < end }
        guard let outcome = try shrinker.shrink(scenario, report) else { return }
        Terminal.tell(ReportText.text(outcome, of: name))
    }
}

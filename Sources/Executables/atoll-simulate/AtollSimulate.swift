// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Runs whole networks from seeds (docs/guides/simulate.md).
@main
enum AtollSimulate {
    static func main() {
        let arguments: Arguments
        do {
            arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        } catch {
            say("atoll-simulate: \(error.reason)\n\(Arguments.usage)")
            exit(2)
        }
        exit(run(arguments))
    }

    private static func run(_ arguments: Arguments) -> Int32 {
        var scenarios: [(name: String, scenario: Scenario)] = []
        for path in arguments.files {
            do throws(ScenarioFault) {
                scenarios.append((ScenarioFile.name(of: path), try ScenarioFile.read(path)))
            } catch {
                say("atoll-simulate: \(path): \(error)\n")
                return 2
            }
        }
        var code: Int32 = 0
        for (name, scenario) in scenarios {
            for seed in arguments.from..<arguments.from + arguments.seeds {
                do {
                    let report = try ScenarioRun.run(scenario, seed: seed)
                    tell(ReportText.text(report, of: name, showsDigest: arguments.showsDigest))
                    if report.failure != nil { code = 1 }
                } catch {
                    say("atoll-simulate: \(name) seed \(seed): \(error)\n")
                    return 2
                }
            }
        }
        return code
    }

    private static func tell(_ text: String) { put(text, to: STDOUT_FILENO) }

    private static func say(_ text: String) { put(text, to: STDERR_FILENO) }

    /// At once, so that a run that is cut off has said what it knew.
    private static func put(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if errno == EINTR || errno == EAGAIN { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import GossipSimulation

/// `atoll-simulate gossip`: fields of gossip routers (docs/guides/simulate.md).
enum GossipCommand {
    /// Runs what the words ask for.
    ///
    /// - Returns: The exit code.
    static func run(_ words: [String]) -> Int32 {
        let asked = Arguments.understood(GossipArguments.usage) { () throws(Arguments.Fault) in
            try GossipArguments(words)
        }
        guard let arguments = asked else { return 2 }
        var code: Int32 = 0
        for distance in arguments.distances {
            var scenario = arguments.scenario
            scenario.distance = distance
            for seed in arguments.from..<arguments.from + arguments.seeds {
                // Many routers are asked about the same signatures.
                let report = VerdictMemory.$current.withValue(VerdictMemory()) {
                    GossipField(scenario, seed: seed).run()
                }
                let broken = report.broken(scenario)
                let verdict = broken.isEmpty ? "ok     " : "FAILED "
                Terminal.tell("\(verdict)\(distance.rawValue) seed \(seed): \(report)\n")
                for promise in broken { Terminal.tell("  \(promise)\n") }
                if !broken.isEmpty { code = 1 }
            }
        }
        return code
    }
}

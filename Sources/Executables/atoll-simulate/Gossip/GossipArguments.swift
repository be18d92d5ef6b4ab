// SPDX-License-Identifier: Apache-2.0
import GossipSimulation

/// What `atoll-simulate gossip` is asked for.
struct GossipArguments {
    var scenario = GossipScenario()
    var distances = GossipScenario.Distance.allCases
    var seeds: UInt64 = 1
    var from: UInt64 = 1

    static let usage = """
        usage: atoll-simulate gossip [--nodes N] [--hostile PERCENT] [--distance near|wide]
                              [--seconds S] [--rate N] [--seeds N] [--from SEED]

        Runs a field of gossip routers, and prints one line a distance and seed.
          --nodes N         how many, 1000 unless told, 10 to 5000
          --hostile P       how many of a hundred break the rules, 20 unless told, 0 to 50
          --distance D      near: 20 ms between any two; wide: regions of the world; else both
          --seconds S       for how long messages are published, 30 unless told
          --rate N          messages a second, 10 unless told
        Ends with 0 when every promise was kept, 1 when one was broken.

        """

    /// Reads the words after `gossip`.
    ///
    /// - Throws: ``Arguments/Fault``.
    init(_ words: [String]) throws(Arguments.Fault) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--nodes":
                scenario.nodes = Int(
                    try WordNumber.read(word, &rest, in: 10...UInt64(GossipScenario.nodesMax)))
            case "--hostile":
                scenario.hostilePercent = Int(try WordNumber.read(word, &rest, in: 0...50))
            case "--seconds": scenario.seconds = try WordNumber.read(word, &rest, in: 1...3_600)
            case "--rate":
                scenario.messagesPerSecond = try WordNumber.read(word, &rest, in: 1...1_000)
            case "--seeds": seeds = try WordNumber.read(word, &rest, in: 1...1_000_000)
            case "--from": from = try WordNumber.read(word, &rest, in: 0...1_000_000_000)
            case "--distance":
                guard let name = rest.popFirst(),
                    let distance = GossipScenario.Distance(rawValue: name)
                else { throw Arguments.Fault(reason: "--distance is near or wide") }
                distances = [distance]
            default: throw Arguments.Fault(reason: "there is no option '\(word)'")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import atoll_simulate

@Suite("atoll-simulate gossip")
struct GossipCommandTests {
    @Test("a small field keeps its promises, and says so by its code")
    func small() {
        let words = ["--nodes", "20", "--seconds", "1", "--rate", "1", "--distance", "near"]
        #expect(GossipCommand.run(words) == 0)
    }

    @Test(
        "what cannot be is refused",
        arguments: [
            ["--nodes", "9"], ["--nodes"], ["--hostile", "51"], ["--distance", "far"], ["gossip"],
            ["--rate", "0"], ["--seconds", "x"],
        ])
    func refusals(words: [String]) {
        #expect(throws: Arguments.Fault.self) { try GossipArguments(words) }
    }

    @Test("without a word both distances are run with a thousand nodes")
    func usual() throws {
        let arguments = try GossipArguments([])
        #expect(arguments.scenario.nodes == 1_000)
        #expect(arguments.distances.count == 2)
        #expect(try GossipArguments(["--distance", "wide"]).distances == [.wide])
    }
}

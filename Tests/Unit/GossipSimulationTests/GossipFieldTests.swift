// SPDX-License-Identifier: Apache-2.0
import Cryptography
import GossipSimulation
import LibP2P
import Testing

@Suite("Fields of gossip routers")
struct GossipFieldTests {
    private func run(_ scenario: GossipScenario, seed: UInt64) -> GossipReport {
        VerdictMemory.$current.withValue(VerdictMemory()) {
            GossipField(scenario, seed: seed).run()
        }
    }

    private func small(_ distance: GossipScenario.Distance) -> GossipScenario {
        var scenario = GossipScenario()
        scenario.nodes = 100
        scenario.seconds = 5
        scenario.messagesPerSecond = 4
        scenario.distance = distance
        return scenario
    }

    @Test(
        "a fifth hostile, others coming and going: all promises hold",
        arguments: GossipScenario.Distance.allCases)
    func promises(distance: GossipScenario.Distance) {
        let scenario = small(distance)
        let report = run(scenario, seed: 1)
        #expect(report.broken(scenario) == [], "\(report)")
        #expect(report.owed > 1_000)
    }

    @Test("the same seed gives the same history, another gives another")
    func seeds() {
        var scenario = small(.wide)
        scenario.nodes = 20
        scenario.seconds = 2
        let first = run(scenario, seed: 7)
        #expect(first.digest == run(scenario, seed: 7).digest)
        #expect(first.digest != run(scenario, seed: 8).digest)
    }
}

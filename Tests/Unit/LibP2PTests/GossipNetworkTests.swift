// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LibP2P

@Suite("Networks of gossip routers")
struct GossipNetworkTests {
    @Test("every message reaches every node once, over few links more than needed")
    func delivery() {
        var network = GossipNetwork(40)
        network.connect(degree: 8, seed: 3)
        network.subscribe(to: "t")
        network.run(milliseconds: 3_000)
        for round in 0..<10 {
            network.publish([UInt8(round)], by: network.peers[round])
            network.run(milliseconds: 500)
        }
        network.run(milliseconds: 3_000)
        for (index, peer) in network.peers.enumerated() {
            let got = network.delivered[peer] ?? []
            #expect(got.count == (index < 10 ? 9 : 10))
            #expect(Set(got.map(\.stamp)).count == got.count)
        }
        // Ten messages to 39 nodes each; a mesh of degree 6 sends each about seven times.
        #expect(network.transmissions < 10 * 39 * 9)
    }

    @Test("with a fifth of the nodes silent, the others still hear everything")
    func silence() {
        var network = GossipNetwork(40)
        network.connect(degree: 8, seed: 4)
        network.subscribe(to: "t")
        network.silent = Set(network.peers.prefix(8))
        network.run(milliseconds: 3_000)
        for round in 0..<5 {
            network.publish([UInt8(round)], by: network.peers[20 + round])
            network.run(milliseconds: 4_000)
        }
        for (index, peer) in network.peers.enumerated() {
            #expect(network.delivered[peer]?.count == ((20..<25).contains(index) ? 4 : 5))
        }
    }

    @Test("the same seed gives the same network")
    func determinism() {
        func run() -> (Int, [[UInt8]]) {
            var network = GossipNetwork(16)
            network.connect(degree: 8, seed: 5)
            network.subscribe(to: "t")
            network.run(milliseconds: 2_000)
            network.publish([1], by: network.peers[0])
            network.run(milliseconds: 3_000)
            return (
                network.transmissions,
                network.peers.flatMap { network[$0].meshPeers(of: "t") }
                    .map(\.bytes)
            )
        }
        let (first, second) = (run(), run())
        #expect(first == second)
    }

    /// One round of what hostile nodes say to everybody: forgeries, replays, bogus gossip, grafts.
    private func attack(
        _ network: inout GossipNetwork, _ hostile: [PeerID], _ replayed: GossipMessage,
        _ numbers: inout SeededNumbers
    ) {
        for peer in hostile {
            var rpc = GossipRPC()
            var forged = replayed
            forged.data = numbers.bytes(8)
            forged.sequence = numbers.bytes(8)
            rpc.messages = [replayed, forged]
            rpc.have = [.init(topic: "t", ids: (0..<10).map { _ in numbers.bytes(12) })]
            rpc.graft = ["t", "other"]
            for other in network[peer].subscribers(of: "t") {
                network.say(rpc, from: peer, to: other)
            }
        }
    }

    @Test("a fifth hostile, others coming and going: honest messages reach all honest nodes")
    func hostility() {
        var network = GossipNetwork(60)
        network.connect(degree: 8, seed: 6)
        network.subscribe(to: "t")
        let hostile = Array(network.peers.prefix(12))
        let honest = Array(network.peers.dropFirst(12))
        network.silent = Set(hostile)
        network.run(milliseconds: 3_000)
        var numbers = SeededNumbers(60)
        var dice = SeededDice(61)
        let old = GossipMessage(
            topic: "t", data: [0], sequence: 1, signedBy: Persons.key(200))
        for round in 0..<10 {
            attack(&network, hostile, old, &numbers)
            network.publish([1, UInt8(round)], by: honest[round])
            network.run(milliseconds: 1_000)
            network.move(honest[25 + round], degree: 8, dice: &dice)
        }
        network.run(milliseconds: 4_000)
        for (index, peer) in honest.enumerated() {
            let got = (network.delivered[peer] ?? []).filter { $0.data.first == 1 }
            #expect(Set(got.map(\.data)).count == (index < 10 ? 9 : 10), "node \(index)")
            #expect(got.count == Set(got.map(\.data)).count)
        }
        // Those that have not moved know whom they deal with.
        let now = network.now
        for peer in honest.prefix(25) + honest.suffix(13) {
            let liars = network[peer].subscribers(of: "t").filter { hostile.contains($0) }
            #expect(liars.allSatisfy { network[peer].score(of: $0, now: now) < 0 })
            #expect(Set(network[peer].meshPeers(of: "t")).isDisjoint(with: hostile))
        }
    }
}

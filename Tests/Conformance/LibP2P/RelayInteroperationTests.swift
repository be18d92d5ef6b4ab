// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Testing

extension Interoperation {
    @Suite("Relays (LIBP-50 to LIBP-52)")
    struct RelayTests {
        @Test(
            "go-libp2p reaches a peer of this implementation through a relay of this implementation"
        )
        func servesGo() async throws {
            try await with(.go) { swarm, peer, effects in
                let relay = RelayService(swarm, effects: effects)
                relay.start()
                let far = try await makeSwarm(effects)
                let client = RelayClient(far, effects: effects)
                client.start()
                try await far.connect(to: address(of: swarm))
                let places = try await client.reserve(at: swarm.peer)
                let way = try #require(places.first)
                try await peer.tell("dial \(way)", answer: "dialled")
                try await wait(effects, "the circuit") { far.isConnected(peer.peer) }
                #expect(relay.circuitCount == 1)
                #expect(try await far.ping(peer.peer) > 0)
                await far.stop()
            }
        }

        @Test("two peers of this implementation meet through Kubo")
        func servedByKubo() async throws {
            try await with(.kubo) { swarm, peer, effects in
                let dialler = RelayClient(swarm, effects: effects)
                let far = try await makeSwarm(effects)
                let client = RelayClient(far, effects: effects)
                client.start()
                try await far.connect(to: peer.address)
                try await wait(effects, "a place") {
                    (try? await client.reserve(at: peer.peer)) != nil
                }
                let way = peer.address.through(to: far.peer)
                let found = try await dialler.connect(to: way)
                #expect(found == far.peer)
                let stream = try await swarm.open([echoProtocol], with: far.peer)
                try await stream.write([1, 2, 3])
                let back = try await stream.read(exactly: 3)
                #expect(back == [1, 2, 3])
                await far.stop()
            }
        }
    }
}

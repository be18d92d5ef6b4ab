// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Testing
import Vocabulary

extension Interoperation {
    @Suite("The hash table (LIBP-40 to LIBP-47)")
    struct KadTests {
        private static func service(
            _ kind: PeerKind, _ swarm: Swarm, _ effects: Effects
        ) -> KademliaService {
            var validators = KadValidators()
            validators.set(
                "atoll", KadValidator(accepts: { _, _ in true }, prefers: { _, _ in false }))
            let name =
                switch kind {
                case .python: "/ipfs/kad/1.0.0"
                case .go: "/atoll/kad/1.0.0"
                case .kubo: "/ipfs/lan/kad/1.0.0"
                }
            return KademliaService(
                swarm, effects: effects, protocolName: name, validators: validators)
        }

        /// Connects both ways and waits until this side's table holds the peer.
        private static func join(
            _ service: KademliaService, _ swarm: Swarm, _ peer: PeerProcess, _ effects: Effects
        ) async throws {
            service.start()
            try await swarm.connect(to: peer.address)
            try await wait(effects, "a table of one") { service.tableCount == 1 }
        }

        @Test("what this side puts the other gets, and back", arguments: [PeerKind.python, .go])
        func values(kind: PeerKind) async throws {
            try await with(kind, arguments(kind)) { swarm, peer, effects in
                let service = Self.service(kind, swarm, effects)
                try await Self.join(service, swarm, peer, effects)
                if kind == .python {
                    try await peer.tell("know \(address(of: swarm))", answer: "known")
                }
                let stored = try await service.put([0xab, 0xcd], under: Array("/atoll/one".utf8))
                #expect(stored == 1)
                #expect(try await peer.tell("get /atoll/one", answer: "got") == "abcd")
                try await wait(effects, "its table") {
                    (try? await peer.tell("put /atoll/two beef", answer: "put")) != nil
                }
                let found = try await service.get(Array("/atoll/two".utf8))
                #expect(found == [0xbe, 0xef])
            }
        }

        // Kubo keeps values of two namespaces only: keys, and names of its own naming system.
        @Test("a key that this side puts Kubo keeps, and gives to a third")
        func keys() async throws {
            try await with(.kubo) { swarm, peer, effects in
                let service = Self.service(.kubo, swarm, effects)
                try await Self.join(service, swarm, peer, effects)
                let name = Array("/pk/".utf8) + swarm.peer.bytes
                let key = IdentityKey(swarm.configuration.identity.publicKey).encoded
                let stored = try await service.put(key, under: name)
                #expect(stored == 1)
                let third = try await makeSwarm(effects)
                let asker = Self.service(.kubo, third, effects)
                try await Self.join(asker, third, peer, effects)
                let found = try await asker.get(name)
                #expect(found == key)
                await third.stop()
            }
        }

        @Test("peers are found through each other's tables", arguments: [PeerKind.python, .kubo])
        func routing(kind: PeerKind) async throws {
            try await with(kind, arguments(kind)) { swarm, peer, effects in
                let service = Self.service(kind, swarm, effects)
                try await Self.join(service, swarm, peer, effects)
                #expect(try await service.nearestPeers(to: swarm.peer.bytes) == [peer.peer])
                let found = try await peer.tell("find \(swarm.peer)", answer: "found")
                #expect(found.contains(kind == .kubo ? "/tcp/" : "\(swarm.peer)"))
            }
        }

        @Test(
            "a provider told of to the other is found by a third through it",
            arguments: PeerKind.allCases)
        func providers(kind: PeerKind) async throws {
            try await with(kind, arguments(kind)) { swarm, peer, effects in
                let service = Self.service(kind, swarm, effects)
                try await Self.join(service, swarm, peer, effects)
                let content = Multihash(sha256Of: effects.chance.bytes(32))
                try await service.provide(content)
                let third = try await makeSwarm(effects)
                let asker = Self.service(kind, third, effects)
                try await Self.join(asker, third, peer, effects)
                try await wait(effects, "the provider") {
                    (try? await asker.providers(of: content)) == [swarm.peer]
                }
                await third.stop()
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Testing
import Vocabulary

extension Interoperation {
    @Suite("Connecting, identify, ping and streams (LIBP-11 to LIBP-19)")
    struct ConnectionTests {
        @Test("this side dials: Noise, yamux, identify, ping", arguments: PeerKind.allCases)
        func dialsOut(kind: PeerKind) async throws {
            try await with(kind, arguments(kind)) { swarm, peer, effects in
                #expect(try await swarm.connect(to: peer.address) == peer.peer)
                try await wait(effects, "identify") {
                    swarm.description(of: peer.peer)?.agent.isEmpty == false
                }
                let page = try #require(swarm.description(of: peer.peer))
                #expect(page.protocols.contains("/ipfs/ping/1.0.0"))
                #expect(page.key.map(PeerID.init(of:)) == peer.peer)
                for _ in 0..<3 { #expect(try await swarm.ping(peer.peer) > 0) }
            }
        }

        @Test("the other side dials: Noise, yamux, identify, ping", arguments: PeerKind.allCases)
        func dialledBy(kind: PeerKind) async throws {
            try await with(kind, arguments(kind)) { swarm, peer, effects in
                try await peer.tell("dial \(address(of: swarm))", answer: "dialled")
                try await wait(effects, "inbound") { swarm.isConnected(peer.peer) }
                try await wait(effects, "identify") {
                    swarm.description(of: peer.peer)?.agent.isEmpty == false
                }
                #expect(try await swarm.ping(peer.peer) > 0)
                guard kind != .kubo else { return }
                try await peer.tell("ping \(swarm.peer)", answer: "pong")
            }
        }

        @Test("streams echo both ways", arguments: [PeerKind.python, .go])
        func echo(kind: PeerKind) async throws {
            try await with(kind, arguments(kind)) { swarm, peer, effects in
                try await swarm.connect(to: peer.address)
                let stream = try await swarm.open([echoProtocol], with: peer.peer)
                let bytes = effects.chance.bytes(100_000)
                effects.tasks.spawn("writes") {
                    try? await stream.write(bytes)
                    stream.finish()
                }
                #expect(try await stream.read(exactly: bytes.count) == bytes)
                stream.close()
                let text = Hexadecimal.encode(effects.chance.bytes(2_000))
                #expect(try await peer.tell("echo \(swarm.peer) \(text)", answer: "echoed") == text)
            }
        }

        @Test("peers with RSA and secp256k1 keys are known", arguments: ["rsa", "secp256k1"])
        func keys(kind: String) async throws {
            try await with(.python, arguments(.python, key: kind)) { swarm, peer, _ in
                let found = try await swarm.connect(to: peer.address)
                #expect(found == peer.peer)
                #expect(try await swarm.ping(peer.peer) > 0)
            }
        }

        @Test("py-libp2p learns this side's protocols by identify")
        func protocols() async throws {
            try await with(.python, arguments(.python)) { swarm, peer, effects in
                try await swarm.connect(to: peer.address)
                try await wait(effects, "identify at the other side") {
                    let names = try? await peer.tell("protocols \(swarm.peer)", answer: "protocols")
                    return names?.contains("/ipfs/id/push/1.0.0") == true
                }
            }
        }
    }
}

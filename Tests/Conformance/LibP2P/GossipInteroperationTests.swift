// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Synchronization
import Testing
import Vocabulary

extension Interoperation {
    @Suite("Gossip (LIBP-30 to LIBP-36)")
    struct GossipTests {
        private static let topic = "atoll-interop"

        private final class Heard: Sendable {
            let texts = Mutex<Set<String>>([])
        }

        /// Which version a py-libp2p peer speaks; the others speak 1.1.
        struct Setting: Sendable, CustomTestStringConvertible {
            let kind: PeerKind
            let version: String
            var testDescription: String { "\(kind.testDescription) \(version)" }
            var arguments: [String] { kind == .python ? ["ed25519", version] : [] }
        }

        static let settings = [
            Setting(kind: .python, version: "1.1.0"), Setting(kind: .python, version: "1.2.0"),
            Setting(kind: .go, version: "1.1.0"), Setting(kind: .kubo, version: "1.1.0"),
        ]

        @Test("messages go both ways and are believed by both sides", arguments: settings)
        func bothWays(setting: Setting) async throws {
            try await with(setting.kind, setting.arguments) { swarm, peer, effects in
                let heard = Heard()
                let gossip = GossipService(swarm, effects: effects)
                gossip.start()
                gossip.subscribe(to: Self.topic) { message in
                    heard.texts.withLock { _ = $0.insert(Hexadecimal.encode(message.data)) }
                }
                try await peer.tell("subscribe \(Self.topic)", answer: "subscribed")
                try await swarm.connect(to: peer.address)
                try await wait(effects, "its subscription") {
                    gossip.subscribers(of: Self.topic) == [peer.peer]
                }
                try await wait(effects, "a mesh") {
                    gossip.meshPeers(of: Self.topic) == [peer.peer]
                }
                for number in 0..<20 {
                    try gossip.publish([0xaa, UInt8(number)], to: Self.topic)
                }
                for _ in 0..<20 {
                    let words = try await peer.line(beginning: "message").split(separator: " ")
                    #expect(words[1].hasPrefix("aa"))
                }
                for number in 0..<20 {
                    let text = Hexadecimal.encode([0xbb, UInt8(number)])
                    try await peer.tell("publish \(Self.topic) \(text)", answer: "published")
                }
                try await wait(effects, "messages") { heard.texts.withLock { $0.count } == 20 }
                #expect(gossip.counters.rejected == 0)
                #expect(gossip.score(of: peer.peer) >= 0)
                gossip.stop()
            }
        }
    }
}

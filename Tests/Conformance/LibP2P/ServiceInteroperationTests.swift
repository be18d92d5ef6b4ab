// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import ServiceDiscovery
import ServiceNetwork
import Testing
import Vocabulary

extension Interoperation {
    @Suite("Announcements (DISCOVERY-12)")
    struct ServiceTests {
        private static let chain = ChainID(.zero)

        private static func announcement(
            _ seed: UInt8, _ effects: Effects
        ) throws -> SignedAnnouncement {
            let key = try #require(SigningKey(seed: [UInt8](repeating: seed, count: 32)))
            let tariff = Tariff(base: Amount(7), perMillionUnits: Amount(3))
            let capability = try #require(Capability("wasm/1"))
            let region = try #require(Region("eu-central-1"))
            return SignedAnnouncement(
                ServiceAnnouncement(
                    chain: chain, id: ServiceID(signer: key.publicKey, instance: 0),
                    sequence: 1, issued: effects.time.wallClock(), region: region,
                    offers: [ServiceOffer(capability, tariff)], slots: 2, freeSlots: 1,
                    reputation: ReputationReference(
                        account: AccountID(of: key.publicKey), height: BlockHeight(1))),
                signedBy: key)
        }

        @Test("py-libp2p reads this side's announcements, and this side takes what it publishes")
        func bothWays() async throws {
            try await with(.python, arguments(.python)) { swarm, peer, effects in
                let capability = try #require(Capability("wasm/1"))
                let topic = ServiceTopics(chain: Self.chain).announcements(of: capability)
                let gossip = GossipService(swarm, effects: effects)
                let bulletin = ServiceBulletin(
                    swarm, gossip: gossip, table: nil, effects: effects, chain: Self.chain
                ) { _, _ in nil }
                gossip.start()
                bulletin.start(hearing: [capability])
                try await peer.tell("subscribe \(topic)", answer: "subscribed")
                try await swarm.connect(to: peer.address)
                try await wait(effects, "a mesh") {
                    gossip.meshPeers(of: topic) == [peer.peer]
                }
                let own = try Self.announcement(1, effects)
                try await bulletin.announce(own)
                let words = try await peer.line(beginning: "message").split(separator: " ")
                #expect(words.first == topic[...])
                let read = try #require(Hexadecimal.decode(String(words[1])))
                #expect(try SignedAnnouncement(received: read) == own)

                let theirs = try Self.announcement(2, effects)
                let text = Hexadecimal.encode(theirs.canonicalBytes)
                try await peer.tell("publish \(topic) \(text)", answer: "published")
                try await wait(effects, "its announcement") { bulletin.count == 2 }
                #expect(bulletin.listings(of: theirs.announcement.id.signer).count == 1)
                bulletin.stop()
                gossip.stop()
            }
        }
    }
}

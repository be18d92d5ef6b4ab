// SPDX-License-Identifier: Apache-2.0
import LibP2P
import ServiceDiscovery
import ServiceNetwork
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Announcements over a network (DISCOVERY-12 to DISCOVERY-14)")
struct BulletinTests {
    private func query(
        _ capability: Capability = ServiceWorld.wasm, _ order: ServiceQuery.Order = .price
    ) -> ServiceQuery {
        var query = ServiceQuery()
        query.capability = capability
        query.order = order
        return query
    }

    @Test("what providers announce all others find, the cheapest first, despite loss and churn")
    func spreading() {
        let net = ServiceWorld(9, seed: 41)
        net.world.setLinks(
            LinkConditions(
                latencyMicroseconds: 20_000, jitterMicroseconds: 15_000, resetsPerMillion: 2_000,
                dialsLostPerMillion: 100_000))
        net.connectRing()
        #expect(net.waitForMeshes(net.topics.announcements(of: ServiceWorld.wasm)))
        for provider in 0..<4 {
            let signed = net.announcement(of: provider, price: UInt128(400 - provider * 100))
            let isTold = net.run(on: provider) { (try? await $0.bulletin.announce(signed)) != nil }
            #expect(isTold == true)
        }
        // A node dies and comes back knowing nothing; links are made anew, as a keeper does.
        net.replace(8)
        net.connectRing()
        let isEverywhere = net.wait(120_000) {
            net.members.allSatisfy { $0.bulletin.count == 4 }
        }
        #expect(isEverywhere, "\(net.members.map(\.bulletin.count))")
        for member in net.members {
            let found = member.bulletin.search(query()).listings
            #expect(
                found.map(\.announcement.id.signer)
                    == [3, 2, 1, 0].map {
                        ServiceWorld.key($0).publicKey
                    })
        }
    }

    @Test("who comes later asks the first peer it meets, and learns everything")
    func newcomers() {
        let net = ServiceWorld(3, seed: 42)
        #expect(net.connect(0, to: 1))
        // More than one page of answers.
        for number in 10..<110 {
            let signed = net.announcement(of: number, price: UInt128(number))
            _ = net.run(on: 0) { try? await $0.bulletin.announce(signed) }
        }
        #expect(net[0].bulletin.count == 100)
        #expect(net.connect(2, to: 0))
        #expect(net.wait { net[2].bulletin.count == 100 })
    }

    @Test("a node that hears nothing of a capability finds it in the distributed hash table")
    func table() {
        let net = ServiceWorld(6, seed: 43, hearing: [ServiceWorld.wasm])
        for index in 1..<6 { net.connect(index, to: index - 1) }
        #expect(net.wait { net.members.allSatisfy { $0.table.tableCount > 0 } })
        let signed = net.announcement(of: 0, capability: ServiceWorld.prove)
        #expect(net.run(on: 0) { (try? await $0.bulletin.announce(signed)) != nil } == true)
        #expect(net[5].bulletin.search(query(ServiceWorld.prove)).listings.isEmpty)
        #expect(net.run(on: 5) { await $0.bulletin.lookUp(ServiceWorld.prove) } == 1)
        let found = net[5].bulletin.search(query(ServiceWorld.prove)).listings
        #expect(found.map(\.signed) == [signed])
    }

    @Test("the table takes an announcement only under its own machine, in its time, for its chain")
    func validator() {
        let net = ServiceWorld(1, seed: 44)
        let now = net[0].effects.time.wallClock()
        let validator = ServiceTopics.validator(chain: ServiceWorld.chain) { now }
        let (one, other) = (net.announcement(of: 1), net.announcement(of: 2))
        let key = ServiceTopics.key(of: one.announcement.id)
        #expect(validator.accepts(key, one.canonicalBytes))
        #expect(!validator.accepts(key, other.canonicalBytes))
        #expect(!validator.accepts(key, one.canonicalBytes + [0]))
        let foreign = net.announcement(of: 1, chain: ChainID(.zero))
        #expect(!validator.accepts(key, foreign.canonicalBytes))
        let late = ServiceTopics.validator(chain: ServiceWorld.chain) {
            one.announcement.expires
        }
        #expect(!late.accepts(key, one.canonicalBytes))
        let later = net.announcement(of: 1, sequence: 2)
        #expect(validator.prefers(later.canonicalBytes, one.canonicalBytes))
        #expect(!validator.prefers(one.canonicalBytes, later.canonicalBytes))
    }

    @Test("who leaves is forgotten everywhere, and a replayed announcement does not bring it back")
    func leaving() {
        let net = ServiceWorld(4, seed: 45)
        net.connectRing()
        let topic = net.topics.announcements(of: ServiceWorld.wasm)
        #expect(net.waitForMeshes(topic))
        let here = net.announcement(of: 0)
        _ = net.run(on: 0) { try? await $0.bulletin.announce(here) }
        #expect(net.wait { net.members.allSatisfy { $0.bulletin.count == 1 } })
        let gone = net.announcement(of: 0, sequence: 2, status: .leaving)
        _ = net.run(on: 0) { try? await $0.bulletin.announce(gone) }
        #expect(net.wait { net.members.allSatisfy { $0.bulletin.count == 0 } })
        _ = net.run(on: 2) { try? $0.gossip.publish(here.canonicalBytes, to: topic) }
        net.world.run(forMilliseconds: 3_000)
        #expect(net.members.allSatisfy { $0.bulletin.count == 0 })
    }

    @Test("forgeries spread nowhere, and who brings them is thought less of")
    func forgeries() {
        let net = ServiceWorld(3, seed: 46)
        for index in 1..<3 { net.connect(index, to: index - 1) }
        let topic = net.topics.announcements(of: ServiceWorld.wasm)
        #expect(net.waitForMeshes(topic))
        var bytes = net.announcement(of: 9).canonicalBytes
        bytes[bytes.count - 1] ^= 1
        for number in 0..<5 as Range<UInt8> {
            let forged = number.isMultiple(of: 2) ? bytes : [number, 1, 2]
            _ = net.run(on: 0) { try? $0.gossip.publish(forged, to: topic) }
        }
        net.world.run(forMilliseconds: 2_000)
        #expect(net[1].bulletin.count == 0)
        #expect(net[2].bulletin.count == 0)
        #expect(net[1].gossip.score(of: net[0].swarm.peer) < 0)
        let counted = net[2].bulletin.counters.first { $0.name == "services_rejected_total" }
        #expect(counted?.value == 0)
    }

    @Test("what the ledger says and how far away a provider is, orders the answers")
    func orders() {
        let net = ServiceWorld(4, seed: 47)
        net.scores[ServiceWorld.key(1).publicKey] = 700
        net.scores[ServiceWorld.key(2).publicKey] = 900
        net.world.setLink(
            from: "node0", to: "node1", LinkConditions(latencyMicroseconds: 1_000))
        net.world.setLink(
            from: "node0", to: "node2", LinkConditions(latencyMicroseconds: 40_000))
        for index in 1..<4 { net.connect(0, to: index) }
        #expect(net.waitForMeshes(net.topics.announcements(of: ServiceWorld.wasm)))
        for index in 1..<4 {
            let signed = net.announcement(of: index)
            _ = net.run(on: index) { try? await $0.bulletin.announce(signed) }
        }
        #expect(net.wait { net[0].bulletin.count == 3 })
        net.world.run(forMilliseconds: 40_000)
        func signers(_ order: ServiceQuery.Order) -> [PublicKey] {
            net[0].bulletin.search(query(ServiceWorld.wasm, order)).listings
                .map(\.announcement.id.signer)
        }
        #expect(signers(.reputation) == [2, 1].map { ServiceWorld.key($0).publicKey })
        #expect(signers(.latency).last == ServiceWorld.key(2).publicKey)
        #expect(signers(.latency).count == 3)
    }
}

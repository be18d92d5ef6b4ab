// SPDX-License-Identifier: Apache-2.0
import ServiceDiscovery
import ServiceNetwork
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Negotiations over a network (DISCOVERY-15)")
struct ExchangeTests {
    private func say(_ net: ServiceWorld, _ index: Int, _ signed: SignedTaskMessage) -> Bool {
        net.run(on: index) { (try? $0.exchange.say(signed)) != nil } == true
    }

    @Test("a task is negotiated by all, over links that break and with a node that dies")
    func negotiation() {
        let net = ServiceWorld(7, seed: 51)
        net.world.setLinks(
            LinkConditions(
                latencyMicroseconds: 30_000, jitterMicroseconds: 20_000, resetsPerMillion: 2_000,
                dialsLostPerMillion: 100_000))
        net.connectRing()
        let client = ServiceWorld.key(100)
        #expect(net.waitForMeshes(net.topics.tasks(of: ServiceWorld.wasm)))
        let current = net.manifest()
        let opening = SignedTaskMessage(.manifest(current), signedBy: client)
        let task = current.task
        #expect(say(net, 0, opening))
        #expect(net.wait { net.members.allSatisfy { $0.exchange[task] != nil } })
        #expect(say(net, 1, net.bid(1, on: current, price: 700)))
        #expect(say(net, 2, net.bid(2, on: current, price: 600)))
        net.replace(5)
        net.connectRing()
        #expect(net.wait { net[0].exchange[task]?.bidders.count == 2 })
        let counter = CounterBid(
            task: task, bidder: ServiceWorld.key(1).publicKey, revision: 1,
            tariff: Tariff(base: Amount(500), perMillionUnits: .zero),
            validUntil: current.awardBy)
        #expect(say(net, 0, SignedTaskMessage(.counterBid(counter), signedBy: client)))
        let isCountered = net.wait {
            net[1].exchange[task]?.bidders[ServiceWorld.key(1).publicKey]?.standing
                == .countered(counter)
        }
        #expect(isCountered)
        #expect(say(net, 1, net.bid(1, on: current, price: 500, revision: 2)))
        #expect(net.wait { self.best(net, 0, task)?.bid.revision == 2 })
        let award = best(net, 0, task).flatMap {
            net[0].exchange[task]?.award(to: $0, orderBy: current.requirements.deadline)
        }
        #expect(say(net, 0, SignedTaskMessage(.award(must(award)), signedBy: client)))
        let isKnown = net.wait {
            net.members.allSatisfy { $0.exchange[task]?.places[0]?.award == award }
        }
        #expect(isKnown)
        #expect(award?.bidder == ServiceWorld.key(1).publicKey)
    }

    private func best(_ net: ServiceWorld, _ index: Int, _ task: TaskID) -> TaskBidder? {
        net[index].exchange[task]?.ranked(at: net[index].effects.time.wallClock()).first
    }

    @Test("a bid that comes before its manifest waits for it")
    func early() {
        let net = ServiceWorld(2, seed: 52)
        net.connect(0, to: 1)
        let topic = net.topics.tasks(of: ServiceWorld.wasm)
        #expect(net.waitForMeshes(topic))
        let manifest = net.manifest()
        let bid = net.bid(1, on: manifest, price: 300)
        _ = net.run(on: 1) { try? $0.gossip.publish(bid.canonicalBytes, to: topic) }
        net.world.run(forMilliseconds: 500)
        let opening = SignedTaskMessage(.manifest(manifest), signedBy: ServiceWorld.key(100))
        #expect(say(net, 0, opening))
        #expect(net[0].exchange[manifest.task]?.bidders.count == 1)
    }

    @Test(
        "a bidder that signs two bids of one number is found out, and honest peers are not blamed")
    func contradiction() {
        let net = ServiceWorld(4, seed: 53)
        net.connectRing()
        #expect(net.waitForMeshes(net.topics.tasks(of: ServiceWorld.wasm)))
        let manifest = net.manifest()
        #expect(
            say(net, 0, SignedTaskMessage(.manifest(manifest), signedBy: ServiceWorld.key(100))))
        #expect(net.wait { net.members.allSatisfy { $0.exchange[manifest.task] != nil } })
        // The same bidder's key speaks at two ends at once.
        let one = net.bid(9, on: manifest, price: 300)
        let other = net.bid(9, on: manifest, price: 200)
        #expect(say(net, 1, one))
        #expect(say(net, 3, other))
        #expect(net.wait { net.members.contains { !$0.exchange.contradictions.isEmpty } })
        let proof = net.members.compactMap { $0.exchange.contradictions.first }.first
        #expect(proof?.signer == ServiceWorld.key(9).publicKey)
        #expect(proof?.kind == .bids)
        net.world.run(forMilliseconds: 5_000)
        for member in net.members {
            let counted = member.exchange.counters.first { $0.name == "tasks_rejected_total" }
            #expect(counted?.value == 0)
        }
    }

    @Test("whoever waits for a change is woken by one, or by the time")
    func waiting() {
        let net = ServiceWorld(1, seed: 54)
        let manifest = net.manifest()
        let before = net[0].exchange.version
        #expect(net.run(on: 0) { await $0.exchange.changes(after: before, waiting: 50) } == before)
        let opening = SignedTaskMessage(.manifest(manifest), signedBy: ServiceWorld.key(100))
        let after = net.run(on: 0) { member in
            member.effects.tasks.spawn("speaks") {
                await member.effects.time.sleep(milliseconds: 20)
                try? member.exchange.say(opening)
            }
            return await member.exchange.changes(after: before, waiting: 60_000)
        }
        #expect(after == before + 1)
        #expect(net[0].exchange.open().map(\.task) == [manifest.task])
    }
}

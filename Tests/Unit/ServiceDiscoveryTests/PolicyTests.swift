// SPDX-License-Identifier: Apache-2.0
import ServiceDiscovery
import Testing
import Vocabulary

@Suite("How a provider decides on a task (DISCOVERY-25)")
struct PolicyTests {
    private var policy: BidderPolicy {
        BidderPolicy(
            offers: [ServiceOffer(Sample.wasm, Sample.tariff(300, 100))], region: Sample.eu,
            certifications: [("iso27001", .zero)], freeSlots: 1,
            millisecondsPerMillionUnits: 1_000,
            reputation: ReputationReference(account: Sample.account(2), height: BlockHeight(1)))
    }

    private func pass(_ policy: BidderPolicy, _ manifest: TaskManifest) -> BidPass? {
        do throws(BidPass) {
            _ = try policy.bid(on: manifest, at: Sample.now)
            return nil
        } catch {
            return error
        }
    }

    @Test("it bids its own price, and what it bids a negotiation takes")
    func bidding() throws {
        let manifest = Sample.manifest { $0.requirements.certifications = ["iso27001"] }
        let bid = try policy.bid(on: manifest, at: Sample.now)
        #expect(bid.tariff.bill(for: manifest.units) == Amount(400))
        #expect(bid.credentials == [.zero])
        #expect(bid.finishesInMilliseconds == 2_000)
        var negotiation = try TaskNegotiation(
            Sample.signed(.manifest(manifest), by: 1), on: Sample.chain, at: Sample.now)
        let change = try negotiation.receive(Sample.signed(.bid(bid), by: 2), at: Sample.now)
        #expect(change == .bid(Sample.key(2).publicKey, 1))
    }

    @Test("capability comes before credential, credential before profit, profit before schedule")
    func order() {
        var manifest = Sample.manifest(budget: 1) {
            $0.kind = Sample.prove
            $0.requirements.certifications = ["unknown"]
        }
        var busy = policy
        busy.freeSlots = 0
        #expect(pass(busy, manifest) == .capability)
        manifest.kind = Sample.wasm
        manifest.requirements.region = Region("us")
        #expect(pass(busy, manifest) == .capability)
        manifest.requirements.region = Region("eu")
        #expect(pass(busy, manifest) == .credential)
        manifest.requirements.certifications = []
        #expect(pass(busy, manifest) == .profit)
        manifest.requirements.budgetMax = Amount(400)
        #expect(pass(busy, manifest) == .schedule)
        #expect(pass(policy, manifest) == nil)
        manifest.requirements.deadline = manifest.awardBy.advanced(by: 1_999)
        #expect(pass(policy, manifest) == .schedule)
    }

    @Test("a counter-bid is taken down to the provider's own price")
    func counters() throws {
        let manifest = Sample.manifest()
        var last = try policy.bid(on: manifest, at: Sample.now)
        last.tariff = Sample.tariff(900)
        func counter(_ base: UInt128) -> CounterBid {
            CounterBid(
                task: manifest.task, bidder: Sample.key(2).publicKey, revision: 1,
                tariff: Sample.tariff(base), validUntil: manifest.awardBy)
        }
        let next = try policy.answer(counter(400), to: last, of: manifest)
        #expect(next.revision == 2)
        #expect(next.tariff == Sample.tariff(400))
        #expect(throws: BidPass.profit) {
            try policy.answer(counter(399), to: last, of: manifest)
        }
    }

    @Test("who concedes a part of its price takes counter-bids down to the rest")
    func concession() throws {
        let manifest = Sample.manifest()
        var generous = policy
        generous.leastPercent = 80
        let bid = try generous.bid(on: manifest, at: Sample.now)
        #expect(bid.tariff.bill(for: manifest.units) == Amount(400))
        func counter(_ price: UInt128) throws -> CounterBid {
            let tariff = try #require(
                bid.tariff.lowered(to: Amount(price), for: manifest.units))
            return CounterBid(
                task: manifest.task, bidder: Sample.key(2).publicKey, revision: 1,
                tariff: tariff, validUntil: manifest.awardBy)
        }
        let next = try generous.answer(counter(320), to: bid, of: manifest)
        #expect(next.tariff.bill(for: manifest.units) == Amount(320))
        #expect(throws: BidPass.profit) {
            try generous.answer(counter(319), to: bid, of: manifest)
        }
    }

    @Test("a lowered tariff costs at most what was asked for, and is nothing where it is no less")
    func lowering() throws {
        for (base, rate, units) in [(300, 100, 1_000_000), (7, 13, 999), (0, 5, 10_000_000)]
            as [(UInt128, UInt128, UInt64)]
        {
            let tariff = Sample.tariff(base, rate)
            let bill = try #require(tariff.bill(for: units))
            #expect(tariff.lowered(to: bill, for: units) == nil)
            for price in [0, 1, bill.units / 2, bill.units - 1] where price < bill.units {
                let lower = try #require(tariff.lowered(to: Amount(price), for: units))
                #expect(try #require(lower.bill(for: units)) <= Amount(price))
                #expect(lower.base <= tariff.base)
                #expect(lower.perMillionUnits <= tariff.perMillionUnits)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-4: bids")
struct PlaceBidTests {
    @Test("a bid reserves one slot until its job ends")
    func reservation() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        try world.block([world.bid(0, on: job, MarketWorld.price(100))])
        #expect(world.queries.reservedSlots(of: world.provider(0)) == 1)
        #expect(world.queries.reservations(of: world.provider(0)).items == [job])
        #expect(world.queries.leases(of: world.provider(0)).items.isEmpty)
        try world.block([(world.client, .cancelOrder(CancelOrder(job: job)))])
        #expect(world.queries.reservedSlots(of: world.provider(0)) == 0)
    }

    @Test("a provider has no more bids and leases than slots")
    func slots() throws {
        let world = try MarketWorld(slots: 2)
        let jobs = try (0..<3).map { try world.open(world.terms(salt: $0)) }
        let outcome = try world.block(jobs.map { world.bid(0, on: $0, MarketWorld.price(1)) })
        #expect(outcome.refusals.map(\.code) == [MarketRefusal.noFreeSlot.rawValue])
        #expect(world.queries.reservedSlots(of: world.provider(0)) == 2)
    }

    @Test("the worst case of a bid fits exactly into one share of the offer")
    func price() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms(replicas: 2, maxCost: Amount(2_001)))
        // 100 million fuel at 9 a million is 900; a share is ⌊2,001 ÷ 2⌋ = 1,000.
        let tooMuch = world.bid(0, on: job, MarketWorld.price(101, rate: 9))
        #expect(try world.refusal(tooMuch.0, tooMuch.1) == .priceTooHigh)
        let most = world.bid(0, on: job, MarketWorld.price(100, rate: 9))
        #expect(try world.refusal(most.0, most.1) == nil)
        let absurd = world.bid(1, on: job, MarketWorld.price(0, rate: .max))
        #expect(try world.refusal(absurd.0, absurd.1) == .priceTooHigh)
    }

    @Test("only active providers bid")
    func standing() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        world.retire(0)
        for sender in [world.stranger, world.provider(0)] {
            let message = PlaceBid(job: job, price: MarketWorld.price(1))
            #expect(try world.refusal(sender, .placeBid(message)) == .notProvider)
        }
    }

    @Test("a client does not run its own order")
    func ownOrder() throws {
        let world = try MarketWorld()
        world.arrange { world.directory.enrol(world.client, slots: 4, in: $0) }
        let job = try world.open(world.terms())
        let message = PlaceBid(job: job, price: MarketWorld.price(1))
        #expect(try world.refusal(world.client, .placeBid(message)) == .ownOrder)
    }

    @Test("a provider bids once on an order, whatever became of its bid")
    func once() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        for index in 0..<3 {
            let again = world.bid(index, on: job, MarketWorld.price(1))
            #expect(try world.refusal(again.0, again.1) == .alreadyBid)
        }
        let lost = try #require(try world.leased(job).first)
        let message = GiveUp(job: job, reason: .overloaded)
        try world.block([(world.provider(lost), .giveUp(message))])
        let again = world.bid(lost, on: job, MarketWorld.price(1))
        #expect(try world.refusal(again.0, again.1) == .alreadyBid)
    }

    @Test("an order holds so many waiting bids and no more")
    func full() throws {
        let world = try MarketWorld(genesis: ["bidsMax": 2])
        let job = try world.open(world.terms(replicas: 4, maxCost: Amount(4_000)))
        let bids = (0..<3).map { world.bid($0, on: job, MarketWorld.price(1)) }
        let outcome = try world.block(bids)
        #expect(outcome.refusals.map(\.code) == [MarketRefusal.bidsFull.rawValue])
    }

    @Test("bids are taken to the deadline's millisecond, and as standby while the job runs")
    func times() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(lasting: 14_000), to: [0, 1])
        let standby = world.bid(2, on: job, MarketWorld.price(1))
        #expect(try world.refusal(standby.0, standby.1) == nil)
        let order = try world.order(job)
        #expect(order.phase == .running && order.bids.map(\.provider) == [world.provider(2)])
        let last = world.bid(3, on: job, MarketWorld.price(1))
        let untilDeadline = order.terms.deadline.value - world.time.value
        #expect(try world.refusal(after: untilDeadline, last.0, last.1) == nil)
        let late = world.bid(4, on: job, MarketWorld.price(1))
        #expect(try world.refusal(after: 1, late.0, late.1) == .tooLate)
    }

    @Test("a bid names a live order")
    func unknown() throws {
        let world = try MarketWorld()
        let unknown = world.bid(0, on: JobID(.zero), MarketWorld.price(1))
        #expect(try world.refusal(unknown.0, unknown.1) == .unknownOrder)
        let job = try world.open(world.terms())
        try world.block([(world.client, .cancelOrder(CancelOrder(job: job)))])
        let ended = world.bid(0, on: job, MarketWorld.price(1))
        #expect(try world.refusal(ended.0, ended.1) == .orderEnded)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Testing
import Vocabulary

@Suite("What anybody may ask of the market")
struct QueriesTests {
    @Test("a job is live until it ends and has a receipt ever after")
    func records() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        #expect(world.queries.job(job) == .live(try world.order(job)))
        try world.block([(world.client, .cancelOrder(CancelOrder(job: job)))])
        #expect(world.queries.job(job) == .ended(try world.receipt(job)))
        #expect(world.queries.order(job) == nil)
        #expect(world.queries.job(JobID(.zero)) == nil)
    }

    @Test("a client's jobs come newest first, page by page, live and ended")
    func pages() throws {
        let world = try MarketWorld()
        let jobs = try (0..<5).map { try world.open(world.terms(salt: $0)) }
        try world.block([(world.client, .cancelOrder(CancelOrder(job: jobs[4])))])
        let first = world.queries.jobs(of: world.client, limit: 2)
        #expect(first.items == [jobs[4], jobs[3]])
        let second = world.queries.jobs(of: world.client, after: first.next, limit: 2)
        #expect(second.items == [jobs[2], jobs[1]])
        let last = world.queries.jobs(of: world.client, after: second.next, limit: 2)
        #expect(last.items == [jobs[0]] && last.next == nil)
        #expect(world.queries.jobs(of: world.stranger).items.isEmpty)
    }

    @Test("open orders come oldest first and leave the list when they are leased")
    func openOrders() throws {
        let world = try MarketWorld()
        let jobs = try (0..<3).map { try world.open(world.terms(salt: $0)) }
        try world.block((0..<2).map { world.bid($0, on: jobs[1], MarketWorld.price(1)) })
        #expect(world.queries.openOrders().items.map(\.job) == [jobs[0], jobs[2]])
        let page = world.queries.openOrders(limit: 1)
        #expect(page.items.map(\.job) == [jobs[0]])
        #expect(world.queries.openOrders(after: page.next).items.map(\.job) == [jobs[2]])
        #expect(world.queries.liveOrders().items.count == 3)
    }

    @Test("a cursor of another list starts at the beginning, and a limit is held to its range")
    func foreignCursor() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        for cursor: [UInt8] in [[], [255], [1, 2, 3]] {
            #expect(world.queries.jobs(of: world.client, after: cursor).items == [job])
        }
        #expect(world.queries.jobs(of: world.client, limit: 0).items == [job])
        #expect(world.queries.jobs(of: world.client, limit: .max).items == [job])
    }

    @Test("a provider's leases are those it must work on")
    func leases() throws {
        let world = try MarketWorld()
        let running = try world.openAndLease(world.terms(salt: 1), to: [0, 1])
        let waiting = try world.open(world.terms(salt: 2))
        try world.block([world.bid(0, on: waiting, MarketWorld.price(1))])
        let leases = world.queries.leases(of: world.provider(0))
        #expect(leases.items.map(\.job) == [running])
        #expect(leases.items.map(\.phase) == [.running])
        #expect(world.queries.reservations(of: world.provider(0)).items.count == 2)
    }
}

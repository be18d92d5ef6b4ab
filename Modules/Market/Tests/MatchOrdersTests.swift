// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-5 and MARKET-6: matching and vacancies")
struct MatchOrdersTests {
    @Test("an order is matched in the block that brings its last bid, and not before")
    func sameBlock() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms(replicas: 3, maxCost: Amount(3_000)))
        let early = try world.block((0..<2).map { world.bid($0, on: job, MarketWorld.price(5)) })
        #expect(early.names(about: job) == ["bidPlaced", "bidPlaced"])
        #expect(try world.order(job).phase == .open)
        let full = try world.block([world.bid(2, on: job, MarketWorld.price(5))])
        #expect(full.names(about: job) == ["bidPlaced", "leasesGranted"])
        let order = try world.order(job)
        #expect(order.phase == .running && order.leases.count == 3 && !order.wantsBids)
    }

    @Test("the cheapest worst case wins; the rest wait with their slots reserved")
    func cheapest() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        // Worst cases with 100 million fuel: 300 + 100, 10 + 500, 200 + 100, 0 + 900.
        try world.block([
            world.bid(0, on: job, MarketWorld.price(300, rate: 1)),
            world.bid(1, on: job, MarketWorld.price(10, rate: 5)),
            world.bid(2, on: job, MarketWorld.price(200, rate: 1)),
            world.bid(3, on: job, MarketWorld.price(0, rate: 9)),
        ])
        #expect(try world.leased(job) == [2, 0])
        #expect(try world.order(job).bids.count == 2)
        #expect(world.queries.reservedSlots(of: world.provider(3)) == 1)
    }

    @Test("equal prices are ranked by a lot that depends on the job, not on who was first")
    func lots() throws {
        let world = try MarketWorld(slots: 40)
        var winners: [Int] = []
        for salt in 0..<30 {
            let job = try world.open(
                world.terms(replicas: 1, maxCost: Amount(1_000), salt: UInt8(salt)))
            try world.block((0..<3).map { world.bid($0, on: job, MarketWorld.price(5)) })
            winners += try world.leased(job)
        }
        for index in 0..<3 { #expect(winners.count { $0 == index } >= 4) }
    }

    @Test("a lease lasts the wall clock and the grace")
    func term() throws {
        let world = try MarketWorld(genesis: ["graceMilliseconds": 700])
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        for lease in try world.order(job).leases {
            #expect(lease.assignedAt == world.time)
            #expect(lease.dueBy == world.time.advanced(by: 5_700))
        }
        #expect(world.queries.leases(of: world.provider(0)).items.map(\.job) == [job])
    }

    @Test("a bid whose provider became inactive is dropped, and its slot is free")
    func inactive() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        try world.block([world.bid(0, on: job, MarketWorld.price(5))])
        world.retire(0)
        let outcome = try world.block([world.bid(1, on: job, MarketWorld.price(5))])
        #expect(outcome.names(about: job) == ["bidPlaced", "bidDropped"])
        #expect(try world.order(job).phase == .open)
        #expect(world.queries.reservedSlots(of: world.provider(0)) == 0)
    }

    @Test("a vacancy goes to the best standby in the same block")
    func standby() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2, 3])
        let outcome = try world.block([
            (world.provider(0), .giveUp(GiveUp(job: job, reason: .inputUnavailable)))
        ])
        #expect(outcome.names(about: job) == ["leaseEnded", "leasesGranted"])
        #expect(try world.leased(job) == [1, 2])
    }

    @Test("a vacancy without standby asks for bids and takes the first")
    func reopened() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        #expect(world.queries.openOrders().items.isEmpty)
        let outcome = try world.block([
            (world.provider(0), .giveUp(GiveUp(job: job, reason: .engineFailed)))
        ])
        #expect(outcome.names(about: job) == ["leaseEnded", "bidsWanted"])
        #expect(world.queries.openOrders().items.map(\.job) == [job])
        try world.block([world.bid(4, on: job, MarketWorld.price(7))])
        #expect(try world.leased(job) == [1, 4])
        #expect(world.queries.openOrders().items.isEmpty)
    }

    @Test("standby fills what it can, and bids are wanted for the rest")
    func partlyFilled() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        let outcome = try world.block(
            (0..<2).map { index in
                (world.provider(index), .giveUp(GiveUp(job: job, reason: .shuttingDown)))
            })
        #expect(outcome.names(about: job).suffix(2) == ["leasesGranted", "bidsWanted"])
        #expect(try world.leased(job) == [2])
    }

    @Test("no lease is granted after the deadline, even when the order is yet to be ended")
    func afterDeadline() throws {
        let world = try MarketWorld(genesis: ["matchesPerBlockMax": 1, "duePerBlockMax": 1])
        let jobs = try (0..<4).map {
            try world.open(
                world.terms(replicas: 1, maxCost: Amount(1_000), lasting: 9_000, salt: $0))
        }
        try world.block(jobs.map { world.bid(0, on: $0, MarketWorld.price(5)) })
        let late = try world.block(after: 60_000)
        #expect(late.events.map(\.event.name).allSatisfy { $0 != "leasesGranted" })
    }

    @Test("a block matches so many orders; the others follow in the next")
    func bounded() throws {
        let world = try MarketWorld(genesis: ["matchesPerBlockMax": 2])
        let jobs = try (0..<3).map {
            try world.open(world.terms(replicas: 1, maxCost: Amount(1_000), salt: $0))
        }
        try world.block(jobs.map { world.bid(0, on: $0, MarketWorld.price(5)) })
        func running() throws -> Int { try jobs.count { try world.order($0).phase == .running } }
        #expect(try running() == 2)
        try world.block()
        #expect(try running() == 3)
    }
}

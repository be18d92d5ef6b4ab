// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-15, MARKET-16 and MARKET-18: what falls due")
struct HandleDueOrdersTests {
    @Test("a lease that runs out is replaced by standby and costs a hundredth of the bond")
    func commitTimeout() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        try world.block([world.commit(1, in: job)])
        #expect(try world.block(after: 14_000).events.isEmpty)
        let outcome = try world.block(after: 1)
        #expect(
            outcome.names(about: job) == ["leaseEnded", "providerSlashed", "leasesGranted"])
        #expect(try world.leased(job) == [1, 2])
        #expect(world.directory.bond(of: world.provider(0), in: world.store) == Amount(990_000))
        #expect(world.bank.burnt(in: world.store) == Amount(10_000))
        #expect(world.evidence(on: 0, in: job) == [.timedOut])
        try world.finish([2], commitsAlready: [1], in: job)
        #expect(try world.receipt(job).ending == .settled)
    }

    @Test("a committed result that is not shown in time loses its lease")
    func revealTimeout() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        try world.block([world.commit(0, in: job), world.commit(1, in: job)])
        try world.block([world.reveal(0, in: job)])
        #expect(try world.block(after: 9_000).events.isEmpty)
        let outcome = try world.block(after: 1)
        #expect(
            outcome.events.first?.event
                == .leaseEnded(provider: world.provider(1), reason: .revealTimedOut))
        #expect(try world.leased(job) == [0, 2])
        try world.block([world.commit(2, in: job)])
        try world.block([world.reveal(2, in: job)])
        #expect(try world.receipt(job).ending == .settled)
        #expect(world.balance(world.provider(1)) == .zero)
    }

    @Test("a lease in its last millisecond stands when another of the order has run out")
    func lastMillisecond() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        try world.block(
            after: 5_000, [(world.provider(0), .giveUp(GiveUp(job: job, reason: .overloaded)))])
        try world.block(after: 15_000)
        #expect(try world.leased(job) == [2])
        #expect(world.evidence(on: 1, in: job) == [.timedOut])
    }

    @Test("a commitment in the last millisecond for showing is not late when the order expires")
    func lastMillisecondAtExpiry() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(lasting: 6_000), to: [0, 1])
        try world.block([world.commit(0, in: job), world.commit(1, in: job)])
        try world.block(after: 10_000)
        #expect(try world.receipt(job).ending == .expired)
        #expect(world.evidence(on: 0, in: job) == [.interrupted])
    }

    @Test("an order that nobody takes expires and costs the client nothing")
    func expiry() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms(lasting: 9_000))
        #expect(try world.block(after: 9_000).events.isEmpty)
        let outcome = try world.block(after: 1)
        #expect(outcome.names(about: job) == ["orderExpired"])
        #expect(world.balance(world.client) == MarketWorld.wealth)
        #expect(try world.receipt(job).refund == Amount(2_000))
    }

    @Test("at expiry the silent are slashed and the diligent are neither paid nor blamed")
    func expiryWhileRunning() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(lasting: 20_000), to: [0, 1])
        try world.block([world.commit(0, in: job)])
        try world.block(after: 60_000)
        #expect(try world.receipt(job).ending == .expired)
        #expect(world.evidence(on: 0, in: job) == [.interrupted])
        #expect(world.evidence(on: 1, in: job) == [.timedOut])
        #expect(world.balance(world.client) == MarketWorld.wealth)
        #expect(
            world.directory.bond(of: world.provider(0), in: world.store) == MarketWorld.bond)
    }

    @Test("a block handles so many due orders, the earliest first")
    func bounded() throws {
        let world = try MarketWorld(genesis: ["duePerBlockMax": 2])
        let jobs = try [9_000, 7_000, 8_000].enumerated().map { index, milliseconds in
            try world.open(world.terms(lasting: UInt64(milliseconds), salt: UInt8(index)))
        }
        let first = try world.block(after: 60_000)
        #expect(first.events.map(\.job) == [jobs[1], jobs[2]])
        let second = try world.block(after: 0)
        #expect(second.events.map(\.job) == [jobs[0]])
    }

    @Test("an order whose money cannot move waits a minute and holds up nobody")
    func postponed() throws {
        let world = try MarketWorld()
        let stuck = try world.open(world.terms(lasting: 9_000))
        world.makeUnpayable(world.client)
        let outcome = try world.block(after: 9_001)
        #expect(outcome.names(about: stuck) == ["endingPostponed"])
        #expect(try world.block(after: 60_000).events.isEmpty)
        world.makeUnpayable(nil)
        #expect(try world.block(after: 1).names(about: stuck) == ["orderExpired"])
        #expect(world.balance(world.client) == MarketWorld.wealth)
    }
}

extension MarketWorld {
    /// Lets `late` commit, then everybody show the true result.
    fileprivate func finish(_ late: [Int], commitsAlready early: [Int], in job: JobID) throws {
        try #require(try block(late.map { commit($0, in: job) }).refusals.isEmpty)
        try #require(try block((early + late).map { reveal($0, in: job) }).refusals.isEmpty)
    }
}

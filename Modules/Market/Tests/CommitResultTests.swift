// SPDX-License-Identifier: Apache-2.0
import Market
import Testing
import Vocabulary

@Suite("MARKET-7: committing to a result")
struct CommitResultTests {
    @Test("the last commitment starts the time for showing results")
    func revealing() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        let first = try world.block([world.commit(0, in: job)])
        #expect(first.names(about: job) == ["resultCommitted"])
        #expect(try world.order(job).phase == .running)
        let second = try world.block([world.commit(1, in: job)])
        #expect(second.names(about: job) == ["resultCommitted", "resultsCommitted"])
        let revealBy = world.time.advanced(by: 10_000)
        #expect(try world.order(job).phase == .revealing(by: revealBy))
    }

    @Test("only providers that have not shown their results are called to do so")
    func called() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        try world.finish([(0, MarketWorld.truth), (1, MarketWorld.result("lie"))], in: job)
        let outcome = try world.block([world.commit(2, in: job)])
        let revealBy = world.time.advanced(by: 10_000)
        #expect(
            outcome.events.last?.event
                == .resultsCommitted(revealBy: revealBy, providers: [world.provider(2)]))
    }

    @Test("only who holds a lease commits, and once")
    func holders() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        for index in [2, 3] {
            let message = world.commit(index, in: job)
            #expect(try world.refusal(message.0, message.1) == .notLeased)
        }
        let message = world.commit(0, in: job)
        #expect(try world.refusal(message.0, message.1) == nil)
        #expect(try world.refusal(message.0, message.1) == .alreadyCommitted)
    }

    @Test("a commitment is in time in the last millisecond of its lease, not after")
    func times() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        let onTime = world.commit(0, in: job)
        #expect(try world.refusal(after: 15_000, onTime.0, onTime.1) == nil)
        let late = world.commit(1, in: job)
        #expect(try world.refusal(after: 1, late.0, late.1) == .tooLate)
    }

    @Test("no commitment after the deadline, however long the lease")
    func deadline() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(lasting: 6_000), to: [0, 1])
        let late = world.commit(0, in: job)
        #expect(try world.refusal(after: 5_001, late.0, late.1) == .tooLate)
        #expect(try world.receipt(job).ending == .expired)
    }

    @Test("a commitment hides the result and binds its provider")
    func hiding() throws {
        let world = try MarketWorld()
        let result = MarketWorld.truth
        let commitment = result.commitment(salt: world.salt(0), provider: world.provider(0))
        #expect(commitment != result.commitment(salt: world.salt(1), provider: world.provider(0)))
        #expect(commitment != result.commitment(salt: world.salt(0), provider: world.provider(1)))
    }
}

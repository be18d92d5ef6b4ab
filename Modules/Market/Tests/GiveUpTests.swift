// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-10: giving up")
struct GiveUpTests {
    @Test("who gives up loses the lease, is noted as such, and is neither paid nor slashed")
    func handingBack() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        let message = MarketMessage.giveUp(GiveUp(job: job, reason: .wallClockExceeded))
        let outcome = try world.block([(world.provider(0), message)])
        #expect(
            outcome.events.map(\.event).first
                == .leaseEnded(
                    provider: world.provider(0), reason: .gaveUp(.wallClockExceeded)))
        #expect(world.evidence(on: 0, in: job) == [.abandoned])
        #expect(world.balance(world.provider(0)) == .zero)
        #expect(
            world.directory.bond(of: world.provider(0), in: world.store) == MarketWorld.bond)
        #expect(world.queries.reservedSlots(of: world.provider(0)) == 0)
    }

    @Test("a committed lease cannot be handed back, nor one nobody holds")
    func tooFar() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        try world.block([world.commit(0, in: job)])
        let message = MarketMessage.giveUp(GiveUp(job: job, reason: .overloaded))
        #expect(try world.refusal(world.provider(0), message) == .alreadyCommitted)
        #expect(try world.refusal(world.provider(2), message) == .notLeased)
        #expect(try world.refusal(after: 15_000, world.provider(1), message) == .tooLate)
    }
}

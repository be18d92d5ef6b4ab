// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-14: cancelling")
struct CancelOrderTests {
    private func cancel(_ job: JobID) -> MarketMessage { .cancelOrder(CancelOrder(job: job)) }

    @Test("an open order is refunded in full")
    func open() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        let outcome = try world.block([(world.client, cancel(job))])
        #expect(outcome.names(about: job) == ["orderCancelled"])
        #expect(world.balance(world.client) == MarketWorld.wealth)
        #expect(try world.receipt(job).ending == .cancelled)
    }

    @Test("whoever has begun gets its base price, whoever waits gets nothing")
    func running() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        try world.block([(world.client, cancel(job))])
        #expect(world.balance(world.provider(0)) == Amount(100))
        #expect(world.balance(world.provider(1)) == Amount(101))
        #expect(world.balance(world.provider(2)) == .zero)
        #expect(world.balance(world.client) == Amount(MarketWorld.wealth.units - 201))
        #expect(world.evidence(on: 0, in: job) == [.interrupted])
        #expect(try world.receipt(job).executions.count == 2)
    }

    @Test("an order with a commitment cannot be cancelled")
    func committed() throws {
        let world = try MarketWorld()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        try world.block([world.commit(0, in: job)])
        #expect(try world.refusal(world.client, cancel(job)) == .tooLate)
    }

    @Test("only the client cancels, and only while the order lives")
    func others() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms(lasting: 9_000))
        #expect(try world.refusal(world.stranger, cancel(job)) == .notClient)
        #expect(try world.refusal(after: 9_001, world.client, cancel(job)) == .tooLate)
        #expect(try world.refusal(world.client, cancel(job)) == .orderEnded)
        #expect(try world.refusal(world.client, cancel(JobID(.zero))) == .unknownOrder)
    }
}

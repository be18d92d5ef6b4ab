// SPDX-License-Identifier: Apache-2.0
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-19: what always holds")
struct InvariantsTests {
    /// A state with one live and one ended order, and one thing wrong in it.
    private func breaches(
        _ spoil: (MarketWorld, _ live: JobID, _ ended: JobID, ExecutionContext) throws -> Void
    ) throws -> [String] {
        let world = try MarketWorld()
        let live = try world.openAndLease(world.terms(salt: 1), to: [0, 1, 2])
        let ended = try world.openAndLease(world.terms(salt: 2), to: [0, 1])
        try world.finish([(0, MarketWorld.truth), (1, MarketWorld.truth)], in: ended)
        let context = world.newContext()
        try spoil(world, live, ended, context)
        return world.module.breaches(in: context)
    }

    @Test("a sound state has no breaches")
    func sound() throws {
        #expect(try breaches { _, _, _, _ in } == [])
    }

    @Test("an escrow that holds too much or too little is found")
    func escrow() throws {
        for isLive in [true, false] {
            let found = try breaches { world, live, ended, context in
                world.bank.deposit(
                    Amount(1), of: .native, into: (isLive ? live : ended).raw, in: context)
            }
            #expect(found.count == 1 && found.first?.contains("bank") == true)
        }
    }

    @Test("an order that is both live and ended is found")
    func both() throws {
        let found = try breaches { world, live, ended, context in
            let receipt = try world.receipt(ended).canonicalBytes
            context.set(.market, MarketKeys.receipt(live), receipt)
        }
        #expect(found.contains { $0.contains("both") })
    }

    @Test("a slot that is reserved without need, or not reserved, is found")
    func reservations() throws {
        for value in [[UInt8]?.some([]), nil] {
            let found = try breaches { world, live, ended, context in
                let job = value == nil ? live : ended
                context.set(
                    .market, [6] + world.provider(0).raw.bytes + job.raw.bytes, value)
            }
            #expect(found.contains { $0.contains("reserv") })
        }
    }

    @Test("an order missing from the index of due orders is found")
    func due() throws {
        let found = try breaches { world, _, _, context in
            for pair in world.store.scan(.market, prefix: [3], after: nil, limit: 9) {
                context.set(.market, pair.key, nil)
            }
        }
        #expect(found.contains { $0.contains("index") })
    }

    @Test("the check of one block finds what that block spoilt")
    func oneBlock() throws {
        let world = try MarketWorld()
        let job = try world.open(world.terms())
        let context = world.newContext()
        let message = MarketMessage.placeBid(PlaceBid(job: job, price: MarketWorld.price(1)))
        try world.module.execute(
            message.canonicalBytes, from: world.provider(0), in: context)
        #expect(world.module.breaches(after: context) == [])
        world.bank.deposit(Amount(1), of: .native, into: job.raw, in: context)
        #expect(world.module.breaches(after: context).count == 1)
    }
}

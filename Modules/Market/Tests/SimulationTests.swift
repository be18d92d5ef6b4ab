// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Market
import Testing
import Vocabulary

@Suite("Thousands of random messages")
struct SimulationTests {
    /// What a run came to.
    fileprivate struct Tally {
        var endings: [OrderEnding: Int] = [:]
        var refusals: [MarketRefusal: Int] = [:]
        var ended: [JobID: Int] = [:]
        var opened = 0
        var messages = 0
    }

    private func run(seed: UInt64, blocks: Int) throws -> (MarketWorld, Tally) {
        let world = try MarketWorld(
            genesis: ["matchesPerBlockMax": 8, "duePerBlockMax": 4], providers: 8, slots: 6)
        let workload = MarketWorkload(
            clients: [world.client, world.stranger], providers: world.providers,
            assets: [.native, MarketWorld.gold], liesPer256: 40)
        var generator = SeededGenerator(seed: seed)
        var tally = Tally()
        for number in 0..<blocks {
            let block = world.newContext().block
            let requests = (0..<generator.next() % 12).map { _ in
                workload.next(at: block, in: world.store, using: &generator)
            }
            let outcome = try world.block(
                after: generator.next() % 1_500, requests.map { ($0.sender, $0.message) },
                checkingAll: number % 10 == 0)
            tally.add(outcome, messages: requests.count)
        }
        return (world, tally)
    }

    @Test(
        "every base unit is kept, every escrow fits its order, no job is paid twice",
        arguments: [1, 2, 3])
    func random(seed: UInt64) throws {
        let (world, tally) = try run(seed: seed, blocks: 400)
        #expect(tally.ended.values.allSatisfy { $0 == 1 })
        #expect(tally.messages > 1_500 && tally.opened > 50)
        // A run that never gets anywhere would prove nothing.
        #expect((tally.endings[.settled] ?? 0) > 10)
        #expect((tally.endings[.expired] ?? 0) > 10)
        #expect((tally.endings[.cancelled] ?? 0) > 0)
        #expect(tally.refusals.count > 6)
        try drain(world, opened: tally.opened, ended: tally.ended.count)
    }

    /// Lets all time pass: every order ends, every escrow and slot is free.
    private func drain(_ world: MarketWorld, opened: Int, ended: Int) throws {
        var tally = Tally()
        var left = world.queries.liveOrders().items.count
        try tally.add(world.block(after: 1_000_000, checkingAll: false), messages: 0)
        while !world.queries.liveOrders(limit: 1).items.isEmpty {
            try #require(left >= 0)
            left -= 1
            try tally.add(world.block(after: 1_000_000, checkingAll: false), messages: 0)
        }
        #expect(ended + tally.ended.count == opened)
        #expect(world.module.breaches(in: world.store) == [])
        for index in world.providers.indices {
            #expect(world.queries.reservedSlots(of: world.provider(index)) == 0)
        }
        for prefix: UInt8 in [1, 3, 4, 5, 6, 8] {
            #expect(
                world.store.scan(.market, prefix: [prefix], after: nil, limit: 1).isEmpty)
        }
    }

    @Test("the same seed gives the same state, another seed another")
    func determinism() throws {
        func state(_ seed: UInt64) throws -> [[UInt8]] {
            let world = try run(seed: seed, blocks: 60).0
            return world.store.scan(.market, prefix: [], after: nil, limit: .max)
                .flatMap { [$0.key, $0.value] }
        }
        #expect(try state(5) == state(5))
        #expect(try state(5) != state(6))
    }
}

extension SimulationTests.Tally {
    fileprivate mutating func add(_ outcome: MarketWorld.Outcome, messages count: Int) {
        messages += count
        for refusal in outcome.refusals where refusal.module == .market {
            guard let reason = MarketRefusal(rawValue: refusal.code) else { continue }
            refusals[reason, default: 0] += 1
        }
        for (job, event) in outcome.events {
            if case .orderOpened = event { opened += 1 }
            guard case .orderEnded(let ending, _, _, _) = event else { continue }
            endings[ending, default: 0] += 1
            ended[job, default: 0] += 1
        }
    }
}

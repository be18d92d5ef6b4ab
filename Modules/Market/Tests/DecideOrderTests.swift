// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Market
import Testing
import Vocabulary

@Suite("MARKET-11 to MARKET-13: settlement, disputes, slashed bonds")
struct DecideOrderTests {
    private typealias World = MarketWorld
    private let lie = MarketWorld.result("lie")

    /// The bill of a provider that bid `base` at rate 1 for a result of 2.5 million fuel.
    private func bill(_ base: UInt128) -> Amount { Amount(base + 3) }

    @Test("equal results pay every provider its own bill and refund the rest")
    func agreement() throws {
        let world = try World()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        let outcome = try world.finish([(0, World.truth), (1, World.truth)], in: job)
        #expect(
            outcome.names(about: job) == ["resultRevealed", "resultRevealed", "orderSettled"])
        #expect(world.balance(world.provider(0)) == bill(100))
        #expect(world.balance(world.provider(1)) == bill(101))
        #expect(world.balance(world.provider(2)) == .zero)
        #expect(world.balance(world.client) == Amount(World.wealth.units - 103 - 104))
        #expect(world.evidence(on: 0, in: job) == [.completed])
        #expect(world.evidence(on: 2, in: job) == [])
        #expect((0..<3).allSatisfy { world.queries.reservedSlots(of: world.provider($0)) == 0 })
    }

    @Test("nothing is paid on one provider's word when two were asked")
    func oneWord() throws {
        let world = try World()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        try world.block([world.commit(0, in: job), world.commit(1, in: job)])
        try world.block([world.reveal(0, in: job)])
        #expect(world.balance(world.provider(0)) == .zero)
        #expect(world.bank.balance(of: job.raw, in: world.store) == Amount(2_000))
    }

    @Test("one replica is paid on its signed result, and the receipt says so")
    func rungZero() throws {
        let world = try World()
        let job = try world.openAndLease(
            world.terms(replicas: 1, maxCost: Amount(1_000)), to: [0])
        try world.finish([(0, World.truth)], in: job)
        let receipt = try world.receipt(job)
        #expect(receipt.rung == .signed && receipt.ending == .settled)
        #expect(world.balance(world.provider(0)) == bill(100))
    }

    @Test("programs that fail are billed for the fuel they used")
    func failures() throws {
        let ends: [(JobOutcome, UInt64, UInt128)] = [
            (.exited(code: 3), 1, 101), (.trapped(.unreachable), 1_000_001, 102),
            (.fuelExhausted, 100_000_000, 200), (.invalidModule, 0, 100),
        ]
        for (outcome, fuel, due) in ends {
            let world = try World()
            let job = try world.openAndLease(world.terms(), to: [0, 1])
            let result = JobResult(
                outcome: outcome, outputDigest: .zero, outputBytes: 0, fuelUsed: Fuel(fuel))
            try world.finish([(0, result), (1, result)], in: job)
            #expect(world.balance(world.provider(0)) == Amount(due))
            #expect(try world.receipt(job).result?.outcome == outcome)
        }
    }

    @Test("a mismatch calls a third provider; the majority is paid, the liar slashed and marked")
    func dispute() throws {
        let world = try World(genesis: ["treasury": .string("\(World.account(named: "treasury"))")])
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2])
        let outcome = try world.finish([(0, World.truth), (1, lie)], in: job)
        #expect(
            outcome.names(about: job).suffix(2) == ["disputeOpened", "leasesGranted"])
        #expect(try world.leased(job) == [0, 1, 2])
        #expect(world.balance(world.provider(0)) == .zero)
        try world.finish([(2, World.truth)], in: job)
        #expect(world.balance(world.provider(0)) == bill(100))
        #expect(world.balance(world.provider(1)) == .zero)
        #expect(world.balance(world.provider(2)) == bill(102))
        #expect(world.directory.bond(of: world.provider(1), in: world.store) == Amount(500_000))
        #expect(world.balance(world.treasury) == Amount(500_000))
        #expect(world.evidence(on: 1, in: job) == [.lied])
        #expect(world.evidence(on: 2, in: job) == [.completed])
        let receipt = try world.receipt(job)
        #expect(receipt.liars == [world.provider(1)])
        #expect(receipt.cost == Amount(103 + 105))
    }

    @Test("a dispute without standby waits for a bid")
    func disputeReopens() throws {
        let world = try World()
        let job = try world.openAndLease(world.terms(), to: [0, 1])
        let outcome = try world.finish([(0, World.truth), (1, lie)], in: job)
        #expect(outcome.names(about: job).suffix(2) == ["disputeOpened", "bidsWanted"])
        try world.block([world.bid(3, on: job, World.price(9))])
        #expect(try world.leased(job) == [0, 1, 3])
        try world.finish([(3, lie)], in: job)
        #expect(try world.receipt(job).liars == [world.provider(0)])
    }

    @Test("three replicas need no dispute when two of them agree")
    func majorityAtOnce() throws {
        let world = try World()
        let job = try world.openAndLease(
            world.terms(replicas: 3, maxCost: Amount(3_000)), to: [0, 1, 2])
        try world.finish([(0, World.truth), (1, lie), (2, World.truth)], in: job)
        let receipt = try world.receipt(job)
        #expect(receipt.ending == .settled && receipt.liars == [world.provider(1)])
        #expect(receipt.cost == Amount(103 + 105))
    }

    @Test("slashed bonds are burnt when there is no treasury")
    func burning() throws {
        let world = try World()
        let job = try world.openAndLease(
            world.terms(replicas: 3, maxCost: Amount(3_000)), to: [0, 1, 2])
        try world.finish([(0, World.truth), (1, lie), (2, World.truth)], in: job)
        #expect(world.bank.burnt(in: world.store) == Amount(500_000))
    }

    @Test("a liar without a bond holds up nobody")
    func noBond() throws {
        let world = try World()
        world.arrange { world.directory.setBond(of: world.provider(1), .zero, in: $0) }
        let job = try world.openAndLease(
            world.terms(replicas: 3, maxCost: Amount(3_000)), to: [0, 1, 2])
        try world.finish([(0, World.truth), (1, lie), (2, World.truth)], in: job)
        #expect(try world.receipt(job).ending == .settled)
    }

    /// Two different lies, then three equal results: five executions, three of them right.
    private func contested(_ world: World, asset: AssetID = .native) throws -> Receipt {
        let job = try world.openAndLease(world.terms(asset: asset), to: [0, 1, 2, 3, 4])
        try world.finish([(0, lie), (1, World.result("second lie"))], in: job)
        for index in 2...4 { try world.finish([(index, World.truth)], in: job) }
        return try world.receipt(job)
    }

    @Test("the client pays for as many executions as it asked for; bonds pay for the rest")
    func extraExecution() throws {
        let world = try World()
        let receipt = try contested(world)
        #expect(receipt.ending == .settled && receipt.liars.count == 2)
        #expect(receipt.cost == Amount(105 + 106))
        let extra = try #require(receipt.executions.last)
        #expect(extra.paid == .zero && extra.paidFromBonds == bill(104))
        #expect(world.balance(world.provider(4)) == bill(104))
        #expect(world.bank.burnt(in: world.store) == Amount(1_000_000 - 107))
    }

    @Test("an extra execution gets no more than the bonds hold")
    func poorBonds() throws {
        let world = try World()
        world.arrange { context in
            for index in 0..<2 {
                world.directory.setBond(of: world.provider(index), Amount(60), in: context)
            }
        }
        let receipt = try contested(world)
        #expect(receipt.executions.last?.paidFromBonds == Amount(60))
        #expect(world.bank.burnt(in: world.store) == .zero)
    }

    @Test("in another asset an extra execution gets its reward in the bonds' asset")
    func extraReward() throws {
        let world = try World(genesis: ["extraExecutionReward": "0.000000000000000040"])
        let receipt = try contested(world, asset: World.gold)
        #expect(receipt.cost == Amount(105 + 106))
        #expect(receipt.executions.last?.paidFromBonds == Amount(40))
        #expect(world.balance(world.provider(4)) == Amount(40))
        #expect(world.balance(world.provider(4), World.gold) == .zero)
        #expect(world.balance(world.provider(3), World.gold) == bill(103))
    }

    @Test("five executions without a majority refund the client and slash nobody")
    func undetermined() throws {
        let world = try World()
        let job = try world.openAndLease(world.terms(), to: [0, 1, 2, 3, 4])
        try world.finish([(0, World.result("0")), (1, World.result("1"))], in: job)
        for index in 2...4 { try world.finish([(index, World.result("\(index)"))], in: job) }
        let receipt = try world.receipt(job)
        #expect(receipt.ending == .undetermined && receipt.refund == Amount(2_000))
        #expect(receipt.result == nil && receipt.liars.isEmpty)
        #expect(world.balance(world.client) == World.wealth)
        for index in 0..<5 {
            #expect(world.evidence(on: index, in: job) == [.undetermined])
            #expect(
                world.directory.bond(of: world.provider(index), in: world.store) == World.bond)
        }
    }
}

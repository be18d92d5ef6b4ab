// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Staking

@Suite("Random stakes")
struct WorkloadTests {
    @Test("random lives keep the law and lose no base unit (STAKING-30)", arguments: 1...8)
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let town = try Town(["insuranceEpochs": 1])
        let operators = (0..<3).map(Town.account)
        let accounts = (0..<12).map(Town.account)
        var applied = 0
        for step in 0..<240 {
            let message = StakingWorkload.message(
                behind: operators, among: accounts, using: &random)
            let place = Int(random.next(upperBound: 12 as UInt64))
            let answer = refusal {
                try town.context.atomically { () throws(Refusal) in
                    try town.module.execute(
                        message.payload, from: accounts[place], in: town.context)
                }
            }
            applied += answer == nil ? 1 : 0
            if step % 29 == 0 { offend(in: town, using: &random) }
            if step % 6 == 5 { town.end(step % 48 == 47 ? 604_800_000 : 1_800_000) }
        }
        #expect(applied > 60)
        town.cut(6)
    }

    /// An operator or a bond is punished.
    private func offend(in town: Town, using random: inout SeededGenerator) {
        let newest = town.validators.newestEpoch(in: town.context).value
        let epoch = newest - random.next(upperBound: min(newest, 3) + 1)
        let place = Int(random.next(upperBound: 3 as UInt64))
        let before = town.queries.loss(of: Town.account(place), in: Epoch(epoch)) ?? 0
        let after = before + random.next(upperBound: 400_000) * (1_000_000 - before) / 1_000_000
        town.punish(place, of: epoch, from: before, to: after)
        let role = Role.allCases[Int(random.next(upperBound: 16 as UInt64))]
        _ = try? town.module.slash(
            role, of: Town.account(Int(random.next(upperBound: 12 as UInt64))), for: "byzantine",
            in: town.context)
    }

    @Test("money or shares that are nobody's are noticed (STAKING-30)")
    func breaches() throws {
        let town = try Town()
        try town.delegate(100, to: 0, from: 4)
        var pool = try town.pool(0)
        pool.steady.tokens = Amount(whole: 101)
        town.context.set(.staking, StakingKeys.pool(Town.account(0)), pool.canonicalBytes)
        #expect(town.module.breaches(after: town.context).count == 1)
        pool.steady = SharedStake(tokens: Amount(whole: 100), shares: 5)
        town.context.set(.staking, StakingKeys.pool(Town.account(0)), pool.canonicalBytes)
        #expect(town.module.breaches(after: town.context).isEmpty)
        #expect(town.module.breaches(in: town.context).count == 1)
    }

    @Test("decoding survives any bytes", arguments: 1...4)
    func decoding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let accounts = (0..<4).map(Town.account)
        for _ in 0..<600 {
            var bytes = StakingWorkload.message(
                behind: accounts, among: accounts, using: &random
            ).payload
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? StakingMessage(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }

    @Test("a cut costs the seats, and not those behind them (STAKING-16)")
    func boundedCut() throws {
        func writes(_ delegators: Int) throws -> Int {
            let town = try Town()
            for place in 4..<(4 + delegators) { try town.delegate(10, to: 0, from: place) }
            town.cut(2)
            let before = town.context.changes(of: .staking).count
            while !town.context.block.height.value.isMultiple(of: 2) { town.end() }
            town.validators.choose(Epoch(town.context.block.height.value / 2), in: town.context)
            town.module.endBlock(in: town.context)
            return town.context.changes(of: .staking).count - before
        }
        #expect(try writes(1) == writes(30))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Exchange

@Suite("Pools")
struct PoolTests {
    @Test("a pool begins with the root of its product; a thousand shares are nobody's")
    func begins() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 100), Amount(whole: 400))
        let pool = try #require(bazaar.queries.pool(0))
        #expect(pool.first == .native && pool.second == Bazaar.coral)
        #expect(pool.shares == Amount(whole: 200))
        #expect(bazaar.shares(0) == Amount(whole: 200).subtracting(LiquidityPool.sharesKept))
        #expect(bazaar.queries.number(of: Bazaar.coral, .native, fee: 3_000) == 0)
        bazaar.expectSound()
    }

    @Test("what is no pair, out of range, there already or too small is refused (EXCHANGE-1)")
    func refused() throws {
        let bazaar = try Bazaar()
        func create(_ one: UInt64, _ other: UInt64, _ amount: UInt128, fee: UInt64) -> String? {
            refusal {
                try bazaar.send(
                    .createPool(
                        CreatePool(
                            AssetAmount(Amount(amount), of: AssetID(one)),
                            AssetAmount(Amount(amount), of: AssetID(other)), fee: fee)), from: 1)
            }
        }
        #expect(create(5, 5, 10_000, fee: 3_000) == "badPair")
        #expect(create(5, 77, 10_000, fee: 3_000) == "badPair")
        #expect(create(5, 6, 10_000, fee: 50_001) == "badFee")
        #expect(create(5, 6, 10_000, fee: 99) == "badFee")
        #expect(create(5, 6, 1_000, fee: 3_000) == "amountTooSmall")
        #expect(create(5, 6, 1_001, fee: 3_000) == nil)
        #expect(create(6, 5, 9_001, fee: 3_000) == "alreadyThere")
        #expect(create(6, 5, 9_001, fee: 3_001) == nil)
        bazaar.expectSound()
    }

    @Test("adding takes both assets in proportion and no more (EXCHANGE-5)")
    func adding() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 100), Amount(whole: 400))
        try bazaar.send(
            .addLiquidity(
                AddLiquidity(
                    pool: 0, firstMost: Amount(whole: 50), secondMost: Amount(whole: 1_000))),
            from: 1)
        #expect(bazaar.balance(1) == Bazaar.plenty.subtracting(Amount(whole: 50)))
        #expect(
            bazaar.balance(1, Bazaar.coral) == Bazaar.plenty.subtracting(Amount(whole: 200)))
        #expect(bazaar.shares(1) == Amount(whole: 100))
        #expect(
            refusal {
                try bazaar.send(
                    .addLiquidity(
                        AddLiquidity(
                            pool: 0, firstMost: Amount(whole: 50), secondMost: Amount(whole: 50),
                            firstLeast: Amount(whole: 13))), from: 1)
            } == "slippage", "the price moved away from what was named")
        bazaar.expectSound()
    }

    @Test("removing gives back what shares are worth, and never the last thousand (EXCHANGE-6)")
    func removing() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 100), Amount(whole: 400))
        let all = bazaar.shares(0)
        #expect(
            refusal {
                try bazaar.send(
                    .removeLiquidity(
                        RemoveLiquidity(pool: 0, shares: all, firstLeast: Amount(whole: 100))),
                    from: 0)
            } == "slippage")
        try bazaar.send(.removeLiquidity(RemoveLiquidity(pool: 0, shares: all)), from: 0)
        let left = try #require(bazaar.queries.pool(0))
        #expect(left.shares == LiquidityPool.sharesKept)
        #expect(left.firstReserve == Amount(500) && left.secondReserve == Amount(2_000))
        #expect(
            refusal {
                try bazaar.send(
                    .removeLiquidity(RemoveLiquidity(pool: 0, shares: Amount(1))), from: 0)
            } == "amountTooSmall")
        bazaar.expectSound()
        // It goes on from what is left.
        try bazaar.send(
            .addLiquidity(
                AddLiquidity(
                    pool: 0, firstMost: Amount(whole: 1), secondMost: Amount(whole: 4))), from: 2)
        bazaar.expectSound()
    }

    @Test("locked liquidity stays until its lock ends (EXCHANGE-7)")
    func locks() throws {
        let bazaar = try Bazaar()
        try bazaar.send(
            .createPool(
                CreatePool(
                    AssetAmount(Amount(whole: 10), of: .native),
                    AssetAmount(Amount(whole: 10), of: Bazaar.coral), fee: 3_000,
                    lockedUntil: Timestamp(1_000))), from: 0)
        #expect(bazaar.shares(0) == .zero)
        let locked = try #require(bazaar.queries.lock(of: Bazaar.account(0), in: 0))
        #expect(
            refusal {
                try bazaar.send(
                    .removeLiquidity(RemoveLiquidity(pool: 0, shares: locked.shares)), from: 0)
            } == "poor")
        #expect(refusal { try bazaar.send(.unlock(pool: 0), from: 0) } == "tooEarly")
        #expect(refusal { try bazaar.send(.unlock(pool: 0), from: 1) } == "unknown")
        try bazaar.send(
            .addLiquidity(
                AddLiquidity(
                    pool: 0, firstMost: Amount(whole: 1), secondMost: Amount(whole: 1))), from: 0)
        #expect(
            refusal {
                try bazaar.send(.lock(pool: 0, shares: Amount(5), until: Timestamp(999)), from: 0)
            } == "badLock", "a lock is only ever made longer")
        try bazaar.send(.lock(pool: 0, shares: Amount(5), until: Timestamp(2_000)), from: 0)
        bazaar.wait(1_999)
        #expect(refusal { try bazaar.send(.unlock(pool: 0), from: 0) } == "tooEarly")
        bazaar.wait(1)
        try bazaar.send(.unlock(pool: 0), from: 0)
        #expect(bazaar.shares(0) == Amount(whole: 11).subtracting(LiquidityPool.sharesKept))
        bazaar.expectSound()
    }

    @Test("a quote says what a trade gives, its fee and its impact (EXCHANGE-3)")
    func quotes() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 1_000), Amount(whole: 2_000), fee: 10_000)
        let pool = try #require(bazaar.queries.pool(0))
        let quote = try #require(pool.quote(selling: .native, Amount(whole: 100)))
        #expect(quote.fee == Amount(whole: 1))
        // 2000 · 99 / 1099, rounded down; 99 / 1099 is 90,082 millionths, rounded up.
        #expect(quote.received == Amount("180.163785259326660600"))
        #expect(quote.impact == 90_082)
        try bazaar.sell(Amount(whole: 100), of: .native, least: quote.received, from: 3)
        #expect(
            bazaar.balance(3, Bazaar.coral) == Bazaar.plenty.adding(quote.received))
        #expect(pool.quote(selling: Bazaar.pearl, Amount(1)) == nil)
        bazaar.expectSound()
    }
}

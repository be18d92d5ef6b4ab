// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Exchange

@Suite("Attacks on pools and windows")
struct AttackTests {
    @Test("a sandwich costs its victim no more than the limit it named (EXCHANGE-3)")
    func sandwich() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 10_000), Amount(whole: 10_000))
        let victim = Amount(whole: 100)
        let fair = try #require(bazaar.queries.pool(0)?.quote(selling: .native, victim)).received
        let least = try #require(fair.scaled(by: 995_000, over: 1_000_000))
        // The villain pushes the price first: the victim's trade no longer happens.
        try bazaar.sell(Amount(whole: 1_000), of: .native, from: 1)
        #expect(
            refusal { try bazaar.sell(victim, of: .native, least: least, from: 2) } == "slippage")
        #expect(bazaar.balance(2) == Bazaar.plenty)
        // Going back costs the villain its fees.
        let bought = try #require(bazaar.balance(1, Bazaar.coral).subtracting(Bazaar.plenty))
        try bazaar.sell(bought, of: Bazaar.coral, from: 1)
        #expect(bazaar.balance(1) < Bazaar.plenty)
        // A smaller push stays within the victim's limit, and takes no more than that.
        try bazaar.sell(Amount(whole: 10), of: .native, from: 1)
        try bazaar.sell(victim, of: .native, least: least, from: 2)
        #expect(bazaar.balance(2, Bazaar.coral) >= Bazaar.plenty.adding(least) ?? .zero)
        bazaar.expectSound()
    }

    @Test("rounding is never for who trades, whatever the sizes (EXCHANGE-2)", arguments: 1...8)
    func rounding(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            func draw() -> Amount {
                Amount(UInt128(1) << UInt128(random.next(upperBound: 70 as UInt64)))
            }
            var pool = LiquidityPool(
                .native, draw(), Bazaar.coral, draw(), fee: random.next(upperBound: 50_001))
            let before = pool
            let sold = Amount(UInt128(random.next(upperBound: UInt64(1) << 40)) + 1)
            guard let quote = pool.quote(selling: .native, sold) else { continue }
            pool.trade(quote, selling: .native)
            #expect(pool.holdsProduct(of: before))
            // And straight back: never more than was there before.
            guard let back = pool.quote(selling: Bazaar.coral, quote.received) else { continue }
            #expect(back.received <= sold)
        }
    }

    @Test("tiny trades do not drain a pool: what buys nothing is refused (EXCHANGE-2)")
    func tinySwaps() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(2_000_000), Amount(1_001), fee: 100)
        for _ in 0..<50 {
            #expect(
                refusal { try bazaar.sell(Amount(1), of: .native, from: 1) } == "amountTooSmall")
            #expect(
                refusal { try bazaar.sell(Amount(1_000), of: .native, from: 1) }
                    == "amountTooSmall")
        }
        // The dear side in single units: each is paid in full.
        for _ in 0..<50 {
            let before = try #require(bazaar.queries.pool(0))
            _ = refusal { try bazaar.sell(Amount(1), of: Bazaar.coral, from: 1) }
            #expect(try #require(bazaar.queries.pool(0)).holdsProduct(of: before))
        }
        bazaar.expectSound()
    }

    @Test("a gift to the vault moves no price and no share (EXCHANGE-1)")
    func donation() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(2_000), Amount(2_000))
        let before = try #require(bazaar.queries.pool(0))
        try Bazaar.bank.deposit(
            Amount(whole: 1_000), of: .native, from: Bazaar.account(1),
            into: .reserve(0, .native), in: bazaar.context)
        #expect(bazaar.queries.pool(0) == before)
        let shares = bazaar.shares(0)
        try bazaar.send(
            .addLiquidity(
                AddLiquidity(
                    pool: 0, firstMost: Amount(whole: 1), secondMost: Amount(whole: 1))), from: 2)
        #expect(bazaar.shares(2) == Amount(whole: 1))
        #expect(bazaar.shares(0) == shares)
        // Only the law notices: the vault holds more than the record says.
        #expect(Bazaar.module.breaches(in: bazaar.context).count == 1)
    }

    @Test("the first provider cannot make shares so dear that the next one gets none (EXCHANGE-4)")
    func inflation() throws {
        let bazaar = try Bazaar()
        // The villain begins with as little as can be and owns one share of 1,001.
        try bazaar.openPool(Amount(1_001), Amount(1_001), fee: 50_000)
        #expect(bazaar.shares(0) == Amount(1))
        // All it can do is to trade to and fro: the fees go to the thousand shares of nobody.
        for _ in 0..<40 {
            let own = bazaar.balance(0, Bazaar.coral)
            try bazaar.sell(Amount(100_000), of: .native, from: 0)
            let bought = try #require(bazaar.balance(0, Bazaar.coral).subtracting(own))
            try bazaar.sell(bought, of: Bazaar.coral, from: 0)
        }
        let pool = try #require(bazaar.queries.pool(0))
        let stolen = pool.worth(of: Amount(1))
        let lost = try #require(
            Bazaar.plenty.subtracting(bazaar.balance(0))?.units)
        #expect(stolen.first.units * 900 < lost, "it paid a thousand times what it got")
        let most = Amount(whole: 1)
        try bazaar.send(
            .addLiquidity(AddLiquidity(pool: 0, firstMost: most, secondMost: most)), from: 1)
        let put = try #require(Bazaar.plenty.subtracting(bazaar.balance(1)))
        let worth = try #require(bazaar.queries.pool(0)).worth(of: bazaar.shares(1))
        #expect(put.units - worth.first.units <= 1, "the newcomer loses a base unit at most")
        bazaar.expectSound()
    }

    @Test("a provider who adds and leaves at once takes nothing of others (EXCHANGE-5)")
    func justInTime() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 3), Amount(whole: 7))
        try bazaar.sell(Amount("0.000000000000000777") ?? .zero, of: .native, from: 3)
        for part: UInt128 in [1, 999, 123_456_789, 1_000_000_000_000_000_000] {
            let before = bazaar.balance(1)
            let coral = bazaar.balance(1, Bazaar.coral)
            _ = refusal {
                try bazaar.send(
                    .addLiquidity(
                        AddLiquidity(
                            pool: 0, firstMost: Amount(part), secondMost: Amount(whole: 9))),
                    from: 1)
            }
            let shares = bazaar.shares(1)
            _ = refusal {
                try bazaar.send(
                    .removeLiquidity(RemoveLiquidity(pool: 0, shares: shares)), from: 1)
            }
            #expect(bazaar.balance(1) <= before && bazaar.balance(1, Bazaar.coral) <= coral)
        }
        bazaar.expectSound()
    }

    @Test("arithmetic at the edge of 128 bits is refused, not wrapped")
    func edges() throws {
        let half = Amount(.max / 2)
        let bazaar = try Bazaar(plenty: half, accounts: 2)
        try bazaar.openPool(half, half, fee: 100)
        let pool = try #require(bazaar.queries.pool(0))
        #expect(pool.shares == half)
        let quote = try #require(pool.quote(selling: .native, half))
        #expect(quote.received < half && quote.impact >= 499_000)
        #expect(pool.quote(selling: .native, Amount(.max)) == nil)
        try bazaar.sell(half, of: .native, from: 1)
        #expect(
            refusal { try bazaar.sell(Amount(3), of: .native, from: 1) } == "amountTooSmall")
        bazaar.expectSound()
        #expect(UInt128.squareRoot(of: .max, times: .max) == .max)
        #expect(UInt128.squareRoot(of: .max, times: .max - 1) == UInt128.max - 1)
        #expect(UInt128.squareRoot(of: 0, times: .max) == 0)
        #expect(UInt128.squareRoot(of: 10, times: 10) == 10)
        #expect(Amount(.max).scaledUp(by: .max, over: .max) == Amount(.max))
        #expect(Amount(.max).scaledUp(by: .max, over: .max - 1) == nil)
        #expect(Amount(1).scaledUp(by: 1, over: 3) == Amount(1))
        #expect(Amount(1).scaledUp(by: 1, over: 0) == nil)
    }

    @Test("an order that waited too long does not happen (EXCHANGE-3)")
    func expiry() throws {
        let bazaar = try Bazaar()
        try bazaar.openPool(Amount(whole: 10), Amount(whole: 10))
        let order = Swap(
            pool: 0, selling: AssetAmount(Amount(whole: 1), of: .native), least: .zero,
            expires: Timestamp(10))
        bazaar.wait(11)
        #expect(refusal { try bazaar.send(.swap(order), from: 1) } == "expired")
    }
}

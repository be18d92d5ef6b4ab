// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Staking

@Suite("Stake behind operators")
struct DelegationTests {
    let town: Town

    init() throws { town = try Town() }

    @Test("delegated stake counts behind its operator, in both kinds (STAKING-13)")
    func delegate() throws {
        try town.delegate(100, to: 0, from: 4)
        try town.delegate(50, to: 0, from: 5, compounds: true)
        #expect(town.spent(4) == Amount(whole: 100))
        #expect(
            town.validators.backing(of: Town.account(0), in: town.context) == Amount(whole: 150))
        #expect(town.worth(4, 0) == Amount(whole: 100) && town.worth(5, 0) == Amount(whole: 50))
        town.expectSound()
    }

    @Test("strangers, closed operators and small change are refused (STAKING-13)")
    func refused() throws {
        #expect(refusal { try town.delegate(100, to: 9, from: 4) } == "unknownOperator")
        #expect(refusal { try town.delegate(9, to: 0, from: 4) } == "amountTooSmall")
        town.validators.set(
            Town.account(1), own: Amount(whole: 1), isOpen: false, in: town.context)
        #expect(refusal { try town.delegate(100, to: 1, from: 4) } == "operatorClosed")
        #expect(refusal { try town.delegate(2_000_000, to: 0, from: 4) } == "poor")
        #expect(town.spent(4) == .zero)
    }

    @Test("stake comes back by itself after its last epoch and the delay (STAKING-18)")
    func undelegate() throws {
        try town.delegate(100, to: 0, from: 4)
        try town.send(.undelegate(town.order(40, 0)), from: 4)
        #expect(town.worth(4, 0) == Amount(whole: 60))
        town.cut(3)
        #expect(town.spent(4) == Amount(whole: 100))
        town.cut()
        #expect(town.spent(4) == Amount(whole: 60))
        #expect(try town.pool(0).leaving == .zero)
    }

    @Test("what is left is enough or nothing, and asking for more takes all (STAKING-13)")
    func remainder() throws {
        try town.delegate(100, to: 0, from: 4)
        #expect(
            refusal { try town.send(.undelegate(town.order(95, 0)), from: 4) } == "amountTooSmall")
        try town.send(.undelegate(town.order(5_000, 0)), from: 4)
        #expect(town.queries.delegation(of: Town.account(4), behind: Town.account(0)) == nil)
        #expect(
            refusal { try town.send(.undelegate(town.order(5, 0)), from: 4) }
                == "unknownDelegation")
        town.expectSound()
    }

    @Test("an offence costs the pool, and everybody in it alike (STAKING-12, STAKING-23)")
    func punished() throws {
        try town.delegate(100, to: 0, from: 4)
        try town.delegate(300, to: 0, from: 5, compounds: true)
        town.punish(0, of: 0, to: 50_000)
        #expect(town.worth(4, 0) == Amount(whole: 95) && town.worth(5, 0) == Amount(whole: 285))
        #expect(town.bank.balance(of: .penalties, in: town.context) == Amount(whole: 16))
        // The same offence, found to be worse: a tenth of the first stake in all.
        town.punish(0, of: 0, from: 50_000, to: 100_000)
        #expect(town.worth(4, 0) == Amount(whole: 90))
        town.expectSound()
    }

    @Test("slash dodging by undelegating fails: what left answers for its epochs (STAKING-18)")
    func slashDodgingByUndelegating() throws {
        try town.delegate(100, to: 0, from: 4)
        town.cut()
        try town.send(.undelegate(town.order(100, 0)), from: 4)
        town.cut()
        town.punish(0, of: 1, to: 300_000)
        town.cut(3)
        #expect(town.spent(4) == Amount(whole: 30))
        #expect(try town.pool(0).leaving == .zero)
    }

    @Test("who left before an offence's epoch does not answer for it (STAKING-18)")
    func innocent() throws {
        try town.delegate(100, to: 0, from: 4)
        try town.send(.undelegate(town.order(100, 0)), from: 4)
        town.cut(2)
        town.punish(0, of: 1, to: 300_000)
        town.cut(2)
        #expect(town.spent(4) == .zero)
    }

    @Test("an offence known before somebody leaves is not paid twice (STAKING-18)")
    func onceOnly() throws {
        try town.delegate(100, to: 0, from: 4)
        town.punish(0, of: 0, to: 100_000)
        try town.send(.undelegate(town.order(100, 0)), from: 4)
        town.cut(4)
        #expect(town.spent(4) == Amount(whole: 10))
    }

    @Test("redelegated stake counts at once and cannot go on or leave (STAKING-19)")
    func redelegate() throws {
        try town.delegate(100, to: 0, from: 4)
        try town.send(
            .redelegate(MoveOrder(from: town.order(100, 0), to: Town.account(1))), from: 4)
        #expect(
            town.validators.backing(of: Town.account(1), in: town.context) == Amount(whole: 100))
        #expect(refusal { try town.send(.undelegate(town.order(100, 1)), from: 4) } == "unripe")
        #expect(
            refusal {
                try town.send(
                    .redelegate(MoveOrder(from: town.order(50, 1), to: Town.account(2))), from: 4)
            } == "unripe")
        town.cut(4)
        try town.send(.undelegate(town.order(100, 1)), from: 4)
        #expect(
            refusal {
                try town.send(
                    .redelegate(MoveOrder(from: town.order(50, 1), to: Town.account(1))), from: 4)
            } == "sameOperator")
        town.expectSound()
    }

    @Test("slash dodging by redelegating fails: it answers for the first operator (STAKING-19)")
    func slashDodgingByRedelegating() throws {
        for compounds in [false, true] {
            try town.delegate(100, to: 0, from: 4, compounds: compounds)
            try town.send(
                .redelegate(
                    MoveOrder(
                        from: town.order(100, 0, compounds), to: Town.account(compounds ? 1 : 2))),
                from: 4)
        }
        town.punish(0, of: 0, to: 500_000)
        for place in [1, 2] {
            try town.send(
                .settle(owner: Town.account(4), operator: Town.account(place)), from: 9)
            #expect(town.worth(4, place) == Amount(whole: 50))
            // Asking again takes nothing more.
            try town.send(
                .settle(owner: Town.account(4), operator: Town.account(place)), from: 9)
            #expect(town.worth(4, place) == Amount(whole: 50))
        }
        town.cut(4)
        try town.send(.undelegate(town.order(100, 2)), from: 4)
        town.expectSound()
    }

    @Test("shares become an asset that anybody may hold and turn back (STAKING-20)")
    func liquid() throws {
        try town.delegate(100, to: 0, from: 4, compounds: true)
        let shares = Amount(whole: 60)
        try town.send(.tokenize(Town.account(0), shares: shares.units), from: 4)
        let asset = ModuleID.staking.asset(0)
        #expect(town.balance(4, asset) == shares && town.worth(4, 0) == Amount(whole: 40))
        try town.bank.redeem(shares, of: asset, from: Town.account(4), in: town.context)
        town.bank.give(shares, asset, to: Town.account(5), in: town.context)
        town.punish(0, of: 0, to: 100_000)
        try town.send(.redeem(Town.account(0), shares: shares.units), from: 5)
        #expect(town.worth(5, 0) == Amount(whole: 54) && town.worth(4, 0) == Amount(whole: 36))
        #expect(
            refusal { try town.send(.redeem(Town.account(0), shares: 1), from: 5) }
                == "amountTooLarge")
        town.expectSound()
    }

    @Test("a share asset cannot shed what redelegated shares answer for (STAKING-19)")
    func unripeAsset() throws {
        try town.delegate(100, to: 0, from: 4, compounds: true)
        try town.send(
            .redelegate(MoveOrder(from: town.order(100, 0, true), to: Town.account(1))), from: 4)
        #expect(
            refusal { try town.send(.tokenize(Town.account(1), shares: 1), from: 4) } == "unripe")
    }

    @Test("a pool that lost everything takes nothing more, and costs nobody more (STAKING-14)")
    func ruined() throws {
        try town.delegate(100, to: 0, from: 4)
        town.punish(0, of: 0, to: 1_000_000)
        #expect(town.worth(4, 0) == .zero)
        #expect(refusal { try town.delegate(100, to: 0, from: 5) } == "poolRuined")
        town.punish(0, of: 0, from: 1_000_000, to: 1_000_000)
        town.expectSound()
    }

    @Test("dear shares cannot rob who comes after: the order is refused (STAKING-14)")
    func inflatedShares() throws {
        try town.delegate(10, to: 0, from: 4, compounds: true)
        try town.send(
            .tokenize(Town.account(0), shares: Amount(whole: 10).units), from: 4)
        try town.send(.redeem(Town.account(0), shares: 1), from: 4)
        // All shares but one leave, through the asset, and rewards make the last one dear.
        try town.send(
            .redeem(Town.account(0), shares: Amount(whole: 10).units - 1), from: 4)
        var pool = try town.pool(0)
        pool.compounding = SharedStake(tokens: Amount(whole: 10), shares: 3)
        #expect(pool.compounding.shares(for: Amount(whole: 10)) == 3)
        #expect(pool.compounding.shares(for: Amount(whole: 5)) == 1)
        #expect(
            refusal {
                _ = try town.module.buy(
                    Amount(whole: 5), of: &pool, compounds: true, for: Town.account(5),
                    in: town.context)
            } == "roundingTooLarge")
    }
}

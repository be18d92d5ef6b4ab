// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Staking

@Suite("Bonds of roles")
struct BondTests {
    static let week: UInt64 = 604_800_000

    /// Compute asks for 1,000 units and 500 of the coral asset (CO-05).
    static let dual: JSON = [
        "roles": [
            [
                "role": "compute", "baseMin": "1000", "asset": 5, "secondMin": "500",
                "unbondingMilliseconds": 604_800_000,
            ],
            ["role": "storage", "baseMin": "500"],
        ]
    ]

    private func opened(_ base: UInt64 = 1_500, second: UInt64 = 600) throws -> Town {
        let town = try Town(Self.dual)
        try town.send(
            .openBond(
                OpenBond(
                    role: .compute, base: Amount(whole: base), second: Amount(whole: second))),
            from: 4)
        return town
    }

    @Test("a role bonds both of its assets, and no less than its row says (STAKING-2)")
    func dualBond() throws {
        let town = try opened()
        #expect(town.spent(4) == Amount(whole: 1_500))
        #expect(
            town.balance(4, Town.coral) == Amount(whole: 1_000_000 - 600))
        for (base, second) in [(999, 500), (1_000, 499)] as [(UInt64, UInt64)] {
            let small = OpenBond(
                role: .compute, base: Amount(whole: base), second: Amount(whole: second))
            #expect(refusal { try town.send(.openBond(small), from: 5) } == "amountTooSmall")
        }
        let once = OpenBond(
            role: .compute, base: Amount(whole: 1_000), second: Amount(whole: 500))
        #expect(refusal { try town.send(.openBond(once), from: 4) } == "alreadyBonded")
        town.expectSound()
    }

    @Test("a role without a row is closed, and one without an asset takes no second bond")
    func closed() throws {
        let town = try Town(Self.dual)
        let closed = OpenBond(role: .gateway, base: Amount(whole: 5_000))
        #expect(refusal { try town.send(.openBond(closed), from: 4) } == "roleClosed")
        let second = OpenBond(
            role: .storage, base: Amount(whole: 500), second: Amount(whole: 1))
        #expect(refusal { try town.send(.openBond(second), from: 4) } == "noSecondAsset")
        #expect(town.spent(4) == .zero)
    }

    @Test("a part comes back by itself after the delay, and what stays is enough (STAKING-4)")
    func partial() throws {
        let town = try opened()
        let part = BondAmounts(
            role: .compute, base: Amount(whole: 400), second: Amount(whole: 100))
        try town.send(.reduceBond(part), from: 4)
        let more = BondAmounts(role: .compute, base: Amount(whole: 101))
        #expect(refusal { try town.send(.reduceBond(more), from: 4) } == "amountTooSmall")
        town.end(Self.week - 1)
        town.end(1)
        #expect(town.spent(4) == Amount(whole: 1_500))
        town.end()
        #expect(town.spent(4) == Amount(whole: 1_100))
        #expect(town.balance(4, Town.coral) == Amount(whole: 1_000_000 - 500))
        #expect(try town.bond(.compute, 4).parts.isEmpty)
    }

    @Test("leaving lets all come back, and the role may be taken again (STAKING-1, STAKING-5)")
    func life() throws {
        let town = try opened()
        try town.send(.pause(.compute), from: 4)
        #expect(refusal { try town.send(.pause(.compute), from: 4) } == "wrongStatus")
        try town.send(.resume(.compute), from: 4)
        try town.send(.leave(.compute), from: 4)
        #expect(try town.bond(.compute, 4).status == .unbonding)
        #expect(refusal { try town.send(.leave(.compute), from: 4) } == "wrongStatus")
        town.end(Self.week)
        town.end()
        #expect(try town.bond(.compute, 4).status == .withdrawn)
        #expect(town.spent(4) == .zero && town.queries.totals(of: .compute).count == 0)
        try town.send(
            .openBond(
                OpenBond(
                    role: .compute, base: Amount(whole: 1_000), second: Amount(whole: 500))),
            from: 4)
        #expect(town.queries.totals(of: .compute).base == Amount(whole: 1_000))
    }

    @Test("seven parts may wait, and leaving is possible all the same (STAKING-4, STAKING-5)")
    func parts() throws {
        let town = try opened(2_000)
        let part = BondAmounts(role: .compute, base: Amount(whole: 1))
        for _ in 0..<7 {
            try town.send(.reduceBond(part), from: 4)
            town.end()
        }
        #expect(refusal { try town.send(.reduceBond(part), from: 4) } == "tooManyParts")
        try town.send(.leave(.compute), from: 4)
        #expect(try town.bond(.compute, 4).parts.count == 8)
        town.end(Self.week)
        town.end()
        #expect(town.spent(4) == .zero)
    }

    @Test("a bond can be added to while it stands, and not when it leaves (STAKING-3)")
    func add() throws {
        let town = try opened()
        try town.send(
            .addBond(
                BondAmounts(role: .compute, base: Amount(whole: 5), second: Amount(whole: 6))),
            from: 4)
        #expect(try town.bond(.compute, 4).base == Amount(whole: 1_505))
        #expect(try town.bond(.compute, 4).second == Amount(whole: 606))
        try town.send(.leave(.compute), from: 4)
        #expect(
            refusal {
                try town.send(
                    .addBond(BondAmounts(role: .compute, base: Amount(whole: 5))), from: 4)
            } == "wrongStatus")
    }

    @Test("a lock holds, multiplies the vote's root, and is only made longer (STAKING-10)")
    func locks() throws {
        let town = try Town()
        try town.send(
            .openBond(OpenBond(role: .holder, base: Amount(whole: 10_000), lock: 3)), from: 4)
        #expect(town.queries.lockedWeight(of: Town.account(4)) == 175_000_000)
        #expect(refusal { try town.send(.leave(.holder), from: 4) } == "locked")
        #expect(refusal { try town.send(.extendLock(.holder, lock: 2), from: 4) } == "badLock")
        try town.send(.extendLock(.holder, lock: 4), from: 4)
        #expect(town.queries.lockedWeight(of: Town.account(4)) == 200_000_000)
        town.end(1_460 * 86_400_000)
        try town.send(.leave(.holder), from: 4)
        town.end(89 * 86_400_000)
        town.end()
        #expect(town.spent(4) == Amount(whole: 10_000))
        town.end(86_400_000)
        town.end()
        #expect(town.spent(4) == .zero)
    }

    @Test("breaking a lock costs two in a hundred, and the way back is as long (STAKING-11)")
    func breakLock() throws {
        let town = try Town()
        try town.send(
            .openBond(OpenBond(role: .holder, base: Amount(whole: 10_000), lock: 4)), from: 4)
        try town.send(.breakLock(.holder), from: 4)
        #expect(try town.bond(.holder, 4).base == Amount(whole: 9_800))
        #expect(town.bank.balance(of: .penalties, in: town.context) == Amount(whole: 160))
        #expect(town.bank.burnt(in: town.context) == Amount(whole: 40))
        try town.send(.leave(.holder), from: 4)
        #expect(
            try town.bond(.holder, 4).parts[0].due
                == town.context.block.time.advanced(by: 90 * 86_400_000))
        town.expectSound()
    }

    @Test("bonds of one owner, region or country count no more than their share (STAKING-9)")
    func domains() throws {
        let town = try Town(["countryPartsPerMillion": 1_000_000])
        let places = [("AA", "one", "big"), ("AA", "one", "big"), ("BB", "two", "small")]
        for (index, place) in places.enumerated() {
            let domain = FailureDomain(country: place.0, region: place.1, entity: place.2)
            try town.send(
                .openBond(
                    OpenBond(role: .holder, base: Amount(whole: 4_000), domain: domain)),
                from: 4 + index)
        }
        // A fifth of 12,000 is 2,400, which the two of one owner share.
        #expect(
            town.queries.effectiveBond(.holder, of: Town.account(4)) == Amount(whole: 1_200))
        #expect(
            town.queries.effectiveBond(.holder, of: Town.account(6)) == Amount(whole: 2_400))
        let wrong = FailureDomain(country: "a1", region: "x", entity: "y")
        #expect(
            refusal {
                try town.send(
                    .openBond(
                        OpenBond(role: .holder, base: Amount(whole: 4_000), domain: wrong)),
                    from: 8)
            } == "badDomain")
    }
}

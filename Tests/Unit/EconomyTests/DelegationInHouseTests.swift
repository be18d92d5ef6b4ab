// SPDX-License-Identifier: Apache-2.0
import Accounts
import JSONText
import Ledger
import LedgerSupport
import Staking
import Testing
import Validators
import Vocabulary

@Suite("Delegation between the real rooms")
struct DelegationInHouseTests {
    static let parts: JSON = [
        "validators": [
            "unbondingEpochs": 2, "jailEpochs": 2, "slashPartsPerMillion": 100_000,
            "capPartsPerMillion": 1_000_000,
        ],
        "staking": [
            "budget": ["account": .string("\(Reef.account(19))"), "amount": "1000"]
        ],
    ]

    private func order(_ whole: UInt64, _ place: Int, compounds: Bool = false) -> StakeOrder {
        StakeOrder(
            operator: Reef.account(place), amount: Amount(whole: whole), compounds: compounds)
    }

    @Test("what is delegated counts in the weight of the next set (STAKING-13, VALIDATORS-15)")
    func weight() throws {
        let reef = try Reef(Self.parts)
        try reef.join(5, stake: 200)
        try reef.send(.delegate(order(300, 5)), from: 6)
        reef.cut()
        let seats = try #require(ValidatorsQueries(reef.context).seats(of: Epoch(1)))
        #expect(seats.seats.first?.account == Reef.account(5) && seats.seats[0].weight == 500)
        try reef.send(.undelegate(order(300, 5)), from: 6)
        reef.cut()
        #expect(try reef.member(5).stake == Amount(whole: 200))
    }

    @Test("an offence reaches bond, pool and what has left, and pays the honest (STAKING-23)")
    func punished() throws {
        let reef = try Reef(Self.parts)
        try reef.join(5, stake: 200)
        try reef.send(.delegate(order(100, 5)), from: 6)
        try reef.send(.delegate(order(100, 5, compounds: true)), from: 7)
        reef.cut()
        try reef.send(.undelegate(order(100, 5)), from: 6)
        let before = reef.supply
        try reef.send(reef.evidence(against: 5, in: 1), from: 8)
        #expect(try reef.member(5).bond == Amount(whole: 180))
        #expect(try reef.member(5).backing == Amount(whole: 90))
        // A fifth of what 200 and 100 lost.
        #expect(before.subtracting(reef.supply) == Amount(whole: 6))
        #expect(refusal { try reef.send(.delegate(order(100, 5)), from: 6) } == "operatorClosed")
        let earned = reef.balance(0)
        reef.cut()
        try reef.send(.claim(Reef.account(0)), from: 0)
        // Four honest founders of equal weight share 24 units, and what the budget released.
        #expect(try #require(reef.balance(0).subtracting(earned)) >= Amount(whole: 6))
        reef.cut(3)
        #expect(
            Amount(whole: 1_000_000).subtracting(reef.balance(6)) == Amount(whole: 10))
    }

    @Test("share assets live in accounts: they are sent and redeemed by others (STAKING-20)")
    func liquid() throws {
        let reef = try Reef(Self.parts)
        try reef.send(.delegate(order(100, 0, compounds: true)), from: 6)
        let shares = Amount(whole: 100)
        try reef.send(.tokenize(Reef.account(0), shares: shares.units), from: 6)
        let asset = ModuleID.staking.asset(0)
        try reef.send(
            AccountsMessage.transfer(
                Transfer([Transfer.Part(to: Reef.account(7), shares, of: asset)])
            ).message, from: 6)
        try reef.send(.redeem(Reef.account(0), shares: shares.units), from: 7)
        let worth = StakingQueries(reef.context).worth(
            of: Reef.account(7), behind: Reef.account(0))
        #expect(worth >= Amount(whole: 100))
        #expect(reef.house.accounts.asset(asset, in: reef.context)?.supply == .zero)
        reef.cut()
    }

    @Test("flash stake fails: it counts in no weight and earns nothing (STAKING-13, STAKING-15)")
    func flashStake() throws {
        let reef = try Reef(Self.parts)
        reef.cut()
        try reef.send(.delegate(order(500_000, 0)), from: 6)
        try reef.send(.undelegate(order(500_000, 0)), from: 6)
        reef.cut()
        let seats = try #require(ValidatorsQueries(reef.context).seats(of: Epoch(2)))
        #expect(Set(seats.seats.map(\.weight)) == [100])
        reef.cut(3)
        #expect(reef.balance(6) == Amount(whole: 1_000_000))
    }
}

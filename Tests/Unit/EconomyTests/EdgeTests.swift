// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import LedgerSupport
import Staking
import Testing
import Treasury
import Validators
import Vocabulary

/// What happens at the ends of what an amount can be, and in other orders.
@Suite("Edges and orders")
struct EdgeTests {
    /// The largest amounts, one off, halves that add up to more than there is, and what a share in
    /// millionths would multiply beyond 128 bits.
    static let edges = [
        Amount(.max), Amount(.max - 1), Amount(.max / 2 + 1), Amount(UInt128(1) << 127),
        Amount(.max / 1_000_000 + 1),
    ]

    @Test(
        "arithmetic at 2^128 edges: every message with such an amount is refused, and nothing moves"
    )
    func largest() throws {
        let reef = try Reef(LawInHouseTests.parts)
        try reef.send(.delegate(order(Amount(whole: 100))), from: 6)
        try reef.send(
            .openBond(OpenBond(role: .holder, base: Amount(whole: 1_000))), from: 6)
        try reef.send(GovernanceMessage.lock(Amount(whole: 1_000)).message, from: 6)
        reef.end()
        let before = (0..<20).map { reef.balance($0) }
        for amount in Self.edges {
            for message in messages(amount) {
                #expect(refusal { try reef.send(message, from: 6) } != nil)
            }
        }
        #expect((0..<20).map { reef.balance($0) } == before)
        reef.cut(2)
    }

    private func order(_ amount: Amount, compounds: Bool = false) -> StakeOrder {
        StakeOrder(operator: Reef.account(0), amount: amount, compounds: compounds)
    }

    /// Messages that would take an amount from whoever sends them.
    private func messages(_ amount: Amount) -> [Message] {
        let bond = BondAmounts(role: .holder, base: amount)
        let staking: [StakingMessage] = [
            .delegate(order(amount)), .delegate(order(amount, compounds: true)),
            .openBond(OpenBond(role: .compute, base: amount)), .addBond(bond), .reduceBond(bond),
            .tokenize(Reef.account(0), shares: amount.units),
            .redeem(Reef.account(0), shares: amount.units), .fund(amount),
        ]
        let schedule = Schedule.curve(Schedule.Curve(start: Timestamp(0), duration: 10))
        let terms = AuctionTerms(
            asset: AssetID(5), supply: amount, startPrice: amount, endPrice: Amount(1),
            start: Timestamp(0), end: Timestamp(.max / 2), cap: amount)
        let treasury: [TreasuryMessage] = [
            .deposit(pool: 0, asset: .native, amount: amount),
            .createGrant(
                CreateGrant(
                    source: .account(Reef.account(6)), receiver: .account(Reef.account(7)),
                    amount: amount, schedule: schedule)),
            .createAirdrop(
                CreateAirdrop(
                    source: .account(Reef.account(6)), amount: amount, root: .zero, leaves: 1,
                    opens: Timestamp(0), expires: Timestamp(.max / 2))),
            .createAuction(terms, source: .account(Reef.account(6))),
        ]
        let transfer = Transfer([
            Transfer.Part(to: Reef.account(7), amount), Transfer.Part(to: Reef.account(8), amount),
        ])
        return staking.map(\.message) + treasury.map(\.message)
            + [
                AccountsMessage.transfer(transfer).message,
                GovernanceMessage.lock(amount).message, GovernanceMessage.unlock(amount).message,
                ValidatorsMessage.addStake(amount).message,
            ]
    }

    @Test(
        "people of one block may come in any order: all have the same in the end", arguments: 1...4)
    func orders(_ seed: UInt64) throws {
        func outcome(_ shuffle: Bool) throws -> [Amount] {
            var random = SeededGenerator(seed: seed)
            let reef = try Reef(RandomEconomyTests.parts)
            var sends: [(Message, Int)] = []
            for place in 4..<16 {
                let whole = Amount(whole: 50 + random.next(upperBound: 500 as UInt64))
                let target = Int(random.next(upperBound: 4 as UInt64))
                let order = StakeOrder(
                    operator: Reef.account(target), amount: whole,
                    compounds: place.isMultiple(of: 2))
                sends.append((StakingMessage.delegate(order).message, place))
                sends.append((GovernanceMessage.lock(whole).message, place))
                sends.append(
                    (
                        TreasuryMessage.deposit(pool: 0, asset: .native, amount: whole).message,
                        place
                    ))
            }
            try all(sends, on: reef, shuffle, &random)
            reef.cut(3)
            let claims = (4..<16).flatMap { place in
                (0..<4).map { target in
                    (StakingMessage.claim(Reef.account(target)).message, place)
                }
            }
            try all(claims, on: reef, shuffle, &random)
            reef.cut(2)
            return (0..<20).map { reef.balance($0) }
        }
        #expect(try outcome(false) == outcome(true))
    }

    /// Sends all of it; claims of those with nothing to claim are refused in every order.
    private func all(
        _ sends: [(Message, Int)], on reef: Reef, _ shuffle: Bool, _ random: inout SeededGenerator
    ) throws {
        for (message, place) in shuffle ? sends.shuffled(using: &random) : sends {
            _ = refusal { try reef.send(message, from: place) }
        }
    }

    @Test(
        "treasury drain over epochs fails: no grant or new owner goes around a limit"
    )
    func drains() throws {
        let reef = try Reef()
        try reef.send(
            TreasuryMessage.createPool(name: "p", owner: Reef.account(6)).message, from: 6)
        let week: UInt64 = 7 * LawInHouseTests.day
        for message in [
            TreasuryMessage.deposit(pool: 0, asset: .native, amount: Amount(whole: 1_000)),
            .setLimit(pool: 0, asset: .native, amount: Amount(whole: 10), period: week),
        ] { try reef.send(message.message, from: 6) }
        let pay = TreasuryMessage.spend(
            pool: 0, payments: [Payment(to: Reef.account(7), Amount(whole: 6))])
        let start = reef.balance(7)
        // Half-hour epochs for three weeks: at most one period's worth in each week begun.
        for _ in 0..<(3 * 7 * 8) {
            _ = refusal { try reef.send(pay.message, from: 6) }
            reef.end(10_800_000)
        }
        let drained = try #require(reef.balance(7).subtracting(start))
        #expect(drained <= Amount(whole: 40) && drained >= Amount(whole: 18))
        // Neither a grant nor another owner goes around it.
        let grant = CreateGrant(
            source: .pool(0), receiver: .account(Reef.account(6)), amount: Amount(whole: 500),
            schedule: .milestones([1_000_000]))
        #expect(
            refusal { try reef.send(TreasuryMessage.createGrant(grant).message, from: 6) }
                == "outflowExceeded")
        try reef.send(TreasuryMessage.setOwner(pool: 0, owner: Reef.account(8)).message, from: 6)
        let all = TreasuryMessage.spend(
            pool: 0, payments: [Payment(to: Reef.account(8), Amount(whole: 500))])
        #expect(refusal { try reef.send(all.message, from: 8) } == "outflowExceeded")
    }
}

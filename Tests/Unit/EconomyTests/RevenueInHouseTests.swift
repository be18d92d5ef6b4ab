// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import LedgerSupport
import NodeAssembly
import Revenue
import Staking
import Testing
import Treasury
import Vocabulary

@Suite("Fees and payments between the real rooms")
struct RevenueInHouseTests {
    private func parts(_ revenue: JSON, version: UInt64 = 2) -> JSON {
        [
            "treasury": [
                "pools": [["name": "common", "owner": .string("\(GovernanceKeys.account)")]]
            ],
            "governance": ["version": JSON(version)], "revenue": revenue,
        ]
    }

    /// What a transaction's fee does in a block.
    private func pay(_ whole: UInt64, from place: Int, on reef: Reef) throws {
        let receiver = reef.house.fees.receiver(of: Reef.account(0), in: reef.context)
        try reef.house.fees.charge(
            Amount(whole: whole), to: Reef.account(place), for: receiver, in: reef.context)
    }

    private func common(_ reef: Reef) -> Amount {
        let key = EscrowKey(module: .treasury, id: Chest(.pool(0), .native).id)
        return reef.house.accounts.escrow(key, in: reef.context)?.amount ?? .zero
    }

    @Test("fees are burnt, given to all and to the proposer when the block ends (REVENUE-1, OP-19)")
    func fees() throws {
        let reef = try Reef(
            parts([
                "feeBurn": 200_000, "feeTreasury": 300_000, "feeProposer": 500_000,
                "treasuryPool": 0,
            ]))
        let (supply, proposer) = (reef.supply, reef.balance(0))
        try pay(7, from: 9, on: reef)
        try pay(3, from: 8, on: reef)
        #expect(reef.balance(0) == proposer)
        reef.end()
        #expect(supply.subtracting(reef.supply) == Amount(whole: 2))
        #expect(common(reef) == Amount(whole: 3))
        #expect(reef.balance(0).subtracting(proposer) == Amount(whole: 5))
        #expect(RevenueQueries(reef.context).totals.fees == Amount(whole: 10).units)
    }

    @Test("before the second version of the rules every fee is the proposer's (UPGRADES-2)")
    func oldRules() throws {
        let reef = try Reef(parts(["feeBurn": 1_000_000, "feeProposer": 0], version: 1))
        let (supply, proposer) = (reef.supply, reef.balance(0))
        try pay(10, from: 9, on: reef)
        reef.end()
        #expect(reef.supply == supply)
        #expect(reef.balance(0).subtracting(proposer) == Amount(whole: 10))
    }

    @Test("what all validators get is shared at the next cut with those behind them (STAKING-16)")
    func validators() throws {
        let revenue: JSON = ["feeValidators": 1_000_000, "feeProposer": 0, "treasuryPool": 0]
        let reef = try Reef(parts(revenue))
        reef.cut()
        try pay(400, from: 9, on: reef)
        reef.cut()
        for place in 0..<4 {
            let pool = StakingQueries(reef.context).pool(of: Reef.account(place))
            #expect(pool?.earned == Amount(whole: 100))
        }
    }

    @Test("a proposal changes how fees are divided, all shares at once or not at all (REVENUE-1)")
    func vote() throws {
        let reef = try Reef(parts(["feeBurn": 200_000, "feeProposer": 800_000]))
        try reef.send(GovernanceMessage.lock(Amount(whole: 5_000)).message, from: 6)
        func change(_ burn: String, _ proposer: String) -> Message {
            let changes = [("feeBurn", burn), ("feeProposer", proposer)].map {
                FigureChange(module: .revenue, name: $0.0, value: $0.1)
            }
            let draft = Draft(kind: .parameter, title: "fees", changes: changes)
            return GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message
        }
        #expect(refusal { try reef.send(change("300000", "800000"), from: 6) } == "badChange")
        try reef.send(change("300000", "700000"), from: 6)
    }
}

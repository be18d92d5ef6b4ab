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

@Suite("Law and money between the real rooms")
struct LawInHouseTests {
    static let day: UInt64 = 86_400_000

    /// Pool 0 is the governance's and holds a thousand.
    static let parts: JSON = [
        "treasury": [
            "pools": [
                [
                    "name": "common", "owner": .string("\(GovernanceKeys.account)"),
                    "holdings": [["account": .string("\(Reef.account(19))"), "amount": "1000"]],
                ]
            ]
        ],
        "governance": [
            "clauses": [["module": 5, "figure": "seatsMin", "protection": "unamendable"]]
        ],
    ]

    private func order(_ whole: UInt64, _ place: Int) -> StakeOrder {
        StakeOrder(operator: Reef.account(place), amount: Amount(whole: whole))
    }

    private func pass(_ draft: Draft, on reef: Reef) throws -> Proposal {
        let number = UInt64(GovernanceQueries(reef.context).proposals().count)
        try reef.send(
            GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message, from: 6)
        reef.end(Self.day)
        reef.end()
        try reef.send(GovernanceMessage.vote(number, .yes).message, from: 6)
        reef.end(8 * Self.day)
        reef.end(3 * Self.day)
        reef.end()
        reef.end()
        return try #require(GovernanceQueries(reef.context).proposal(number))
    }

    @Test("who delegates may propose; what passed changes a figure of another room")
    func figure() throws {
        let reef = try Reef(Self.parts)
        try reef.send(.delegate(order(5_000, 0)), from: 6)
        let draft = Draft(
            kind: .parameter, title: "commissions",
            changes: [FigureChange(module: .staking, name: "commissionMax", value: "150000")])
        #expect(try pass(draft, on: reef).stage == .executed)
        #expect(StakingQueries(reef.context).parameters.commissionMax == 150_000)
        let range = Draft(
            kind: .parameter, title: "commissions",
            changes: [FigureChange(module: .staking, name: "commissionMax", value: "1000001")])
        #expect(
            refusal {
                try reef.send(
                    GovernanceMessage.propose(range, deposit: Amount(whole: 100)).message, from: 6)
            } == "badChange")
    }

    @Test("what passed pays out of the common pool, and nobody else does")
    func payment() throws {
        let reef = try Reef(Self.parts)
        try reef.send(GovernanceMessage.lock(Amount(whole: 5_000)).message, from: 6)
        let spend = TreasuryMessage.spend(
            pool: 0, payments: [Payment(to: Reef.account(8), Amount(whole: 250))])
        #expect(refusal { try reef.send(spend.message, from: 6) } == "notAllowed")
        let draft = Draft(kind: .treasury, title: "a grant", messages: [spend.message])
        #expect(try pass(draft, on: reef).stage == .executed)
        #expect(reef.balance(8) == Amount(whole: 1_000_250))
    }

    @Test("an unamendable figure of another room stays, and so does the least bond")
    func protected() throws {
        let reef = try Reef(Self.parts)
        try reef.send(GovernanceMessage.lock(Amount(whole: 5_000)).message, from: 6)
        for (figure, value, reason) in [
            ("seatsMin", "2", "unamendable"), ("stakeMin", "\"1\"", "badChange"),
        ] {
            let draft = Draft(
                kind: .parameter, title: "t",
                changes: [FigureChange(module: .validators, name: figure, value: value)])
            #expect(
                refusal {
                    try reef.send(
                        GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message,
                        from: 6)
                } == reason)
        }
    }

    @Test("an account of several signers delegates, claims and votes as any other")
    func multisig() throws {
        let reef = try Reef(Self.parts)
        let members = [Reef.account(1), Reef.account(2)].sorted()
        try reef.send(
            TreasuryMessage.createMultisig(members: members, threshold: 2).message, from: 1)
        let told = try #require(
            reef.context.events.last {
                $0.module == .treasury && $0.kind == TreasuryEventKind.multisigChanged.rawValue
            })
        let council = AccountID(told.subject)
        try reef.send(
            AccountsMessage.transfer(
                Transfer([Transfer.Part(to: council, Amount(whole: 500))])
            ).message, from: 3)
        let decision = TreasuryMessage.propose(
            council,
            messages: [
                StakingMessage.delegate(order(300, 0)).message,
                GovernanceMessage.lock(Amount(whole: 100)).message,
            ], expires: Timestamp(.max))
        try reef.send(decision.message, from: 1)
        try reef.send(TreasuryMessage.approve(council, number: 0).message, from: 2)
        let power = GovernanceQueries(reef.context).power(
            of: council, at: reef.context.block.height)
        #expect(power.own == Amount(whole: 400))
        #expect(
            reef.house.accounts.balance(of: council, in: reef.context) == Amount(whole: 100))
    }

    @Test("an upgrade that passed holds from its epoch on, with the validators' readiness")
    func upgrade() throws {
        let reef = try Reef(Self.parts)
        try reef.send(GovernanceMessage.lock(Amount(whole: 5_000)).message, from: 6)
        let draft = Draft(
            kind: .upgrade, title: "next",
            upgrade: Upgrade(version: 2, digest: .zero, epoch: Epoch(20)))
        let number: UInt64 = 0
        try reef.send(
            GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message, from: 6)
        reef.end(Self.day)
        reef.end()
        try reef.send(GovernanceMessage.vote(number, .yes).message, from: 6)
        for place in 0..<3 {
            try reef.send(GovernanceMessage.signalReady(2, plan: .zero).message, from: place)
        }
        for _ in 0..<60 { reef.end(Self.day) }
        #expect(GovernanceQueries(reef.context).version == 2)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import LedgerSupport
import Registry
import Staking
import Testing
import Treasury
import Validators
import Vocabulary

/// Holes that contracts of this kind are known for, each tried against the real rooms
/// (docs/economy/attacks.md).
@Suite("Known holes")
struct KnownHoleTests {
    /// Pool 0 is the governance's and holds a thousand.
    private static let parts: JSON = LawInHouseTests.parts

    private func stake(_ whole: UInt64, _ place: Int, compounds: Bool = false) -> StakeOrder {
        StakeOrder(
            operator: Reef.account(place), amount: Amount(whole: whole), compounds: compounds)
    }

    @Test("an admin key decides nothing: what is the governance's no account can do")
    func adminKey() throws {
        let reef = try Reef(Self.parts)
        try reef.send(GovernanceMessage.lock(Amount(whole: 900_000)).message, from: 0)
        reef.cut()
        let seats = CouncilSeats([CouncilSeat(account: Reef.account(0), weight: 1)])
        let orders: [Message] = [
            TreasuryMessage.spend(
                pool: 0, payments: [Payment(to: Reef.account(0), Amount(whole: 1))]
            ).message,
            TreasuryMessage.setOwner(pool: 0, owner: Reef.account(0)).message,
            TreasuryMessage.setLimit(
                pool: 0, asset: .native, amount: Amount(.max), period: 1
            ).message,
            TreasuryMessage.createGrant(
                CreateGrant(
                    source: .pool(0), receiver: .account(Reef.account(0)),
                    amount: Amount(whole: 1), schedule: .milestones([1_000_000]))
            ).message,
            GovernanceMessage.setSeats(.emergency, seats).message,
            GovernanceMessage.setRules(
                .treasury,
                KindRules(
                    houses: [HouseRule(.stake, quorum: 0, approval: 1)], discussion: 0, voting: 1,
                    timeLock: 0)
            ).message,
        ]
        let before = reef.supply
        for place in 0..<20 {
            for order in orders {
                #expect(refusal { try reef.send(order, from: place) } == "notAllowed")
            }
        }
        #expect(reef.supply == before && reef.balance(0) == Amount(whole: 100_000))
    }

    @Test("stake is credited to the pool it names, and leaves no other")
    func wrongPool() throws {
        let reef = try Reef()
        try reef.send(.delegate(stake(100, 0)), from: 6)
        try reef.send(.delegate(stake(300, 1)), from: 7)
        try reef.send(.delegate(stake(50, 1, compounds: true)), from: 6)
        func backing(_ place: Int) -> Amount {
            StakingQueries(reef.context).pool(of: Reef.account(place))?.backing ?? .zero
        }
        #expect([backing(0), backing(1), backing(2)] == [100, 350, 0].map { Amount(whole: $0) })
        // Neither another's stake, nor of another kind, nor behind another operator.
        for (order, sender) in [
            (stake(100, 0), 7), (stake(100, 0, compounds: true), 6), (stake(10, 2), 6),
        ] {
            #expect(refusal { try reef.send(.undelegate(order), from: sender) } != nil)
        }
        try reef.send(.undelegate(stake(100, 0)), from: 6)
        #expect([backing(0), backing(1)] == [0, 350].map { Amount(whole: $0) })
        reef.cut(2)
        #expect(refusal { try reef.send(.claim(Reef.account(0)), from: 7) } != nil)
    }

    @Test("a burn makes less, and what is burnt is the offender's")
    func invertedBurn() throws {
        let reef = try Reef()
        try reef.send(
            .openBond(OpenBond(role: .compute, base: Amount(whole: 2_000))), from: 6)
        reef.end()
        let (supply, others) = (reef.supply, (7..<20).map { reef.balance($0) })
        _ = try reef.house.staking.slash(
            .compute, of: Reef.account(6), for: "fraud", in: reef.context)
        let burnt = try #require(supply.subtracting(reef.supply))
        // All of the bond is lost; a fifth of it is burnt, the rest is the honest validators'.
        #expect(burnt == Amount(whole: 400))
        #expect(reef.balance(6) == Amount(whole: 998_000))
        #expect((7..<20).map { reef.balance($0) } == others)
        reef.cut()
    }

    @Test("votes do not move with tokens: what is sent on votes once, and shares not at all")
    func movedVotes() throws {
        let reef = try Reef(Self.parts)
        try reef.send(GovernanceMessage.lock(Amount(whole: 2_000)).message, from: 6)
        let draft = Draft(kind: .text, title: "an opinion")
        try reef.send(
            GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message, from: 6)
        reef.end(LawInHouseTests.day)
        reef.end()
        try reef.send(GovernanceMessage.vote(0, .yes).message, from: 6)
        #expect(
            refusal {
                try reef.send(GovernanceMessage.unlock(Amount(whole: 2_000)).message, from: 6)
            } == "voteGoesOn")
        // Bought after voting began, locked or put at stake at once: nothing to vote with.
        try reef.send(GovernanceMessage.lock(Amount(whole: 5_000)).message, from: 7)
        try reef.send(.delegate(stake(5_000, 0, compounds: true)), from: 8)
        try reef.send(.tokenize(Reef.account(0), shares: Amount(whole: 1_000).units), from: 8)
        for place in [7, 8] {
            #expect(
                refusal {
                    try reef.send(GovernanceMessage.vote(0, .no).message, from: place)
                } == "noVote")
        }
    }

    @Test("nothing is promised that is not there: grants, airdrops and auctions take it at once")
    func emptyPromises() throws {
        let reef = try Reef()
        try reef.send(
            TreasuryMessage.createPool(name: "p", owner: Reef.account(6)).message, from: 6)
        let pool = TreasuryQueries(reef.context).pools().last?.number ?? 0
        try reef.send(
            TreasuryMessage.deposit(pool: pool, asset: .native, amount: Amount(whole: 100)).message,
            from: 6)
        let schedule = Schedule.curve(Schedule.Curve(start: Timestamp(0), duration: 1))
        func grant(_ whole: UInt64) -> Message {
            TreasuryMessage.createGrant(
                CreateGrant(
                    source: .pool(pool), receiver: .account(Reef.account(7)),
                    amount: Amount(whole: whole), schedule: schedule)
            ).message
        }
        try reef.send(grant(60), from: 6)
        #expect(refusal { try reef.send(grant(41), from: 6) } != nil)
        let airdrop = CreateAirdrop(
            source: .pool(pool), amount: Amount(whole: 41), root: .zero, leaves: 1,
            opens: Timestamp(0), expires: Timestamp(.max / 2))
        #expect(
            refusal {
                try reef.send(TreasuryMessage.createAirdrop(airdrop).message, from: 6)
            } != nil)
        try reef.send(grant(40), from: 6)
    }

    @Test("upgrade with a wrong hash fails: only the next version, once, by those who have a seat")
    func wrongUpgrade() throws {
        let reef = try Reef(Self.parts)
        try reef.send(GovernanceMessage.lock(Amount(whole: 5_000)).message, from: 6)
        for version: UInt32 in [0, 1, 3] {
            let draft = Draft(
                kind: .upgrade, title: "u",
                upgrade: Upgrade(version: version, digest: .zero, epoch: Epoch(9)))
            #expect(
                refusal {
                    try reef.send(
                        GovernanceMessage.propose(draft, deposit: Amount(whole: 100)).message,
                        from: 6)
                } == "badVersion")
        }
        #expect(
            refusal {
                try reef.send(GovernanceMessage.signalReady(2, plan: .zero).message, from: 6)
            }
                == "notValidator")
    }
}

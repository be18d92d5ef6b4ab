// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Governance

@Suite("Who may vote with what")
struct PowerTests {
    let forum: Forum

    init() throws {
        forum = try Forum()
        for number in 1...3 { try forum.lock(2_000, number) }
    }

    private func tally(_ number: UInt64) throws -> Tally {
        try #require(forum.queries.proposal(number)).tallies[0]
    }

    private let opinion = Draft(kind: .text, title: "an opinion")

    @Test("vote-move-vote fails: what voted stays until the vote ends (GOVERNANCE-2)")
    func voteMoveVote() throws {
        let number = try forum.submit(opinion)
        try forum.send(.vote(number, .yes), from: 2)
        #expect(
            refusal { try forum.send(.unlock(Amount(whole: 2_000)), from: 2) } == "voteGoesOn")
        forum.wait(7 * Forum.day)
        try forum.send(.unlock(Amount(whole: 2_000)), from: 2)
        #expect(forum.balance(2) == Amount(whole: 10_000))
    }

    @Test("moved units vote once: who gets them later had nothing at the snapshot (GOVERNANCE-7)")
    func movedUnits() throws {
        let number = try forum.submit(opinion)
        try forum.send(.unlock(Amount(whole: 2_000)), from: 2)
        try Forum.citizens.send(
            Amount(whole: 2_000), from: Forum.account(2), to: Forum.account(9), in: forum.context)
        try forum.lock(2_000, 9)
        #expect(refusal { try forum.send(.vote(number, .yes), from: 9) } == "noVote")
        #expect(try tally(number).total == Amount(whole: 6_000).units)
    }

    @Test("flash stake fails: what comes after voting began counts in no vote (GOVERNANCE-7)")
    func flashStake() throws {
        let number = try forum.submit(opinion)
        try forum.lock(8_000, 9)
        Forum.citizens.setStake(
            Amount(whole: 100_000), of: Forum.account(1), in: forum.context)
        try forum.send(.refresh(Forum.account(1)), from: 9)
        #expect(refusal { try forum.send(.vote(number, .yes), from: 9) } == "noVote")
        try forum.send(.vote(number, .yes), from: 1)
        #expect(try tally(number).yes == Amount(whole: 2_000).units)
    }

    @Test("stake elsewhere counts once it is noted, and is noted by anybody (GOVERNANCE-3)")
    func elsewhere() throws {
        Forum.citizens.setStake(Amount(whole: 500), of: Forum.account(1), in: forum.context)
        try forum.send(.refresh(Forum.account(1)), from: 9)
        let number = try forum.submit(opinion)
        try forum.send(.vote(number, .no), from: 1)
        #expect(try tally(number).no == Amount(whole: 2_500).units)
    }

    @Test("a delegate votes for others, each of whom may vote itself (GOVERNANCE-4)")
    func liquidDelegation() throws {
        try forum.send(.delegate(Forum.account(3)), from: 1)
        try forum.send(.delegate(Forum.account(3)), from: 2)
        let number = try forum.submit(opinion)
        try forum.send(.vote(number, .yes), from: 3)
        #expect(try tally(number).yes == Amount(whole: 6_000).units)
        try forum.send(.vote(number, .no), from: 1)
        #expect(try tally(number).yes == Amount(whole: 4_000).units)
        #expect(try tally(number).no == Amount(whole: 2_000).units)
        try forum.send(.vote(number, .no), from: 3)
        #expect(try tally(number).no == Amount(whole: 6_000).units)
    }

    @Test("double delegation fails, in every order of votes (GOVERNANCE-4)")
    func doubleDelegation() throws {
        // In a circle: each lets the next vote.
        for number in 1...3 {
            try forum.send(.delegate(Forum.account(number % 3 + 1)), from: number)
        }
        let orders = [[1, 2, 3], [3, 1, 2], [2, 1, 3], [3, 2, 1]]
        for order in orders {
            let number = try forum.submit(opinion)
            for voter in order { try forum.send(.vote(number, .yes), from: voter) }
            #expect(try tally(number).cast == Amount(whole: 6_000).units)
            try forum.send(.vote(number, .no), from: order[0])
            #expect(try tally(number).cast == Amount(whole: 6_000).units)
        }
    }

    @Test("a delegation changes nothing of votes that have begun (GOVERNANCE-4)")
    func laterDelegation() throws {
        let number = try forum.submit(opinion)
        try forum.send(.delegate(Forum.account(3)), from: 1)
        try forum.send(.vote(number, .yes), from: 3)
        try forum.send(.vote(number, .yes), from: 1)
        #expect(try tally(number).yes == Amount(whole: 4_000).units)
        #expect(
            refusal { try forum.send(.delegate(Forum.account(1)), from: 1) } == "badDelegate")
        try forum.send(.delegate(nil), from: 1)
        #expect(
            forum.queries.power(
                of: Forum.account(3), at: forum.context.block.height
            ).received == .zero)
    }

    /// Two chambers: roots of persons, and a council of seats (CO-17, CO-18).
    static let chambers: JSON = [
        "kinds": [
            [
                "kind": "text",
                "houses": [
                    ["electorate": "roots", "quorum": 500_000, "approval": 600_000],
                    ["electorate": "council", "quorum": 500_000, "approval": 600_000],
                ],
            ]
        ],
        "council": [
            ["account": .string("\(Forum.account(20))"), "weight": 60],
            ["account": .string("\(Forum.account(21))"), "weight": 40],
        ],
    ]

    private func twoChambers(_ seats: [Int]) throws -> ProposalStage? {
        let forum = try Forum(Self.chambers)
        for number in 1...2 {
            Forum.citizens.setStake(
                Amount(whole: 10_000), of: Forum.account(number), in: forum.context)
            try forum.send(.refresh(Forum.account(number)), from: 9)
        }
        let number = try forum.submit(opinion)
        for voter in [1, 2] + seats { try forum.send(.vote(number, .yes), from: voter) }
        forum.pass(.text)
        return forum.stage(number)
    }

    @Test("what needs two chambers fails when one of them does (CO-19, CO-20)")
    func bicameral() throws {
        #expect(try twoChambers([20, 21]) == .executed)
        #expect(try twoChambers([20]) == .executed)
        #expect(try twoChambers([21]) == .rejected)
        #expect(try twoChambers([]) == .rejected)
    }

    @Test("splitting a stake gains no root: only persons have one (R20)")
    func splitRoots() throws {
        for number in 10..<20 {
            Forum.citizens.setStake(
                Amount(whole: 1_000), of: Forum.account(number), in: forum.context)
            try forum.send(.refresh(Forum.account(number)), from: 9)
            #expect(
                forum.queries.power(
                    of: Forum.account(number), at: forum.context.block.height
                ).root == 0)
        }
    }

    @Test("random lives keep the law (GOVERNANCE-20)", arguments: 1...6)
    func lives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let forum = try Forum(["depositMin": "10", "proposerMin": "100"])
        let accounts = (0..<8).map(Forum.account)
        var applied = 0
        for step in 0..<260 {
            let message = GovernanceWorkload.message(among: accounts, using: &random)
            let place = Int(random.next(upperBound: 8 as UInt64))
            let answer = refusal {
                try forum.context.atomically { () throws(Refusal) in
                    try Forum.module.execute(
                        message.payload, from: accounts[place], in: forum.context)
                }
            }
            applied += answer == nil ? 1 : 0
            if step % 7 == 6 { forum.wait(random.next(upperBound: Forum.day)) }
        }
        #expect(applied > 50)
    }
}

// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Governance

/// The board is elected by the roots of persons' locks, and by persons alone (R8, OP-21).
@Suite("The board")
struct BoardTests {
    private func forum(_ version: UInt64 = 2) throws -> Forum {
        let forum = try Forum(["version": JSON(version)])
        for number in [1, 2, 3, 20, 21, 22, 23] {
            try forum.lock(1_000, number)
            Forum.citizens.setStake(
                Amount(whole: 2_500), of: Forum.account(number), in: forum.context)
            try forum.send(.refresh(Forum.account(number)), from: number)
        }
        forum.wait(1)
        return forum
    }

    private func draft(_ seats: [Int], kind: ProposalKind = .board, weight: UInt64 = 1) -> Draft {
        let council = CouncilSeats(
            seats.sorted().map { CouncilSeat(account: Forum.account($0), weight: weight) })
        return Draft(
            kind: kind, title: "the board",
            messages: [GovernanceMessage.setSeats(.board, council).message])
    }

    private func finish(_ forum: Forum) {
        for _ in 0..<4 { forum.wait(8 * Forum.day) }
    }

    @Test("persons elect persons, each with the root of its stake (GOVERNANCE-15)")
    func elected() throws {
        let forum = try forum()
        let number = try forum.submit(draft([1, 2, 3]))
        try forum.send(.vote(number, .yes), from: 1)
        let proposal = try #require(forum.queries.proposal(number))
        #expect(proposal.tallies.count == 1 && proposal.tallies[0].yes > 0)
        #expect(proposal.tallies[0].total == 3 * proposal.tallies[0].yes, "three persons")
        finish(forum)
        #expect(forum.queries.proposal(number)?.stage == .executed)
        #expect(forum.queries.seats(of: .board).seats.count == 3)
    }

    @Test("accounts nobody vouches for have no vote, however many they are (R8, R20)")
    func sybils() throws {
        let forum = try forum()
        let number = try forum.submit(draft([1]))
        for sybil in 20...23 {
            #expect(refusal { try forum.send(.vote(number, .no), from: sybil) } == "noVote")
        }
        try forum.send(.vote(number, .yes), from: 2)
        finish(forum)
        #expect(forum.queries.seats(of: .board).seats.map(\.account) == [Forum.account(1)])
    }

    @Test("a seat is a person's, with one vote, and there are nine (OP-21)")
    func seats() throws {
        let forum = try forum()
        for wrong in [draft([1, 20]), draft([1], weight: 2)] {
            let number = try forum.submit(wrong)
            try forum.send(.vote(number, .yes), from: 1)
            finish(forum)
            #expect(forum.queries.proposal(number)?.stage == .failed)
        }
        #expect(CouncilSeats.boardMax == 9)
    }

    @Test("no other kind of proposal fills the board, and the board's kind does nothing else")
    func kinds() throws {
        let forum = try forum()
        for wrong in [
            draft([1], kind: .role), draft([1], kind: .constitutional),
            Draft(
                kind: .board, title: "t",
                messages: [GovernanceMessage.setSeats(.council, CouncilSeats([])).message]),
            Draft(kind: .board, title: "t"),
        ] {
            #expect(
                refusal {
                    try forum.send(.propose(wrong, deposit: Amount(whole: 100)), from: 1)
                } == "badDraft")
        }
    }

    @Test("rules of version 1 know no board (UPGRADES-1)")
    func oldRules() throws {
        let forum = try forum(1)
        #expect(
            refusal {
                try forum.send(.propose(draft([1]), deposit: Amount(whole: 100)), from: 1)
            } == "badDraft")
    }
}

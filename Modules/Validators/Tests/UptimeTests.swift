// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Validators

/// A validator that proposes nothing for a whole epoch is found by the ledger itself.
@Suite("Uptime as evidence")
struct UptimeTests {
    static let figures: JSON = [
        "downtimeTurnsMin": 3, "downtimePartsPerMillion": 50_000, "downtimeJailEpochs": 1,
        "unbondingEpochs": 8,
    ]

    /// Sixteen blocks up to a cut, proposed in turns by those who are there.
    private func epoch(_ council: Council, by present: [Int]) {
        for turn in 0..<16 {
            council.end(proposedBy: Council.key(present[turn % present.count]).publicKey)
        }
    }

    @Test("who proposed none of its turns loses a twentieth and is jailed (VALIDATORS-17, OP-17)")
    func away() throws {
        let council = try Council(
            [1_000, 1_000, 1_000, 1_000], figures: Self.figures, checkpointBlocks: 16)
        epoch(council, by: [0, 1, 2])
        let absent = try #require(council.member(3))
        #expect(absent.granted == 950)
        guard case .jailed = absent.status else {
            Issue.record("it is \(absent.status)")
            return
        }
        #expect(council.seated == [0, 1, 2])
        #expect((0..<3).allSatisfy { council.member($0)?.granted == 1_000 })
        // It may come back after an epoch.
        epoch(council, by: [0, 1, 2])
        try council.send(.resume, from: 3)
        epoch(council, by: [0, 1, 2])
        #expect(council.seated == [0, 1, 2, 3])
        epoch(council, by: [3, 1, 2, 0])
        #expect(council.member(3)?.granted == 950, "who is there pays nothing")
    }

    @Test("one block in an epoch shows that somebody is there (VALIDATORS-17)")
    func oneBlock() throws {
        let council = try Council(
            [1_000, 1_000, 1_000, 1_000], figures: Self.figures, checkpointBlocks: 16)
        council.end(proposedBy: Council.key(3).publicKey)
        for turn in 0..<15 { council.end(proposedBy: Council.key(turn % 3).publicKey) }
        #expect(council.member(3)?.granted == 1_000 && council.seated == [0, 1, 2, 3])
    }

    @Test("too few turns show nothing: small weights and short epochs (VALIDATORS-17)")
    func fewTurns() throws {
        let council = try Council(
            [1_000, 1_000, 1_000, 100], figures: Self.figures, checkpointBlocks: 16)
        epoch(council, by: [0, 1, 2])
        #expect(council.member(3)?.granted == 100)
    }

    @Test("a chain that does not name it looks for nobody (VALIDATORS-17)")
    func unnamed() throws {
        let council = try Council([1_000, 1_000, 1_000, 1_000], checkpointBlocks: 16)
        epoch(council, by: [0, 1, 2])
        #expect(council.member(3)?.granted == 1_000)
        #expect(council.context.value(.validators, ValidatorsKeys.turns) == nil)
    }

    @Test("evidence of worse costs the rest, not all of it again (VALIDATORS-17, VALIDATORS-11)")
    func worse() throws {
        let council = try Council(
            [1_000, 1_000, 1_000, 1_000],
            figures: .object(
                (Self.figures.members ?? []) + [JSON.Member("slashPartsPerMillion", 300_000)]),
            checkpointBlocks: 16)
        epoch(council, by: [0, 1, 2])
        #expect(council.member(3)?.granted == 950)
        try council.send(.submitEvidence(council.evidence(against: 3)), from: 0)
        #expect(council.member(3)?.granted == 700)
        council.expectSound()
    }
}

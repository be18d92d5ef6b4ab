// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
import Reputation
import Testing
import Vocabulary

@Suite("Evidence and score")
struct RecordTests {
    let reputation = ReputationModule()
    let context = ExecutionContext(
        block: BlockContext(
            chain: ChainID(.zero), height: BlockHeight(6), time: Timestamp(60),
            proposer: AccountID(.zero)),
        base: EmptyState())
    let provider = AccountID(Bytes32 { $0[0] = 1 })

    init() throws { try reputation.initialise(from: [:], in: context) }

    private func record(_ kind: EvidenceKind, job: UInt8 = 0) {
        let job = JobID(Bytes32 { $0[0] = job })
        reputation.record(kind, about: provider, job: job, in: context)
    }

    private var score: UInt32 { reputation.standing(of: provider, in: context).score }

    private func expectSound() {
        #expect(reputation.breaches(after: context) == [])
        #expect(reputation.breaches(in: context) == [])
    }

    @Test("a newcomer stands in the middle")
    func newcomer() {
        #expect(score == 500)
        #expect(reputation.standing(of: provider, in: context).total == 0)
    }

    @Test("the score is good plus prior over all, in thousandths, rounded down (REPUTATION-3)")
    func formula() {
        record(.completed)
        // 1,000 × (1 + 5) ÷ (1 + 0 + 10)
        #expect(score == 545)
        record(.timedOut)
        // 1,000 × 6 ÷ 15
        #expect(score == 400)
        record(.abandoned)
        // 1,000 × 6 ÷ 19
        #expect(score == 315)
        record(.lied)
        // 1,000 × 6 ÷ 39
        #expect(score == 153)
        record(.undetermined)
        record(.interrupted)
        #expect(score == 153)
        expectSound()
    }

    @Test("the score stays within its range whatever happens")
    func range() {
        for _ in 0..<500 { record(.completed) }
        #expect(score == 990)
        for _ in 0..<500 { record(.lied) }
        #expect(score == 48)
        expectSound()
    }

    @Test("evidence is kept in order and read by page (REPUTATION-2)")
    func pages() {
        let kinds: [EvidenceKind] = [.completed, .lied, .timedOut, .completed, .abandoned]
        for (index, kind) in kinds.enumerated() { record(kind, job: UInt8(index)) }
        let first = reputation.evidence(of: provider, limit: 2, in: context)
        let rest = reputation.evidence(of: provider, from: 2, in: context)
        #expect((first + rest).map(\.kind) == kinds)
        #expect((first + rest).map { $0.job.raw.bytes[0] } == [0, 1, 2, 3, 4])
        #expect(first.first?.height == BlockHeight(6) && first.first?.time == Timestamp(60))
        #expect(context.events.count == 5)
        let other = AccountID(Bytes32 { $0[0] = 2 })
        #expect(reputation.evidence(of: other, in: context).isEmpty)
    }

    @Test("nobody writes evidence by message (REPUTATION-1)")
    func messages() {
        #expect(throws: Refusal.self) {
            try reputation.execute([0], from: provider, in: context)
        }
    }

    @Test("removed evidence and false counters are noticed (REPUTATION-4)")
    func breaches() {
        record(.lied)
        context.set(.reputation, ReputationKeys.evidence(of: provider, 0), nil)
        #expect(!reputation.breaches(after: context).isEmpty)
        #expect(!reputation.breaches(in: context).isEmpty)
    }

    @Test("weights come from genesis, and mistakes are named with their place")
    func weights() throws {
        let genesis: JSON = ["lied": 0, "prior": 1]
        let context = ExecutionContext(block: self.context.block, base: EmptyState())
        try reputation.initialise(from: genesis, in: context)
        reputation.record(.lied, about: provider, job: JobID(.zero), in: context)
        #expect(reputation.standing(of: provider, in: context).score == 500)
        let weights = reputation.weights(in: context)
        #expect(try ReputationWeights(genesis: weights.json) == weights)
        #expect(throws: GenesisFailure.self) { try ReputationWeights(genesis: ["prior": 0]) }
        #expect(throws: GenesisFailure.self) { try ReputationWeights(genesis: ["lies": 0]) }
    }

    @Test("encodings are pinned and refuse what they would not write")
    func encodings() throws {
        let evidence = Evidence(
            kind: .timedOut, job: JobID(.zero), height: BlockHeight(1), time: Timestamp(2))
        let expected =
            "03" + String(repeating: "00", count: 32) + "0100000000000000" + "0200000000000000"
        #expect(Hexadecimal.encode(evidence.canonicalBytes) == expected)
        #expect(throws: CanonicalError.unknownTag(6)) {
            try Evidence(canonicalBytes: [6] + evidence.canonicalBytes.dropFirst())
        }
        let overflowing = [UInt8](repeating: 0, count: 4) + [UInt8](repeating: 255, count: 48)
        #expect(throws: CanonicalError.outOfRange("Standing")) {
            try Standing(canonicalBytes: overflowing)
        }
    }
}

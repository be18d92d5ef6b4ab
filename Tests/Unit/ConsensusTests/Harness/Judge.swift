// SPDX-License-Identifier: Apache-2.0
import Vocabulary

@testable import Consensus

/// Watches a simulated network and remembers every broken promise.
struct Judge {
    private(set) var verdicts: [String] = []
    /// The one history: the hash of each final height.
    private(set) var history: [Digest] = []
    private(set) var evidence: [EquivocationEvidence] = []
    private var signed: [SignedPlace: Statement] = [:]
    private var checkedProofs: Set<Digest> = []

    private struct SignedPlace: Hashable {
        let node: Int
        let epoch: Epoch
        let slot: Slot
        let kind: StatementKind
    }

    mutating func accuse(_ sentence: String) { verdicts.append(sentence) }

    /// One history, each height once and in order, every record proved.
    mutating func finalized(
        _ block: FinalizedBlock, by node: Int, after log: [FinalizedBlock],
        validators: ValidatorSet
    ) {
        let header = block.block.header
        if header.height.value != UInt64(log.count) + 1 {
            accuse("node \(node) finalized height \(header.height) after \(log.count)")
        }
        if header.parent != log.last?.block.hash ?? .zero {
            accuse("node \(node) finalized \(header.height) on another parent")
        }
        let index = Int(header.height.value) - 1
        if index < history.count {
            if history[index] != block.block.hash { accuse("two histories at \(header.height)") }
        } else {
            history.append(block.block.hash)
        }
        guard checkedProofs.insert(block.block.hash).inserted else { return }
        do {
            try block.verify(validators: validators, chain: header.chain)
        } catch { accuse("node \(node) has no proof of \(header.height): \(error)") }
    }

    /// A node that keeps the rules never signs what contradicts what it signed, in any life.
    mutating func voted(_ vote: Vote, by node: Int, persisted: Bool) {
        if !persisted { accuse("node \(node) sent a vote before persisting it") }
        let statement = vote.statement
        for kind in StatementKind.allCases {
            let place = SignedPlace(
                node: node, epoch: vote.epoch, slot: statement.slot, kind: kind)
            if let earlier = signed[place], earlier.contradicts(statement) {
                accuse("node \(node) contradicts itself in slot \(statement.slot)")
            }
        }
        let place = SignedPlace(
            node: node, epoch: vote.epoch, slot: statement.slot, kind: statement.kind)
        signed[place] = statement
    }

    /// Evidence holds, and never against those who keep the rules.
    mutating func accused(
        _ evidence: EquivocationEvidence, guilty: Set<PublicKey>, validators: ValidatorSet,
        chain: ChainID
    ) {
        self.evidence.append(evidence)
        guard
            let offender = evidence.offender(validators: validators, chain: chain)
        else { return accuse("evidence does not hold: \(evidence)") }
        let key = validators.validators[offender].key
        if !guilty.contains(key) { accuse("evidence against the honest \(offender)") }
    }
}

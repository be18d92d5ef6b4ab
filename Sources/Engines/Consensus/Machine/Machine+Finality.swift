// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension ConsensusMachine {
    /// Gives the host the blocks up to the decided one, once all of them are here (CONSENSUS-13).
    mutating func finalizeDecided() {
        guard let decided, decided.statement.slot > final.slot,
            let hash = decided.statement.block
        else { return }
        guard let path = blocks.path(to: hash, from: final), !path.isEmpty else {
            return considerCatchUp()
        }
        // What follows the epoch's last block only helped it to become final (CONSENSUS-25).
        let end = path.firstIndex { configuration.lengths.isAtEnd($0.header) } ?? path.count - 1
        deliver(Array(withProofs(path, decided: decided).prefix(through: end)))
    }

    /// Each block with the nearest final certificate at or above it.
    private func withProofs(_ path: [Block], decided: Certificate) -> [FinalizedBlock] {
        var certificate = decided
        var descendants: [BlockHeader] = []
        var proved: [FinalizedBlock] = []
        for block in path.reversed() {
            if let own = slots[block.header.slot]?.finalization,
                own.statement.block == block.hash
            {
                certificate = own
                descendants = []
            }
            let proof = FinalityProof(certificate: certificate, descendants: descendants)
            proved.append(FinalizedBlock(block: block, proof: proof))
            descendants.insert(block.header, at: 0)
        }
        return proved.reversed()
    }

    /// Hands final blocks to the host and moves the last final point past them.
    mutating func deliver(_ finalized: [FinalizedBlock]) {
        guard let last = finalized.last else { return }
        emit(.finalized(finalized))
        final = FinalPoint(last)
        if last.proof.certificate.statement.slot > (decided?.statement.slot ?? Slot(0)) {
            decided = last.proof.certificate
        }
        for block in finalized { hold(block.block) }
        prune()
        isUnsettled = true
        guard configuration.lengths.isAtEnd(last.block.header) else { return }
        ended = last
        emit(.epochEnded(last))
    }

    /// Compares what a final header says of the state with what this host computed.
    private mutating func hold(_ block: Block) {
        let header = block.header
        switch roots.knowledge(of: header.stateHeight) {
        case .forgotten: return
        case .notExecuted:
            roots.expect(
                StateRoots.Claim(
                    height: header.stateHeight, root: header.stateRoot, block: block.hash))
        case .root(let ours):
            guard ours != header.stateRoot else { return }
            emit(
                .divergence(
                    Divergence(
                        height: header.stateHeight, ours: ours, theirs: header.stateRoot,
                        block: block.hash, isFinal: true)))
        }
    }
}

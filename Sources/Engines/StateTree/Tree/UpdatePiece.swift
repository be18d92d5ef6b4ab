// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The changes of some parts of the tree: what one worker does.
struct UpdatePiece: Sendable {
    struct Part: Sendable {
        let slot: Int
        /// Where its changes lie in the batch.
        let range: Range<Int>
    }

    /// Hashes to gather before they are made: enough to fill whole lanes on every level, few enough
    /// for what they touch to stay in the processor's second cache.
    private static let hashesMin = 4_096

    let parts: [Part]

    /// The parts a batch changes, in runs of about as many changes each.
    static func pieces(of batch: [SparseMerkleTree.Change], workers: Int) -> [UpdatePiece] {
        var pieces: [UpdatePiece] = []
        var parts: [Part] = []
        var start = 0
        while start < batch.count {
            let slot = RawDigest(batch[start].key).digit(at: 0)
            var end = start + 1
            while end < batch.count, RawDigest(batch[end].key).digit(at: 0) == slot { end += 1 }
            parts.append(Part(slot: slot, range: start..<end))
            start = end
            if end * workers >= batch.count * (pieces.count + 1) {
                pieces.append(UpdatePiece(parts: parts))
                parts = []
            }
        }
        return pieces
    }

    func carryOut(_ batch: [SparseMerkleTree.Change], on subtrees: [Subtree?]) {
        var scratch = UpdateScratch()
        for part in parts {
            scratch.load(batch[part.range])
            subtrees[part.slot]?.update(with: &scratch)
            if scratch.plan.count >= Self.hashesMin { scratch.plan.carryOut() }
        }
        scratch.plan.carryOut()
    }
}

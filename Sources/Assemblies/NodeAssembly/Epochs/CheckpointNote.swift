// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Validators
import Vocabulary

/// What a node keeps of the state at a checkpoint until a final header carries it (CONSENSUS-28).
struct CheckpointNote: CanonicalCodable, Hashable {
    /// The checkpoint.
    let height: BlockHeight
    /// The root of its state.
    let root: Digest
    /// At the cut of an epoch: what that state holds of the next set, with its proof.
    let next: ProvenValue?

    init(height: BlockHeight, root: Digest, next: ProvenValue?) {
        self.height = height
        self.root = root
        self.next = next
    }

    /// What to keep of a state that has just been computed; nothing when it is no checkpoint's.
    ///
    /// - Throws: ``LedgerFailure/disk(_:)``.
    init?(of ledger: LedgerMachine) throws(LedgerFailure) {
        let lengths = ledger.epochs
        guard lengths.isCheckpoint(ledger.height) else { return nil }
        let isCut = lengths.epoch(cutAt: ledger.height) != nil
        self.init(
            height: ledger.height, root: ledger.stateRoot,
            next: isCut ? try ledger.prove(NextValidators.module, NextValidators.key) : nil)
    }

    /// The set that the state names, whichever epoch's it is.
    var named: ValidatorSet? {
        next?.value.flatMap { try? NextSet(canonicalBytes: $0) }?.validators
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(root)
        encoder.writeOptional(next)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        root = try decoder.read()
        next = try decoder.readOptional()
    }
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

/// How one epoch ended: its last block's header, why it is final, and what the state it carries
/// says of the next set. It is the handover to the next epoch (CONSENSUS-26).
struct EpochRecord: CanonicalCodable, Hashable {
    /// The parent of the last block: it shows that no earlier one carried the state at the cut.
    let parent: BlockHeader
    /// The header of the last block.
    let header: BlockHeader
    /// Why it is final.
    let finality: FinalityProof
    /// What the state at the cut holds under the key of the next set.
    let next: ProvenValue
    /// The set that follows, so that one record says it when the state names none.
    let validators: ValidatorSet

    /// Joins the parts; a value that is no set keeps the set of before.
    init(
        _ header: BlockHeader, on parent: BlockHeader, _ finality: FinalityProof,
        next: ProvenValue, after validators: ValidatorSet
    ) {
        self.parent = parent
        self.header = header
        self.finality = finality
        self.next = next
        let epoch = header.epoch.advanced(by: 1)
        let read = next.value.flatMap { NextValidators.read($0, of: epoch) }
        self.validators = read ?? validators
    }

    /// Whether it ends the epoch that `schedule` stands in, once its header is known to be final.
    func ends(_ schedule: ValidatorSchedule) -> Bool {
        let cut = schedule.lengths.cut(of: schedule.epoch)
        guard header.chain == schedule.chain, header.epoch == schedule.epoch,
            parent.hash == header.parent, parent.stateHeight < cut, header.stateHeight == cut,
            next.module == NextValidators.module, next.key == NextValidators.key,
            (try? next.verify(root: header.stateRoot)) != nil
        else { return false }
        let again = EpochRecord(
            header, on: parent, finality, next: next, after: schedule.validators)
        return again.validators == validators
    }

    /// Checks that its header is final, by the validators of the epoch it ends.
    func verify(in schedule: ValidatorSchedule) throws(FinalityError) {
        try finality.verify(header, validators: schedule.validators, chain: schedule.chain)
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(parent)
        encoder.write(header)
        encoder.write(finality)
        encoder.write(next)
        encoder.write(validators)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        parent = try decoder.read()
        header = try decoder.read()
        finality = try decoder.read()
        next = try decoder.read()
        validators = try decoder.read()
    }
}

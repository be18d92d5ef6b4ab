// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension ConsensusMachine {
    /// Waits for the block of a notarization that came first (CONSENSUS-18).
    mutating func expectBlock(of slot: Slot) {
        guard isStarted, isBlockMissing(in: slot), slots[slot]?.isFetching == false
        else { return }
        slots[slot]?.isFetching = true
        let wait = configuration.timing.fetchMilliseconds
        emit(.setTimer(.fetch(configuration.epoch, slot, attempt: 0), afterMilliseconds: wait))
    }

    /// Asks one holder after the other for a notarized block.
    mutating func fetch(_ slot: Slot, attempt: UInt32) {
        guard isBlockMissing(in: slot) else {
            slots[slot]?.isFetching = false
            return
        }
        let timing = configuration.timing
        let wait = min(
            timing.fetchMilliseconds << UInt64(min(attempt, 10)), timing.stallMillisecondsMax)
        let timer = ConsensusTimer.fetch(configuration.epoch, slot, attempt: attempt &+ 1)
        emit(.setTimer(timer, afterMilliseconds: max(1, wait)))
        let candidates = holders(of: slot)
        guard !candidates.isEmpty else { return }
        // Machines start at different signers, so that one does not serve all.
        let start = Int(attempt) + (ownIndex ?? 0)
        emit(
            .send(to: candidates[start % candidates.count], .slotRequest(configuration.epoch, slot))
        )
    }

    /// The connected validators that voted for the slot's block, else all peers.
    private func holders(of slot: Slot) -> [PublicKey] {
        let validators = configuration.validators.validators
        let signers = slots[slot]?.notarization?.signers.indices ?? []
        let holders = signers.map { validators[$0].key }.filter { peers.contains($0) }
        return holders.isEmpty ? peers.keys : holders
    }

    private func isBlockMissing(in slot: Slot) -> Bool {
        guard slot > final.slot, let block = slots[slot]?.neededBlock else { return false }
        return blocks[block] == nil
    }

    /// Tells a peer what is held of an undecided slot, or where finality stands.
    mutating func answer(_ slot: Slot, to peer: PublicKey) {
        guard peers.mayAnswerSlot(peer) else { return }
        guard slot > final.slot else { return emit(.send(to: peer, .status(status))) }
        guard let state = slots[slot] else { return }
        let held = [state.skip, state.notarization, state.finalization].compactMap(\.self)
        for certificate in held { emit(.send(to: peer, .certificate(certificate))) }
        guard let hash = state.notarization?.statement.block ?? state.proposals.first,
            let proposal = blocks[hash]
        else { return }
        emit(.send(to: peer, .proposal(proposal)))
    }
}

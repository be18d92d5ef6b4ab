// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

extension ConsensusMachine {
    /// A block to build upon.
    struct Base {
        let slot: Slot
        let hash: Digest
        let ancestors: [Block]
        /// What the header at its end carries.
        let state: CarriedState
    }

    /// Asks the host for a payload when this machine leads and may propose (CONSENSUS-9).
    mutating func considerLeading() {
        guard mayPropose, let base = base(), slots[current]?.askedParent != base.hash
        else { return }
        slots[current, default: SlotState()].askedParent = base.hash
        let height = base.ancestors.last?.header.height ?? final.height
        let wait = timeoutMilliseconds(of: current)
        emit(
            .wantPayload(
                PayloadRequest(
                    slot: current, parent: base.hash, height: height.advanced(by: 1),
                    ancestors: base.ancestors, bytesMax: payloadBytesMax(on: base),
                    deadlineMilliseconds: wait / 2)))
    }

    /// Whether this machine leads the current slot and its key has not spoken in it.
    private var mayPropose: Bool {
        guard let ownIndex, leader(of: current) == ownIndex, current > silentThrough
        else { return false }
        let state = slots[current] ?? SlotState()
        return state.firstHeader == nil && state.own.vote(.notar) == nil
    }

    private func payloadBytesMax(on base: Base) -> Int {
        guard !isPastEnd(base.state) else { return 0 }
        let lastFilled = final.slot.advanced(by: ConsensusLimits.filledSlotsMax)
        return current <= lastFilled ? Block.payloadBytesMax : 0
    }

    /// The highest notarized block after which every slot may pass, when its way is complete.
    private func base() -> Base? {
        guard decidedSlot == final.slot else { return nil }
        var slot = Slot(current.value - 1)
        while slot > final.slot {
            if let hash = slots[slot]?.notarization?.statement.block {
                guard let ancestors = blocks.path(to: hash, from: final) else { return nil }
                let state = ancestors.last.map { CarriedState($0.header) } ?? final.state
                return Base(slot: slot, hash: hash, ancestors: ancestors, state: state)
            }
            guard slots[slot]?.skip != nil else { return nil }
            slot = Slot(slot.value - 1)
        }
        return Base(slot: final.slot, hash: final.hash, ancestors: [], state: final.state)
    }

    /// Signs, persists and broadcasts a block with the host's payload.
    mutating func propose(_ offer: ProposedPayload) {
        guard isStarted, let identity, mayPropose, offer.slot == current else { return }
        guard let base = base(), base.hash == offer.parent else { return }
        guard slots[current]?.askedParent == base.hash else { return }
        let header = header(for: offer, on: base, by: identity.publicKey)
        guard offer.bytes.count <= payloadBytesMax(on: base), header.stateHeight < header.height,
            let block = Block(header: header, payload: offer.bytes)
        else { return }
        let proposal = Proposal(block, by: identity, justification: justification(of: base))
        store(proposal)
        slots[current]?.firstHeader = proposal.signedHeader
        slots[current]?.ownProposal = block.hash
        slots[current]?.review = .accepted
        emit(.persist(.proposal(proposal)))
        emit(.broadcast(.proposal(proposal)))
    }

    private func header(
        for offer: ProposedPayload, on base: Base, by key: PublicKey
    ) -> BlockHeader {
        let parent = base.ancestors.last?.header
        let height = parent?.height ?? final.height
        let earliest = (parent?.timestamp ?? final.timestamp).advanced(by: 1)
        let state = state(for: offer, after: base.state)
        return BlockHeader(
            chain: configuration.chain, epoch: configuration.epoch, slot: current,
            height: height.advanced(by: 1), parentSlot: base.slot, parent: base.hash,
            timestamp: max(offer.timestamp, earliest),
            payloadDigest: Block.digest(of: offer.bytes), stateHeight: state.height,
            stateRoot: state.root, proposer: key)
    }

    /// The state to carry: the host's newest, but not past a checkpoint, and a filler's is its
    /// parent's (CONSENSUS-23, CONSENSUS-25). Who executes more slowly than the leader before it
    /// repeats what that one's header carries.
    private func state(
        for offer: ProposedPayload, after carried: CarriedState
    ) -> CarriedState {
        guard !isPastEnd(carried), offer.stateHeight >= carried.height else { return carried }
        let checkpoint = configuration.lengths.checkpoint(after: carried.height)
        guard offer.stateHeight > checkpoint else {
            return CarriedState(height: offer.stateHeight, root: offer.stateRoot)
        }
        guard case .root(let root) = roots.knowledge(of: checkpoint) else { return carried }
        return CarriedState(height: checkpoint, root: root)
    }

    private func justification(of base: Base) -> Justification {
        // What the epoch begins on needs no certificate: who is in it holds that block as final.
        let isFirst = base.slot < configuration.schedule.firstSlot
        let own = isFirst ? nil : final.certificate
        let parent =
            base.slot == final.slot ? own : slots[base.slot]?.notarization
        var skips: [Certificate] = []
        var slot = base.slot.advanced(by: 1)
        while slot < current {
            if let skip = slots[slot]?.skip { skips.append(skip) }
            slot = slot.advanced(by: 1)
        }
        return Justification(parent: parent, skips: skips.suffix(Justification.skipsMax))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

extension ConsensusMachine {
    /// Takes a proposal from its leader, or from a peer that was asked for a block.
    mutating func receive(_ proposal: Proposal, from peer: PublicKey) {
        let header = proposal.block.header
        guard isNear(header.slot), blocks[proposal.block.hash] == nil else { return }
        let isNeeded = slots[header.slot]?.neededBlock == proposal.block.hash
        let isAccused = slots[header.slot]?.isLeaderAccused ?? false
        guard isNeeded || !isAccused else { return }
        let isGenuine = isGenuine(proposal)
        // A notarization vouches for its block, whoever brings it.
        guard isNeeded || isGenuine else {
            return emit(.note(.rejected(from: peer, .badProposal)))
        }
        let isFirst = isGenuine && noteFirst(proposal.signedHeader)
        if isGenuine { ingest(proposal.justification, from: peer) }
        guard isNeeded || (isFirst && isTimely(proposal.block)) else { return }
        store(proposal)
    }

    /// Whether a block that nobody vouches for yet is worth its memory (CONSENSUS-17).
    ///
    /// One that comes too early or too late is fetched if it is notarized after all.
    private mutating func isTimely(_ block: Block) -> Bool {
        let slot = block.header.slot
        let latest = current.advanced(by: ConsensusLimits.proposalsAheadMax)
        guard slot > final.slot, slot >= current, slot <= latest else { return false }
        let lastFilled = final.slot.advanced(by: ConsensusLimits.acceptedFilledSlotsMax)
        guard block.payload.isEmpty || slot <= lastFilled else {
            emit(.note(.refused(slot, .payloadTooLate)))
            return false
        }
        return true
    }

    private func isNear(_ slot: Slot) -> Bool {
        slot.advanced(by: ConsensusLimits.evidenceSlotsMax) > final.slot
            && slot <= current.advanced(by: ConsensusLimits.slotsAheadMax)
    }

    /// Whether the slot's leader signed a proposal for this chain that does not contradict itself.
    func isGenuine(_ proposal: Proposal) -> Bool {
        let header = proposal.block.header
        let key = configuration.schedule.leaderKey(of: header.slot)
        guard header.chain == configuration.chain, header.epoch == configuration.epoch,
            header.proposer == key
        else { return false }
        return proposal.isConsistent(from: configuration.schedule.firstSlot)
            && proposal.signedHeader.isSigned
    }

    /// Remembers the first proposal of a slot; a second one is evidence (CONSENSUS-20).
    ///
    /// - Returns: Whether it is the first.
    private mutating func noteFirst(_ signed: SignedHeader) -> Bool {
        let slot = signed.header.slot
        guard let first = slots[slot, default: SlotState()].firstHeader else {
            slots[slot, default: SlotState()].firstHeader = signed
            return true
        }
        guard first.header != signed.header else { return true }
        if slots[slot]?.isLeaderAccused == false {
            slots[slot]?.isLeaderAccused = true
            emit(.evidence(.proposals(first, signed)))
        }
        return false
    }

    private mutating func ingest(_ justification: Justification, from peer: PublicKey) {
        if let parent = justification.parent { receive(parent, from: peer) }
        for skip in justification.skips { receive(skip, from: peer) }
    }

    /// Keeps a block, and looks for its parent when it is known to be notarized.
    mutating func store(_ proposal: Proposal) {
        let header = proposal.block.header
        guard header.slot > final.slot, blocks[proposal.block.hash] == nil else { return }
        blocks.insert(proposal)
        slots[header.slot, default: SlotState()].proposals.append(proposal.block.hash)
        isUnsettled = true
        needParent(of: header.slot)
    }

    /// Whoever notarized a block saw its parent's notarization (CONSENSUS-9).
    mutating func needParent(of slot: Slot) {
        guard let hash = slots[slot]?.neededBlock, let header = blocks[hash]?.block.header,
            header.parentSlot > final.slot, blocks[header.parent] == nil
        else { return }
        slots[header.parentSlot, default: SlotState()].impliedBlock = header.parent
        expectBlock(of: header.parentSlot)
    }

    // MARK: - Voting for the proposal of the current slot

    /// Votes Notar as soon as everything CONSENSUS-9 asks is known.
    mutating func considerProposal() {
        guard ownIndex != nil, let state = slots[current], state.own.vote(.notar) == nil,
            state.review != .refused, let hash = state.proposals.first,
            let proposal = blocks[hash]
        else { return }
        let block = proposal.block
        guard isJustified(block.header) else { return }
        guard let ancestors = blocks.path(to: block.header.parent, from: final) else { return }
        if let fault = fault(of: block, after: ancestors.last?.header) {
            return refuse(block.header.slot, fault)
        }
        if state.review == .notAsked {
            slots[current]?.review = .asked
            emit(.check(block: block, ancestors: ancestors))
        }
        guard statesOurRoot(block), slots[current]?.review == .accepted else { return }
        if state.ownProposal != hash { emit(.persist(.proposal(proposal))) }
        cast(.notar(current, hash))
    }

    /// Whether the parent may be built upon and every slot in between may pass.
    func isJustified(_ header: BlockHeader) -> Bool {
        guard header.parentSlot >= final.slot, header.parentSlot < header.slot else { return false }
        let parent =
            header.parentSlot == final.slot
            ? final.hash : slots[header.parentSlot]?.notarization?.statement.block
        return parent == header.parent && firstUnskipped(after: header.parentSlot) == nil
    }

    /// The first slot after `parent` and before the current one that may not pass, for all known.
    func firstUnskipped(after parent: Slot) -> Slot? {
        var slot = parent.advanced(by: 1)
        while slot < current {
            guard slots[slot]?.skip != nil else { return slot }
            slot = slot.advanced(by: 1)
        }
        return nil
    }

    private func fault(of block: Block, after parent: BlockHeader?) -> ProposalFault? {
        let header = block.header
        let height = parent?.height ?? final.height
        let timestamp = parent?.timestamp ?? final.timestamp
        guard header.height == height.advanced(by: 1), header.timestamp > timestamp
        else { return .parentMismatch }
        let carried = parent.map { CarriedState($0) } ?? final.state
        guard configuration.lengths.mayCarry(header.stateHeight, after: carried.height)
        else { return .checkpointPassed }
        guard isPastEnd(carried) else { return nil }
        let isFiller = block.payload.isEmpty && CarriedState(header) == carried
        return isFiller ? nil : .notAFiller
    }

    /// Whether a block on a parent that carries this state follows the epoch's last block.
    func isPastEnd(_ carried: CarriedState) -> Bool {
        carried.height >= configuration.lengths.cut(of: configuration.epoch)
    }

    /// Whether this host computed the root that the header states; false while it has not yet.
    private mutating func statesOurRoot(_ block: Block) -> Bool {
        let header = block.header
        switch roots.knowledge(of: header.stateHeight) {
        case .notExecuted: return false
        case .forgotten:
            refuse(header.slot, .stateForgotten)
            return false
        case .root(let ours):
            guard ours != header.stateRoot else { return true }
            refuse(header.slot, .stateMismatch)
            emit(
                .divergence(
                    Divergence(
                        height: header.stateHeight, ours: ours, theirs: header.stateRoot,
                        block: block.hash, isFinal: false)))
            return false
        }
    }

    private mutating func refuse(_ slot: Slot, _ fault: ProposalFault) {
        slots[slot]?.review = .refused
        emit(.note(.refused(slot, fault)))
    }

    /// Takes the host's judgement of a payload.
    mutating func judge(_ block: Digest, accepted: Bool) {
        guard let slot = blocks[block]?.block.header.slot, slots[slot]?.review == .asked,
            slots[slot]?.proposals.first == block
        else { return }
        if accepted {
            slots[slot]?.review = .accepted
        } else {
            refuse(slot, .payloadRefused)
        }
    }

    /// Takes a state root of this host, and holds final headers to it.
    mutating func execute(_ height: BlockHeight, root: Digest) {
        for claim in roots.execute(height, root: root) where claim.root != root {
            emit(
                .divergence(
                    Divergence(
                        height: height, ours: root, theirs: claim.root, block: claim.block,
                        isFinal: true)))
        }
        sayState(height, root: root)
        considerCatchUp()
    }
}

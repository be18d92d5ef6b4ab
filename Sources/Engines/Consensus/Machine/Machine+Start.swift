// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension ConsensusMachine {
    /// Takes back one record of this machine's own journal (CONSENSUS-15).
    mutating func restore(_ record: ConsensusRecord) {
        let slot = record.slot
        switch record {
        case .vote(let vote):
            guard let ownIndex, Int(vote.validator) == ownIndex else { return }
            slots[slot, default: SlotState()].own.insert(vote)
            count(vote)
        case .proposal(let proposal):
            store(proposal)
            if isGenuine(proposal) { slots[slot]?.firstHeader = proposal.signedHeader }
            guard proposal.block.header.proposer == identity?.publicKey else { return }
            slots[slot]?.ownProposal = proposal.block.hash
            slots[slot]?.review = .accepted
        case .certificate(let certificate):
            install(certificate)
        }
    }

    /// Begins: says again what may have been lost in the crash, and sets the first timers.
    mutating func start() {
        guard !isStarted else { return }
        isStarted = true
        if let ended { return emit(.epochEnded(ended)) }
        advance()
        for slot in slots.keys.sorted() {
            voteFinalIfAllowed(slot)
            expectBlock(of: slot)
        }
        repeatOwnWords()
        armStall()
        considerCatchUp()
        hearEarlyWords()
    }

    /// Moves to the first slot that is not cleared (CONSENSUS-8).
    mutating func advance() {
        var next = max(current, decidedSlot.advanced(by: 1))
        let end = decidedSlot.advanced(by: ConsensusLimits.undecidedSlotsMax)
        while next < end, let state = slots[next], state.isCleared {
            if state.notarization == nil { emit(.note(.skipped(next))) }
            next = next.advanced(by: 1)
        }
        guard next != entered else { return }
        enter(next)
    }

    private mutating func enter(_ slot: Slot) {
        entered = slot
        current = slot
        forgetOldVotes()
        let timeout = timeoutMilliseconds(of: slot)
        let key = configuration.schedule.leaderKey(of: slot)
        emit(.note(.entered(slot, leader: key, timeoutMilliseconds: timeout)))
        guard ownIndex != nil else { return }
        emit(.setTimer(.skip(configuration.epoch, slot), afterMilliseconds: timeout))
    }

    /// How long this machine waits in a slot (CONSENSUS-12).
    func timeoutMilliseconds(of slot: Slot) -> UInt64 {
        let before = slot.value > 0 ? slots[Slot(slot.value - 1)] : nil
        let sameWindow = slot.value % ValidatorSet.slotsPerWindow != 0
        let wasSkipped = before.map { $0.skip != nil && $0.notarization == nil } ?? false
        return configuration.skipTimeoutMilliseconds(
            of: slot, lastFinal: decidedSlot, afterSkip: sameWindow && wasSkipped,
            leaderIsAway: peers.isAway(configuration.schedule.leaderKey(of: slot)))
    }

    /// Loses a peer. When it leads the current slot and has not proposed, little is left to wait
    /// for; a leader that comes back does not get its time back, or one that comes and goes would
    /// hold up everybody.
    mutating func miss(_ peer: PublicKey) {
        guard !peers.isAway(peer) else { return peers.disconnect(peer) }
        peers.disconnect(peer)
        guard isStarted, !hasEnded, ownIndex != nil, entered == current,
            configuration.schedule.leaderKey(of: current) == peer,
            slots[current]?.proposals.isEmpty ?? true
        else { return }
        emit(
            .setTimer(
                .skip(configuration.epoch, current),
                afterMilliseconds: timeoutMilliseconds(of: current)))
    }

    /// Votes of slots left behind are of no more use: their certificates are held.
    private mutating func forgetOldVotes() {
        let horizon = ConsensusLimits.repeatedSlotsMax
        guard current.value > horizon else { return }
        for slot in slots.keys.sorted() where slot.value < current.value - horizon {
            slots[slot]?.tally = VoteTally()
        }
    }

    /// Drops what lies at or below the last final slot, but for a short memory for evidence.
    mutating func prune() {
        for slot in slots.keys.sorted() where slot <= final.slot {
            blocks.remove(slots[slot]?.proposals ?? [])
            slots[slot]?.proposals = []
            if slot.advanced(by: ConsensusLimits.evidenceSlotsMax) <= final.slot {
                slots[slot] = nil
            }
        }
        emit(.prunable(final.slot))
    }
}

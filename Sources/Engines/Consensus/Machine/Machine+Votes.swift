// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

extension ConsensusMachine {
    /// Takes a vote from the network; its signature is checked once, and only when it counts.
    mutating func receive(_ vote: Vote, from peer: PublicKey) {
        guard keepsVotes(of: vote.statement.slot) else { return }
        guard Int(vote.validator) < configuration.validators.count else { return }
        let tally = slots[vote.statement.slot]?.tally ?? VoteTally()
        if case .known = tally.outcome(of: vote) { return }
        guard vote.isSigned(validators: configuration.validators, chain: configuration.chain)
        else { return emit(.note(.rejected(from: peer, .badVote))) }
        count(vote)
    }

    /// Counts a vote whose signature has been checked: for a certificate or as evidence.
    mutating func count(_ vote: Vote) {
        let slot = vote.statement.slot
        switch slots[slot, default: SlotState()].tally.outcome(of: vote) {
        case .known: return
        case .contradicts(let earlier):
            slots[slot]?.tally.accuse(vote.validator)
            emit(.evidence(.votes(earlier, vote)))
        case .added:
            slots[slot, default: SlotState()].tally.add(
                vote, validators: configuration.validators.count)
            adoptIfOwn(vote)
            formCertificate(vote.statement)
        }
    }

    /// A vote of our own key that comes from outside was signed before a loss of memory.
    private mutating func adoptIfOwn(_ vote: Vote) {
        let slot = vote.statement.slot
        guard Int(vote.validator) == ownIndex, let own = slots[slot]?.own else { return }
        guard own.allows(vote.statement) else { return }
        slots[slot, default: SlotState()].own.insert(vote)
        emit(.persist(.vote(vote)))
    }

    /// Whether votes of a slot are kept: near the current slot, or fresh enough for evidence.
    func keepsVotes(of slot: Slot) -> Bool {
        guard slot <= current.advanced(by: ConsensusLimits.slotsAheadMax) else { return false }
        guard slot.advanced(by: ConsensusLimits.evidenceSlotsMax) > final.slot else { return false }
        return slot.advanced(by: ConsensusLimits.repeatedSlotsMax) >= current
    }

    private mutating func formCertificate(_ statement: Statement) {
        guard statement.slot > final.slot, let state = slots[statement.slot],
            state.certificate(of: statement.kind) == nil
        else { return }
        let votes = state.tally.votes(for: statement)
        let validators = configuration.validators.validators
        let stake = votes.reduce(UInt128(0)) { $0 + validators[Int($1.validator)].stake }
        guard stake >= configuration.validators.quorum else { return }
        install(Certificate(statement, epoch: configuration.epoch, votes: votes))
    }

    // MARK: - Own votes

    /// Signs, remembers, persists and sends a vote, unless an earlier one forbids it.
    mutating func cast(_ statement: Statement) {
        guard isStarted, !hasEnded, let identity, let ownIndex else { return }
        let slot = statement.slot
        guard slot > silentThrough else { return }
        guard slots[slot, default: SlotState()].own.allows(statement) else { return }
        let vote = Vote(
            statement, by: identity, validator: UInt16(ownIndex), chain: configuration.chain,
            epoch: configuration.epoch)
        slots[slot, default: SlotState()].own.insert(vote)
        emit(.persist(.vote(vote)))
        emit(.broadcast(.vote(vote)))
        count(vote)
    }

    /// Votes Skip when the slot's time is up and it is still the current one (CONSENSUS-11).
    mutating func skipIfStill(in slot: Slot) {
        guard isStarted, slot == current, ownIndex != nil, slot > silentThrough else { return }
        guard slots[slot, default: SlotState()].own.allows(.skip(slot)) else { return }
        emit(.note(.votedSkip(slot)))
        cast(.skip(slot))
    }

    /// Votes Final for a notarized block, unless this machine voted Skip (CONSENSUS-10).
    mutating func voteFinalIfAllowed(_ slot: Slot) {
        guard slot > decidedSlot, let state = slots[slot] else { return }
        guard case .notar(_, let block) = state.notarization?.statement else { return }
        guard state.own.vote(.final) == nil else { return }
        cast(.final(slot, block))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension ConsensusMachine {
    /// Sets the timer of the next look.
    mutating func armStall() {
        let timing = configuration.timing
        standstill.intervalMilliseconds = max(
            standstill.intervalMilliseconds, timing.stallMilliseconds)
        standstill.sequence += 1
        emit(
            .setTimer(
                .stall(standstill.sequence),
                afterMilliseconds: standstill.intervalMilliseconds))
    }

    /// Repeats what peers may have missed when nothing moved since the last look (CONSENSUS-18).
    mutating func lookForProgress(_ sequence: UInt64) {
        guard sequence == standstill.sequence else { return }
        let timing = configuration.timing
        let mark = Standstill.Mark(final: final.slot, decided: decidedSlot, current: current)
        if mark == standstill.mark {
            standstill.quietMilliseconds += standstill.intervalMilliseconds
            standstill.intervalMilliseconds = min(
                standstill.intervalMilliseconds * 2, timing.stallMillisecondsMax)
        } else {
            standstill.quietMilliseconds = 0
            standstill.intervalMilliseconds = timing.stallMilliseconds
        }
        standstill.mark = mark
        peers.renewShares()
        if standstill.quietMilliseconds >= patienceMilliseconds {
            emit(.note(.stalled(current)))
            repeatOwnWords()
            askForMissingSkip()
        }
        considerCatchUp()
        armStall()
    }

    /// Silence is normal while a leader has nothing to propose, not once anybody has spoken.
    private var patienceMilliseconds: UInt64 {
        let timing = configuration.timing
        let hasSpoken = !(slots[current]?.own.all.isEmpty ?? true)
        return hasSpoken
            ? timing.stallMilliseconds : timing.stallMilliseconds + timing.idleMilliseconds
    }

    /// Says again to everybody what may have been lost.
    mutating func repeatOwnWords() {
        for message in ownWords { emit(.broadcast(message)) }
    }

    /// Tells a new peer what it may have missed.
    mutating func greet(_ peer: PublicKey) {
        peers.connect(peer)
        for message in ownWords { emit(.send(to: peer, message)) }
    }

    /// Where this machine stands, what it proposed and what it voted lately.
    private var ownWords: [ConsensusMessage] {
        var words: [ConsensusMessage] = [.status(status)]
        if let hash = slots[current]?.ownProposal, let proposal = blocks[hash] {
            words.append(.proposal(proposal))
        }
        let oldest = Slot(current.value - min(current.value, ConsensusLimits.repeatedSlotsMax))
        var slot = max(oldest, decidedSlot.advanced(by: 1))
        while slot <= current {
            words += (slots[slot]?.own.all ?? []).map { .vote($0) }
            guard slot < current else { return words }
            slot = slot.advanced(by: 1)
        }
        return words
    }

    /// A proposal may skip more slots than its certificates cover: asks for the first that lacks.
    private mutating func askForMissingSkip() {
        guard let hash = slots[current]?.proposals.first, let header = blocks[hash]?.block.header,
            header.parentSlot >= final.slot, let slot = firstUnskipped(after: header.parentSlot)
        else { return }
        emit(.send(to: header.proposer, .slotRequest(configuration.epoch, slot)))
    }

    /// Learns where a peer stands; helps it when it is behind, asks when it is ahead.
    mutating func receive(_ status: ConsensusStatus, from peer: PublicKey) {
        peers.update(peer, status: status)
        considerCatchUp()
        let isElsewhere = status.slot != current || status.finalSlot != final.slot
        guard isElsewhere, peers.mayAnswerStatus(peer) else { return }
        if status.slot > current || status.finalHeight > final.height {
            emit(.send(to: peer, .status(self.status)))
        }
        if let newest = newestFinalCertificate, newest.statement.slot > status.finalSlot {
            emit(.send(to: peer, .certificate(newest)))
        }
        sendCertificates(from: status.slot, to: peer)
    }

    private var newestFinalCertificate: Certificate? {
        guard let decided, decided.statement.slot > final.slot else {
            return final.certificate ?? decided
        }
        return decided
    }

    /// The certificates that clear the slots from `first` on, as many as one answer may hold.
    private mutating func sendCertificates(from first: Slot, to peer: PublicKey) {
        var slot = max(first, decidedSlot.advanced(by: 1))
        let end = min(current, slot.advanced(by: ConsensusLimits.certificatesPerStatusMax))
        while slot < end {
            for certificate in [slots[slot]?.notarization, slots[slot]?.skip] {
                guard let certificate else { continue }
                emit(.send(to: peer, .certificate(certificate)))
            }
            slot = slot.advanced(by: 1)
        }
    }
}

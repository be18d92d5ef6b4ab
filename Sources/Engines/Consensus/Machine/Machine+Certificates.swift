// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension ConsensusMachine {
    /// Takes a certificate from the network; signatures already checked are not checked again.
    mutating func receive(_ certificate: Certificate, from peer: PublicKey) {
        let statement = certificate.statement
        guard isWanted(statement) else { return }
        let tally = slots[statement.slot]?.tally ?? VoteTally()
        do {
            try certificate.verify(
                validators: configuration.validators, chain: configuration.chain,
                known: { tally.holds($0) })
        } catch { return emit(.note(.rejected(from: peer, .badCertificate))) }
        install(certificate)
        guard keepsVotes(of: statement.slot) else { return }
        for vote in certificate.votes { count(vote) }
    }

    private func isWanted(_ statement: Statement) -> Bool {
        let slot = statement.slot
        // Older ones matter only while the way to the decided block is not complete.
        let oldest = slot.advanced(by: ConsensusLimits.undecidedSlotsMax)
        guard slot > final.slot, oldest > decidedSlot else { return false }
        guard slots[slot]?.certificate(of: statement.kind) == nil else { return false }
        let isNear = slot <= current.advanced(by: ConsensusLimits.slotsAheadMax)
        return isNear || statement.kind == .final
    }

    /// Keeps a certificate that holds, persists and spreads it, and does what follows from it.
    mutating func install(_ certificate: Certificate) {
        let slot = certificate.statement.slot
        guard
            slots[slot, default: SlotState()]
                .certificate(of: certificate.statement.kind) == nil
        else { return }
        isUnsettled = true
        keep(certificate, in: slot)
        emit(.persist(.certificate(certificate)))
        if spreads(slot) { emit(.broadcast(.certificate(certificate))) }
        switch certificate.statement {
        case .notar(_, let block):
            emit(.note(.notarized(slot, block)))
            voteFinalIfAllowed(slot)
            expectBlock(of: slot)
            needParent(of: slot)
        case .skip: break
        case .final:
            if slot > decidedSlot { decided = certificate }
            expectBlock(of: slot)
            needParent(of: slot)
        }
    }

    private mutating func keep(_ certificate: Certificate, in slot: Slot) {
        switch certificate.statement.kind {
        case .notar: slots[slot, default: SlotState()].notarization = certificate
        case .skip: slots[slot, default: SlotState()].skip = certificate
        case .final:
            slots[slot, default: SlotState()].finalization = certificate
            // Final votes are cast on a notarization only, so this shows that there was one.
            if slots[slot]?.notarization == nil {
                slots[slot, default: SlotState()].notarization = certificate
            }
        }
    }

    /// Whether this machine is among the few that spread a slot's certificates at once.
    ///
    /// Everybody forms them from votes; those who cannot ask when they stand still.
    private func spreads(_ slot: Slot) -> Bool {
        guard let ownIndex else { return false }
        let count = configuration.validators.count
        return (ownIndex + count - leader(of: slot)) % count < ConsensusLimits.relaysMax
    }
}

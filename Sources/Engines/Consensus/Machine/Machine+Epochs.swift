// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Vocabulary

extension ConsensusMachine {
    /// The machine of the next epoch, which begins in the slot after this one's last block
    /// (CONSENSUS-25). It is given ``ConsensusInput/started`` next; peers, state roots and what was
    /// said of its epoch already go over to it.
    ///
    /// - Parameters:
    ///   - validators: Those that the state at the epoch's cut names.
    ///   - identity: The key to vote with in the new epoch.
    /// - Returns: Nothing while this epoch has not ended.
    public func successor(
        validators: ValidatorSet, identity: SigningKey?
    ) -> ConsensusMachine? {
        guard let ended else { return nil }
        let header = ended.block.header
        let schedule = LeaderSchedule(
            chain: configuration.chain, epoch: configuration.epoch.advanced(by: 1),
            firstSlot: header.slot.advanced(by: 1), validators: validators)
        var next = ConsensusMachine(
            configuration: ConsensusConfiguration(
                schedule: schedule, lengths: configuration.lengths, timing: configuration.timing),
            identity: identity,
            recovered: RecoveredState(lastFinal: ended, records: [], silentThrough: silentThrough))
        next.roots = roots
        next.peers = peers
        next.peers.renewShares()
        next.early = early
        // Names of waits are used once, over all epochs.
        next.standstill.sequence = standstill.sequence
        next.catchUp.attempt = catchUp.attempt
        next.catchUp.rotation = catchUp.rotation
        return next
    }

    /// Hears what was said of this epoch before it began here.
    mutating func hearEarlyWords() {
        for (peer, message) in early.take() { receive(message, from: peer) }
    }

    /// Takes a message of another epoch: it decides nothing here and costs no signature check
    /// (CONSENSUS-27).
    mutating func receive(
        _ message: ConsensusMessage, of epoch: Epoch, from peer: PublicKey
    ) {
        if case .status(let status) = message { peers.update(peer, status: status) }
        if epoch < configuration.epoch { return helpAcross(peer, from: epoch) }
        considerCatchUp()
        if case .status = message { return }
        if epoch == configuration.epoch.advanced(by: 1) { early.keep(message, of: peer) }
        // Its answer says up to where it has final blocks to give.
        if peers.mayAnswerStatus(peer) { emit(.send(to: peer, .status(status))) }
    }

    /// Tells a peer that is in an older epoch what it needs to leave it: where this machine stands,
    /// and the proof of the end when it is the epoch just before.
    private mutating func helpAcross(_ peer: PublicKey, from epoch: Epoch) {
        guard peers.mayAnswerStatus(peer) else { return }
        emit(.send(to: peer, .status(status)))
        guard let proof = beginning, proof.epoch == epoch else { return }
        emit(.send(to: peer, .certificate(proof)))
    }
}

extension ConsensusMessage {
    /// Whether a machine whose epoch has ended still hears it: what concerns the blocks it holds.
    var isForAnEndedMachine: Bool {
        if case .blockRequest = self { true } else { false }
    }
}

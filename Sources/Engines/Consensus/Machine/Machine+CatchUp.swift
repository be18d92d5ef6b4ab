// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension ConsensusMachine {
    /// Whether somebody knows final blocks that this machine has not delivered.
    private var isBehind: Bool {
        decidedSlot > final.slot || !peers.ahead(of: final.height).isEmpty
    }

    /// Whether the host has executed enough of what it was given to take more.
    private var hasRoom: Bool {
        guard let executed = roots.newest else { return true }
        return final.height <= executed.advanced(by: ConsensusLimits.unexecutedBlocksMax)
    }

    /// Begins to catch up when behind, after a wait in which blocks may arrive by themselves.
    mutating func considerCatchUp() {
        guard isStarted, !hasEnded, catchUp.phase == .idle, isBehind, hasRoom else { return }
        catchUp.phase = .waiting
        armCatchUp(afterMilliseconds: configuration.timing.fetchMilliseconds)
    }

    private mutating func armCatchUp(afterMilliseconds wait: UInt64) {
        catchUp.attempt += 1
        emit(.setTimer(.catchUp(catchUp.attempt), afterMilliseconds: wait))
    }

    /// The wait is over, or a peer did not answer in time (CONSENSUS-19).
    mutating func catchUpExpired(_ attempt: UInt64) {
        guard attempt == catchUp.attempt else { return }
        if case .asked(let peer) = catchUp.phase { distrust(peer) }
        catchUp.phase = .idle
        askForBlocks()
    }

    /// Asks the next peer that claims to know more.
    private mutating func askForBlocks() {
        guard !hasEnded, isBehind, hasRoom else { return }
        let ahead = peers.ahead(of: final.height)
        let candidates = ahead.isEmpty ? peers.keys : ahead
        guard !candidates.isEmpty else { return }
        let peer = candidates[catchUp.rotation % candidates.count]
        let from = final.height.advanced(by: 1)
        catchUp.phase = .asked(peer)
        emit(.note(.catchingUp(from: from, peer: peer)))
        let count = UInt16(ConsensusMessage.blocksPerResponseMax)
        emit(.send(to: peer, .blockRequest(from: from, count: count)))
        armCatchUp(afterMilliseconds: configuration.timing.catchUpMilliseconds)
    }

    /// A peer that did not deliver is asked last, and its word no longer counts.
    private mutating func distrust(_ peer: PublicKey) {
        catchUp.rotation += 1
        peers.update(peer, status: nil)
    }

    /// Takes final blocks that were asked for.
    mutating func receive(_ blocks: [FinalizedBlock], from peer: PublicKey) {
        guard catchUp.phase == .asked(peer) else { return }
        catchUp.phase = .idle
        let blocks = ownBlocks(of: blocks)
        let accepted = provenPrefix(of: blocks)
        if accepted.count < blocks.count { emit(.note(.rejected(from: peer, .badBlocks))) }
        deliver(accepted)
        if accepted.isEmpty || accepted.count < blocks.count { distrust(peer) }
        if accepted.isEmpty { considerCatchUp() } else { askForBlocks() }
    }

    /// The blocks up to the end of this epoch: what lies beyond is for the next machine to judge.
    private func ownBlocks(of blocks: [FinalizedBlock]) -> [FinalizedBlock] {
        var own: [FinalizedBlock] = []
        for block in blocks {
            let header = block.block.header
            guard header.epoch <= configuration.epoch else { break }
            own.append(block)
            let isOwn = header.epoch == configuration.epoch
            if isOwn, configuration.lengths.isAtEnd(header) { break }
        }
        return own
    }

    /// The blocks that follow the last final one and are proved.
    private func provenPrefix(of blocks: [FinalizedBlock]) -> [FinalizedBlock] {
        var tip = final
        var known = decided
        var accepted: [FinalizedBlock] = []
        for block in blocks {
            let header = block.block.header
            // An answer may overlap with what arrived by itself in the meantime.
            if header.height <= tip.height, accepted.isEmpty { continue }
            guard header.epoch == configuration.epoch, header.parent == tip.hash,
                header.parentSlot == tip.slot,
                header.height == tip.height.advanced(by: 1), header.slot > tip.slot,
                isProved(block, known: known)
            else { break }
            known = block.proof.certificate
            tip = FinalPoint(block)
            accepted.append(block)
        }
        return accepted
    }

    private func isProved(_ block: FinalizedBlock, known: Certificate?) -> Bool {
        let chain = configuration.chain
        do {
            if block.proof.certificate == known {
                try block.proof.verifyLinks(from: block.block.header, chain: chain)
            } else {
                try block.verify(validators: configuration.validators, chain: chain)
            }
            return true
        } catch { return false }
    }

    /// Lets the host answer from its block log.
    mutating func serve(_ peer: PublicKey, from: BlockHeight, count: Int) {
        guard from.value > 0, from <= final.height, count > 0 else {
            return emit(.send(to: peer, .blockResponse([])))
        }
        let most = min(count, ConsensusMessage.blocksPerResponseMax)
        let available = final.height.value - from.value + 1
        emit(.serveBlocks(to: peer, from: from, count: Int(min(UInt64(most), available))))
    }
}

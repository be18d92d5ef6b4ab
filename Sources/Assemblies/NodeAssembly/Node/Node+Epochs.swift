// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import NodeInterface
import PeerNetwork
import Vocabulary

extension Node {
    /// Waits before a checkpoint is executed until no commit is under way, so that none makes its
    /// state durable before what is kept of it is (CONSENSUS-28).
    func awaitCommit(before block: Block) async {
        guard genesis.parameters.epochs.isCheckpoint(block.header.height) else { return }
        await commit?.finished()
    }

    /// Keeps what an executed block means for epochs; durable on return.
    func keepEpochs(_ finalized: FinalizedBlock) async {
        await untilDone("epochs") {
            try await self.book.take(finalized, CheckpointNote(of: self.ledger))
        }
        let lengths = genesis.parameters.epochs
        guard lengths.epoch(cutAt: finalized.block.header.height) != nil else { return }
        // Those who will decide may connect before they do.
        let coming = await book.notes.compactMap(\.named)
        links.setMembers(Set(coming.flatMap { $0.validators.map(\.key) } + validatorKeys))
    }

    /// Enters the next epoch once the last block of this one is executed with all its batches.
    func enterEpochWhenExecuted() async {
        guard let end = epochEnd, let last = lastFinal,
            last.block.header.height >= end.block.header.height
        else { return }
        epochEnd = nil
        await enterEpoch(after: end)
    }

    /// Makes the machine of the next epoch; the book knows its validators since the last block of
    /// the old one was executed.
    private func enterEpoch(after last: FinalizedBlock) async {
        let schedule = await book.schedule
        guard schedule.epoch == last.block.header.epoch.advanced(by: 1),
            let next = machine.successor(
                validators: schedule.validators,
                identity: configuration.voter(in: schedule.validators))
        else {
            trouble("epochs", "epoch \(last.block.header.epoch) ended and the next is not known")
            isHalted = true
            return
        }
        let wasValidator = isValidator
        machine = next
        validators = schedule.validators
        validatorKeys = validators.validators.map(\.key)
        isValidator = configuration.votes(in: validators)
        links.setMembers(Set(validatorKeys))
        request = nil
        await beginLanes(after: last.block.header)
        await storage.speak(as: configuration.voter(in: validators).publicKey)
        sayWhetherSilent()
        sayEpoch(wasValidator)
        await take([.started])
    }

    /// Lanes end with their epoch: what no cut ordered waits in the pool still, and is put into the
    /// new ones (LANES-2).
    private func beginLanes(after last: BlockHeader) async {
        let epoch = machine.configuration.epoch
        lanes = LaneMachine(
            configuration: LaneConfiguration(chain: chain, epoch: epoch, validators: validators),
            identity: configuration.voter(in: validators),
            recovered: .fresh(lanes: validators.count, after: last.height))
        ownBatches.reset()
        isBatchOnItsWay = false
        ownMaking = nil
        batchChecks = BatchChecks()
        laneInbox = [.started] + links.connectedPeers().map { .connected($0.publicKey) }
        inboxSignal.raise()
        try? await storage.lanes.forgetAll()
    }

    private func sayEpoch(_ wasValidator: Bool) {
        let count = validators.count
        let change =
            wasValidator == isValidator
            ? "" : isValidator ? "; this node votes from now on" : "; this node no longer votes"
        configuration.log(
            .info,
            "epoch \(machine.configuration.epoch) with \(count) validators begins in slot "
                + "\(machine.configuration.schedule.firstSlot)\(change)")
    }

    /// How epochs ended, from `first` on: for each the header of its last block, why it is final,
    /// and what the state it carries says of the next set (CONSENSUS-26).
    public func handovers(from first: Epoch, count: Int) async -> [CertifiedValue] {
        do {
            return try await book.records(from: first, count: count).map {
                CertifiedValue(
                    value: $0.next.value, proof: $0.next.proof, header: $0.header,
                    finality: $0.finality)
            }
        } catch {
            trouble("epochs", "the log of epochs cannot be read: \(error)")
            return []
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import NodeAssembly
import Vocabulary

/// Makes two batches for each height of its lane, two branches from the first on, and gives and
/// vouches for one to each half of the others.
///
/// Touched only by the tasks of its node.
final class LaneEquivocator: ValidatorConduct, @unchecked Sendable {
    private let villain: Villain
    private let victims: Set<PublicKey>
    private var epoch = Epoch(0)
    private var lane: UInt16?
    /// The other branch, by height.
    private var rivals: [UInt64: Batch] = [:]

    init(_ villain: Villain) {
        self.villain = villain
        victims = Set(villain.halves.second)
    }

    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect] { effects }

    func rewrite(_ effects: [LaneEffect]) -> [LaneEffect] { effects.flatMap(rewrite) }

    private func rewrite(_ effect: LaneEffect) -> [LaneEffect] {
        switch effect {
        case .broadcast(.batch(let batch)):
            fork(batch)
            return villain.others.map { .send(to: $0, told(.batch(batch), $0)) }
        case .broadcast(.vector(let vector)):
            return villain.others.map { .send(to: $0, told(.vector(vector), $0)) }
        case .send(let peer, .answer(let batches)):
            return batches.first?.header.lane == lane && victims.contains(peer) ? [] : [effect]
        case .send(let peer, let message): return [.send(to: peer, told(message, peer))]
        default: return [effect]
        }
    }

    /// Grows the other branch by a batch beside its own.
    private func fork(_ batch: Batch) {
        let header = batch.header
        if epoch != header.epoch { rivals = [:] }
        (epoch, lane) = (header.epoch, header.lane)
        let parent =
            rivals[header.height - 1]?.tip
            ?? LaneTip(lane: header.lane, height: header.height - 1, hash: header.parent)
        rivals[header.height] = Batch(
            Payload.empty.canonicalBytes, transactionCount: 0, after: parent, chain: header.chain,
            epoch: header.epoch, by: villain.key)
        villain.crimes.noteFork(villain.key.publicKey, in: header.epoch, at: header.height)
    }

    /// What a peer hears: victims of the other branch.
    private func told(_ message: LaneMessage, _ peer: PublicKey) -> LaneMessage {
        guard victims.contains(peer) else { return message }
        switch message {
        case .batch(let batch): return .batch(rival(of: batch))
        case .vector(let vector): return .vector(rival(of: vector))
        case .request, .answer: return message
        }
    }

    private func rival(of batch: Batch) -> Batch {
        guard batch.header.epoch == epoch, batch.header.lane == lane else { return batch }
        return rivals[batch.header.height] ?? batch
    }

    private func rival(of vector: AvailabilityVector) -> AvailabilityVector {
        guard vector.epoch == epoch else { return vector }
        let entries = vector.entries.map { tip in
            tip.lane == lane ? rivals[tip.height]?.tip ?? tip : tip
        }
        return AvailabilityVector(
            entries, sequence: vector.sequence, chain: vector.chain, epoch: vector.epoch,
            validator: vector.validator, by: villain.key)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import NodeAssembly
import Vocabulary

/// Forks its lane against the order: a third of the validators hold a second branch from the first
/// batch on. Once the first batch of the other is final, it says that it holds the second branch
/// too, which makes that available, and has it ordered.
///
/// Touched only by the tasks of its node.
final class LaneForker: SpokenConduct, @unchecked Sendable {
    private let villain: Villain
    private let order: ForcedOrder
    /// Who holds the second branch.
    private let keepers: Set<PublicKey>
    private var epoch: Epoch?
    private var lane: UInt16 = 0
    /// The second branch, from the first height on.
    private var rivals: [Batch] = []
    /// How far final cuts take the lane in this epoch.
    private var orderedHeight: UInt64 = 0
    /// The number of its last vector.
    private var sequence: UInt64 = 0
    /// Whether it has said to all that it holds the second branch.
    private var hasClaimed = false
    /// Where it last tried to have the second branch ordered.
    private var triedIn: Slot?

    /// How long the second branch is: more offences than may go unseen at a run's end.
    private static let rivalsMax: UInt64 = 6

    init(_ villain: Villain, keepers: Set<PublicKey>) {
        self.villain = villain
        order = ForcedOrder(villain)
        self.keepers = keepers
    }

    // MARK: Lanes

    func rewrite(_ effects: [LaneEffect]) -> [LaneEffect] {
        effects.flatMap(rewrite) + claimBranch()
    }

    /// Makes the second branch available once the first batch of the other is final.
    private func claimBranch() -> [LaneEffect] {
        guard let epoch, orderedHeight == 1, !hasClaimed else { return [] }
        hasClaimed = true
        let vector = AvailabilityVector(
            rivals.dropFirst().map(\.tip), sequence: sequence + 1, chain: villain.chain,
            epoch: epoch, validator: lane, by: villain.key)
        return [.broadcast(.vector(vector))]
    }

    private func rewrite(_ effect: LaneEffect) -> [LaneEffect] {
        switch effect {
        case .broadcast(.batch(let batch)):
            grow(beside: batch.header)
            // The others get the first batch when it is repeated: by then keepers claim theirs.
            return keepers.sorted().flatMap { peer in
                told(batch, peer).map { .send(to: peer, .batch($0)) }
            }
        case .broadcast(.vector(let vector)):
            return villain.others.map { .send(to: $0, .vector(told(vector, $0))) }
        case .send(let peer, .batch(let batch)):
            return told(batch, peer).map { .send(to: peer, .batch($0)) }
        case .send(let peer, .vector(let vector)):
            return [.send(to: peer, .vector(told(vector, peer)))]
        case .send(let peer, .answer(let batches)):
            return batches.first?.header.lane == lane && keepers.contains(peer) ? [] : [effect]
        default: return [effect]
        }
    }

    /// Makes the second branch beside the first batch of an epoch.
    private func grow(beside header: BatchHeader) {
        guard epoch != header.epoch else { return }
        (epoch, lane) = (header.epoch, header.lane)
        (orderedHeight, triedIn, hasClaimed) = (0, nil, false)
        rivals = []
        for height in 1...Self.rivalsMax {
            rivals.append(
                Batch(
                    Payload.empty.canonicalBytes, transactionCount: 0,
                    after: rivals.last?.tip ?? .start(of: lane), chain: header.chain,
                    epoch: header.epoch, by: villain.key))
            villain.crimes.noteFork(villain.key.publicKey, in: header.epoch, at: height)
        }
    }

    /// What a peer is given with a batch of the lane: keepers the second branch, all others the
    /// first batch and nothing more.
    private func told(_ batch: Batch, _ peer: PublicKey) -> [Batch] {
        guard batch.header.epoch == epoch, batch.header.lane == lane else { return [batch] }
        guard batch.header.height == 1 else { return [] }
        return keepers.contains(peer) ? rivals : [batch]
    }

    /// What a peer hears it claim: at each height the one batch that it counts for.
    private func told(_ vector: AvailabilityVector, _ peer: PublicKey) -> AvailabilityVector {
        sequence = vector.sequence
        guard vector.epoch == epoch else { return vector }
        let branch = rivals.map(\.tip)
        let entries = vector.entries.flatMap { tip -> [LaneTip] in
            guard tip.lane == lane else { return [tip] }
            guard tip.height == 1 else { return [] }
            return keepers.contains(peer) ? branch : [tip]
        }
        return AvailabilityVector(
            entries, sequence: vector.sequence, chain: vector.chain, epoch: vector.epoch,
            validator: vector.validator, by: villain.key)
    }

    // MARK: Order

    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect] {
        for case .finalized(let blocks) in effects {
            for block in blocks.map(\.block) where block.header.epoch == epoch {
                let tip = (try? Cut(payload: block.payload))?[lane]
                orderedHeight = max(orderedHeight, tip?.height ?? 0)
            }
        }
        return spoken(effects)
    }

    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        order.speak(message, to: audience, wish: wish)
    }

    /// The second branch, while the order is at the first batch: once in each of its windows.
    private func wish(for header: BlockHeader) -> LaneTip? {
        guard header.epoch == epoch, hasClaimed, orderedHeight == 1, let rival = rivals.last
        else { return nil }
        if let triedIn, header.slot < triedIn.advanced(by: ValidatorSet.slotsPerWindow) {
            return nil
        }
        triedIn = header.slot
        return rival.tip
    }
}

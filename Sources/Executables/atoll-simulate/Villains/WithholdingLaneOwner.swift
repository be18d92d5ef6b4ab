// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// Makes batches and says that it holds them, but gives them to its confidants alone; as a leader
/// it has them ordered all the same. With as many confidants as may be faulty the others see that
/// more than a third hold them, vote, and have to find them.
///
/// Touched only by the tasks of its node.
final class WithholdingLaneOwner: SpokenConduct, @unchecked Sendable {
    private let villain: Villain
    private let confidants: Set<PublicKey>
    private let order: ForcedOrder
    /// Its newest batch.
    private var newest: (epoch: Epoch, tip: LaneTip)?
    /// The newest that it tried to have ordered, or that others had ordered.
    private var ordered: (epoch: Epoch, height: UInt64)?

    init(_ villain: Villain, confidants: Int) {
        self.villain = villain
        self.confidants = Set(villain.others.prefix(confidants))
        order = ForcedOrder(villain)
    }

    func rewrite(_ effects: [LaneEffect]) -> [LaneEffect] { effects.flatMap(rewrite) }

    private func rewrite(_ effect: LaneEffect) -> [LaneEffect] {
        switch effect {
        case .broadcast(.batch(let batch)):
            newest = (batch.header.epoch, batch.tip)
            return villain.others.filter(confidants.contains).map { .send(to: $0, .batch(batch)) }
        case .send(let peer, .batch): return confidants.contains(peer) ? [effect] : []
        case .send(_, .answer(let batches)):
            return batches.first?.header.lane == newest?.tip.lane ? [] : [effect]
        case .serveBatches(_, let request):
            return request.tip.lane == newest?.tip.lane ? [] : [effect]
        default: return [effect]
        }
    }

    func rewrite(_ effects: [ConsensusEffect]) -> [ConsensusEffect] {
        for case .finalized(let blocks) in effects {
            for block in blocks.map(\.block) {
                guard let newest, let cut = try? Cut(payload: block.payload),
                    let tip = cut[newest.tip.lane]
                else { continue }
                note(block.header.epoch, tip.height)
            }
        }
        return spoken(effects)
    }

    private func note(_ epoch: Epoch, _ height: UInt64) {
        if let ordered, (ordered.epoch, ordered.height) >= (epoch, height) { return }
        ordered = (epoch, height)
    }

    func speak(_ message: ConsensusMessage, to audience: Audience) -> [ConsensusEffect] {
        order.speak(message, to: audience, wish: wish)
    }

    /// Its own newest batch, once.
    private func wish(for header: BlockHeader) -> LaneTip? {
        guard let newest, newest.epoch == header.epoch,
            ordered.map({ $0.epoch < newest.epoch || $0.height < newest.tip.height }) ?? true
        else { return nil }
        note(newest.epoch, newest.tip.height)
        return newest.tip
    }
}

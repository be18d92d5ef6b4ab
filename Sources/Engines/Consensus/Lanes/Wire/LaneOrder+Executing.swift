// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Why batches are not those that a final block executes.
public enum LaneOrderError: Error, Equatable, Sendable {
    /// A batch that the cut leads to is not among those given.
    case missing(LaneTip)
    /// A batch's payload is not the one its header names, or it is of another chain or epoch.
    case damaged(LaneTip)
    /// More or other batches were given than the block executes or closes lanes with.
    case surplus
}

extension LaneOrder {
    /// Lanes in the order of execution: the first is another in every slot (LANES-13).
    func turn(_ cut: Cut, by slot: Slot) -> [LaneTip] {
        let first = UInt16(slot.value % UInt64(max(1, tips.count)))
        return cut.tips.filter { $0.lane >= first && Int($0.lane) < tips.count }
            + cut.tips.filter { $0.lane < first && Int($0.lane) < tips.count }
    }

    /// What a final block of an archive executes, worked out from the batches kept with it
    /// (LANES-13).
    ///
    /// - Parameters:
    ///   - finalized: A final block of the lanes' epoch whose batches are not checked yet.
    ///   - cut: Its payload.
    /// - Returns: What the lane machines of the time handed on.
    /// - Throws: ``LaneOrderError`` when the batches are not exactly those. Cost: one hash of each
    ///   payload.
    public func execution(
        of finalized: FinalizedBlock, cut: Cut
    ) throws(LaneOrderError) -> LaneExecution {
        let header = finalized.block.header
        var given: [Digest: Batch] = [:]
        for batch in finalized.batches + finalized.forked { given[batch.hash] = batch }
        var after = self
        var batches: [Batch] = []
        var forked: [Batch] = []
        var closing: [UInt16] = []
        for tip in turn(cut, by: header.slot) where !after.isClosed(tip.lane) {
            let base = after.tips[Int(tip.lane)]
            guard LaneMachine.follows(tip, base) else { continue }
            let chain = try Self.chain(to: tip, above: base, among: given, of: header)
            if chain.first?.header.parent == base.hash {
                batches += chain
                after.tips[Int(tip.lane)] = tip
            } else {
                closing.append(tip.lane)
                forked += chain
                after.close(tip.lane)
            }
        }
        guard batches == finalized.batches, forked == finalized.forked else { throw .surplus }
        return LaneExecution(
            height: header.height, batches: batches, closing: closing.sorted(), forked: forked,
            order: after)
    }

    /// The batches from above `base` up to `tip`, heights rising.
    private static func chain(
        to tip: LaneTip, above base: LaneTip, among given: [Digest: Batch], of header: BlockHeader
    ) throws(LaneOrderError) -> [Batch] {
        var chain: [Batch] = []
        var wanted = tip
        while wanted.height > base.height {
            guard let batch = given[wanted.hash], batch.tip == wanted else {
                throw .missing(wanted)
            }
            guard batch.header.chain == header.chain, batch.header.epoch == header.epoch,
                batch.isIntact
            else { throw .damaged(wanted) }
            chain.append(batch)
            wanted = LaneTip(
                lane: tip.lane, height: wanted.height - 1, hash: batch.header.parent)
        }
        return chain.reversed()
    }
}

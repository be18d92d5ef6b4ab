// SPDX-License-Identifier: Apache-2.0
import Consensus
import NodeInterface
import Vocabulary

/// What was executed of each lane: of every lane one chain, and every batch of it once.
struct LaneBook {
    private struct Lane: Hashable {
        let epoch: Epoch
        let number: UInt16
    }

    private var tips: [Lane: LaneTip] = [:]
    private var closed: Set<Lane> = []

    /// Takes the next block that somebody executed.
    ///
    /// - Returns: What does not hold, in words.
    mutating func take(_ block: AppliedBlock) -> String? {
        let height = block.height
        let header = block.finalized.block.header
        guard let cut = try? Cut(payload: block.finalized.block.payload) else {
            return "block \(height) carries no cut"
        }
        for batch in block.finalized.batches {
            let lane = Lane(epoch: header.epoch, number: batch.header.lane)
            let tip = tips[lane] ?? .start(of: lane.number)
            guard batch.header.epoch == lane.epoch, batch.isIntact else {
                return "block \(height) executes a batch of another epoch, or a broken one"
            }
            guard batch.header.height == tip.height + 1, batch.header.parent == tip.hash else {
                return "block \(height) executes batch \(batch.header.height) of lane "
                    + "\(lane.number), which does not follow batch \(tip.height)"
            }
            guard !closed.contains(lane) else {
                return "block \(height) executes a batch of lane \(lane.number), which is closed"
            }
            tips[lane] = batch.tip
        }
        for batch in block.finalized.forked {
            closed.insert(Lane(epoch: header.epoch, number: batch.header.lane))
        }
        return missing(cut, header.epoch).map { "block \(height) \($0)" }
    }

    /// A tip of the cut that was not reached, in a lane that is not closed.
    private func missing(_ cut: Cut, _ epoch: Epoch) -> String? {
        for tip in cut.tips {
            let lane = Lane(epoch: epoch, number: tip.lane)
            guard !closed.contains(lane), tips[lane] != tip else { continue }
            return "orders batch \(tip.height) of lane \(tip.lane) and does not execute it"
        }
        return nil
    }
}

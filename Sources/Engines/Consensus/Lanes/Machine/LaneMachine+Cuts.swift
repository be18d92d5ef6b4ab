// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// A cut that waits for batches before it may be voted for.
struct WaitingCut {
    /// A new tip and the one it must stand on.
    struct Step {
        let parent: LaneTip
        let tip: LaneTip
    }

    let block: Digest
    let slot: Slot
    var missing: [Step]
}

extension LaneMachine {
    /// What this machine would order in a block: for each lane the highest batch that it holds,
    /// that stands on what the ancestors order, and that a quorum holds (LANES-11).
    ///
    /// - Parameter ancestors: The cuts of the blocks between the last final one and the new one,
    ///   oldest first.
    /// - Returns: The cut; lanes that do not advance are not in it. Cost: a walk over the lanes,
    ///   at most 64 heights each.
    public func proposal(after ancestors: [Cut]) -> Cut {
        let from = nominalTips(after: ancestors)
        let share = LaneLimits.cutBytesMax / lanes.count
        let tips = lanes.indices.compactMap { index in
            advance(of: index, from: from[index], share: share)
        }
        return Cut(tips) ?? .empty
    }

    private func advance(of index: Int, from parent: LaneTip, share: Int) -> LaneTip? {
        let lane = lanes[index]
        guard lane.isOpen, lane.holds(parent) else { return nil }
        let batches = LaneLimits.batchesPerCutMax(lanes: lanes.count) / lanes.count
        let end = min(lane.tip.height, parent.height + UInt64(batches))
        var bytes = 0
        var best: LaneTip?
        var height = parent.height + 1
        while height <= end, let batch = lane.held(at: height) {
            bytes += batch.payload.count
            if bytes > share, best != nil { break }
            if lane.claims.stake(for: batch.tip) >= configuration.validators.quorum {
                best = batch.tip
            }
            height += 1
        }
        return best
    }

    /// Where the lanes stand after cuts that are not final yet, by the cuts' word.
    private func nominalTips(after ancestors: [Cut]) -> [LaneTip] {
        var tips = lanes.map(\.base)
        for tip in ancestors.flatMap(\.tips) where Int(tip.lane) < tips.count {
            if tip.height > tips[Int(tip.lane)].height { tips[Int(tip.lane)] = tip }
        }
        return tips
    }

    /// Begins to judge a cut (LANES-9).
    mutating func judge(_ question: CutQuestion) {
        waiting.removeAll { $0.block == question.block }
        let from = nominalTips(after: question.ancestors)
        var missing: [WaitingCut.Step] = []
        var room = UInt64(LaneLimits.batchesPerCutMax(lanes: lanes.count))
        for tip in question.cut.tips {
            let isKnown = Int(tip.lane) < lanes.count
            if isKnown, lanes[Int(tip.lane)].isClosed { continue }
            guard isKnown, Self.follows(tip, from[Int(tip.lane)]),
                tip.height - from[Int(tip.lane)].height <= room
            else {
                emit(.verdict(block: question.block, accepted: false))
                return
            }
            room -= tip.height - from[Int(tip.lane)].height
            missing.append(WaitingCut.Step(parent: from[Int(tip.lane)], tip: tip))
            touched.insert(Int(tip.lane))
        }
        var cut = WaitingCut(block: question.block, slot: question.slot, missing: missing)
        if let accepted = verdict(on: &cut) {
            emit(.verdict(block: question.block, accepted: accepted))
            return
        }
        if waiting.count == LaneLimits.waitingCutsMax { waiting.removeFirst() }
        waiting.append(cut)
    }

    /// Whether a cut may take a lane from one place to another.
    static func follows(_ tip: LaneTip, _ parent: LaneTip) -> Bool {
        tip.height > parent.height && tip.height - parent.height <= LaneLimits.windowMax
    }

    /// Answers the questions whose batches are now available.
    mutating func judgeWaiting() {
        guard !touched.isEmpty else { return }
        var index = 0
        while index < waiting.count {
            if let accepted = verdict(on: &waiting[index]) {
                emit(.verdict(block: waiting[index].block, accepted: accepted))
                waiting.remove(at: index)
            } else {
                index += 1
            }
        }
    }

    private func verdict(on cut: inout WaitingCut) -> Bool? {
        var isRefused = false
        cut.missing.removeAll { step in
            let isAvailable = isAvailable(step)
            if isAvailable == false { isRefused = true }
            return isAvailable == true
        }
        if isRefused { return false }
        return cut.missing.isEmpty ? true : nil
    }

    /// Whether a step is available; nothing when that is not known yet, false when the batches
    /// held here show that it contradicts itself.
    private func isAvailable(_ step: WaitingCut.Step) -> Bool? {
        let lane = lanes[Int(step.tip.lane)]
        if lane.isClosed { return true }
        if lane.holds(step.tip), step.parent.height >= lane.base.height {
            return lane.holds(step.parent)
        }
        if lane.claims.stake(for: step.tip) >= configuration.availableStake { return true }
        return step.tip.height <= lane.base.height ? false : nil
    }
}

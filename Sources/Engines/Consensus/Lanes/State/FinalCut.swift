// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The batches that one final cut orders in one lane, gathered from the tip downwards.
struct LaneSegment {
    /// The place ordered before.
    let base: LaneTip
    /// The place ordered now.
    let tip: LaneTip
    /// Those who said to hold the tip.
    let holders: ValidatorMask
    /// Batches from the tip downwards.
    private(set) var gathered: [Batch] = []
    /// Batches of these heights that were held before the tip was known.
    private(set) var candidates: [Batch] = []
    /// Payload bytes among ``gathered`` that were asked for.
    private(set) var fetchedBytes = 0

    /// The batches are all held.
    init(base: LaneTip, tip: LaneTip, linked: [Batch]) {
        self.base = base
        self.tip = tip
        holders = ValidatorMask()
        gathered = linked.reversed()
    }

    /// Some batches are missing.
    init(base: LaneTip, tip: LaneTip, candidates: [Batch], holders: ValidatorMask) {
        self.base = base
        self.tip = tip
        self.holders = holders
        self.candidates = candidates
        gatherCandidates()
    }

    /// The next batch wanted; nothing when all are here.
    var wanted: LaneTip? {
        guard let last = gathered.last?.header else { return tip }
        guard last.height > base.height + 1 else { return nil }
        return LaneTip(lane: tip.lane, height: last.height - 1, hash: last.parent)
    }

    /// Whether the batches stand on the place ordered before.
    var isLinked: Bool { gathered.last?.header.parent == base.hash }

    /// All payload bytes gathered.
    var bytes: Int { gathered.reduce(0) { $0 + $1.payload.count } }

    /// Takes the next batch wanted; its payload has been checked.
    mutating func gather(_ batch: Batch) {
        gathered.append(batch)
        fetchedBytes += batch.payload.count
        gatherCandidates()
    }

    private mutating func gatherCandidates() {
        while let wanted, let found = candidates.firstIndex(where: { $0.hash == wanted.hash }) {
            gathered.append(candidates.remove(at: found))
        }
    }
}

/// A final cut whose batches are being gathered, or wait for execution.
struct FinalCut {
    let height: BlockHeight
    /// In the order of execution.
    var segments: [LaneSegment]
    /// Whether the host was told to execute it.
    var isHandedOn = false
}

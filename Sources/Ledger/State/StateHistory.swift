// SPDX-License-Identifier: Apache-2.0
import StateTree
import Vocabulary

/// How to undo the newest blocks, so that a value can be proven at the height a header carries.
struct StateHistory: Sendable {
    /// What one block replaced.
    struct Step: Sendable {
        /// The block's height; undoing it gives the state of the height before.
        let height: BlockHeight
        /// The root before the block.
        let rootBefore: Digest
        /// What it changed.
        let delta: OrderedDelta
    }

    /// The most blocks that can be undone: a header follows its state by one block, and a window of
    /// 4 slots may fail between, twice over.
    static let stepsMax = 16
    /// The most bytes held for that: 16 MiB, sixteen full payloads.
    static let bytesMax = 16_777_216

    private(set) var steps: [Step] = []
    private var bytes = 0

    mutating func append(_ step: Step) {
        steps.append(step)
        bytes += step.delta.bytes
        while steps.count > Self.stepsMax || bytes > Self.bytesMax {
            bytes -= steps.removeFirst().delta.bytes
        }
    }

    /// The steps that lie after a height, newest first.
    func steps(after height: BlockHeight) -> [Step] {
        steps.reversed().filter { $0.height > height }
    }

    /// The value under a path before the oldest of the steps, newest first, that changed it:
    /// nothing when none did.
    static func value(at path: Digest, before steps: [Step]) -> [UInt8]?? {
        for step in steps.reversed() {
            if let before = step.delta.before(path) { return before }
        }
        return nil
    }

    /// The oldest height that can be gone back to from `now`.
    func oldest(now: BlockHeight) -> BlockHeight {
        steps.first.map { BlockHeight($0.height.value - 1) } ?? now
    }
}

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
        /// Tree changes that undo it, in ascending key order.
        let undo: [SparseMerkleTree.Change]
        /// Tree changes that do it again, in ascending key order.
        let redo: [SparseMerkleTree.Change]
        /// Values before it by full state key.
        let values: [HashedKey: [UInt8]?]

        /// About how many bytes this step holds: each change is 160 bytes in the two lists.
        var bytes: Int {
            values.reduce(160 * undo.count) { $0 + $1.key.bytes.count + ($1.value?.count ?? 0) }
        }
    }

    /// The most blocks that can be undone: a header follows its state by one block, and a window of
    /// 4 slots may fail between, twice over.
    static let stepsMax = 16
    /// The most bytes held for that: 16 MiB, sixteen full payloads.
    static let bytesMax = 16_777_216

    private(set) var steps: [Step] = []
    private var bytes: [Int] = []

    mutating func append(_ step: Step) {
        steps.append(step)
        bytes.append(step.bytes)
        while steps.count > Self.stepsMax || (bytes.reduce(0, +) > Self.bytesMax) {
            steps.removeFirst()
            bytes.removeFirst()
        }
    }

    /// The steps that lie after a height, newest first.
    func steps(after height: BlockHeight) -> [Step] {
        steps.reversed().filter { $0.height > height }
    }

    /// The value of a full state key before the oldest of the steps that changed it: nothing when
    /// none did.
    static func value(of key: [UInt8], before steps: [Step]) -> [UInt8]?? {
        steps.last { $0.values[HashedKey(key)] != nil }?.values[HashedKey(key)]
    }

    /// The oldest height that can be gone back to from `now`.
    func oldest(now: BlockHeight) -> BlockHeight {
        steps.first.map { BlockHeight($0.height.value - 1) } ?? now
    }
}

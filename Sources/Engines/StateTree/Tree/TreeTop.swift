// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The six highest levels of the tree, above its 64 parts.
struct TreeTop {
    private var masks = SlotMasks()
    // By node, as in a page; node 1 is the root of the tree.
    private var hashes = [RawDigest](repeating: .zero, count: 2 * SlotMasks.slots)

    var root: Digest { hashes[1].digest }

    /// Takes over what the parts of some slots have become; hashes each node above them once.
    mutating func update(_ parts: [Subtree?], touched: UInt64) {
        for slot in 0..<SlotMasks.slots where touched & (1 << UInt64(slot)) != 0 {
            masks.set(slot, parts[slot]?.nodes.top ?? .empty)
            hashes[SlotMasks.slots + slot] = parts[slot]?.root ?? .zero
        }
        for level in (0..<SlotMasks.levels).reversed() {
            SlotMasks.forEachNode(at: level, above: touched) { rehash($0) }
        }
    }

    private mutating func rehash(_ node: Int) {
        guard masks.isInner(node) else {
            hashes[node] = hashes[masks.onlyChild(of: node)]
            return
        }
        let hash = NodeHash.inner(
            left: hashes[2 * node].digest, right: hashes[2 * node + 1].digest)
        hashes[node] = RawDigest(hash)
    }

    /// Goes towards `key`, appending the hash of each sibling passed; returns the part that what
    /// lies ahead is in, or nothing when nothing does.
    func walk(towards key: RawDigest, _ siblings: inout [Digest]) -> Int? {
        let end = masks.descend(towards: key, depth: 0) { siblings.append(hashes[$0].digest) }
        return masks.slot(of: end)
    }
}

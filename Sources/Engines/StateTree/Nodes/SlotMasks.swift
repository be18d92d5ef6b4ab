// SPDX-License-Identifier: Apache-2.0

/// What lies below each of 64 slots, and so below each node of the six levels above them.
///
/// Nodes are counted from 1, the root; the children of node i are 2i and 2i + 1, so the slots are
/// nodes 64 to 127, and the hashes of two children lie side by side.
struct SlotMasks {
    static let levels = 6
    static let slots = 64

    /// Bit s: there is a leaf below slot s.
    var occupied: UInt64 = 0
    /// Bit s: there is more than one.
    var plural: UInt64 = 0

    /// Records what lies below a slot now.
    mutating func set(_ slot: Int, _ link: Link) {
        let bit: UInt64 = 1 << UInt64(slot)
        occupied = link.isEmpty ? occupied & ~bit : occupied | bit
        plural = link.isPlural ? plural | bit : plural & ~bit
    }

    /// The slots below a node.
    ///
    /// - Parameter node: 1 to 127.
    static func slots(below node: Int) -> UInt64 {
        let level = Int.bitWidth - 1 - node.leadingZeroBitCount
        let width = slots >> level
        let first = (node - 1 << level) * width
        return (~0 >> UInt64(64 - width)) << UInt64(first)
    }

    /// Whether a node has more than one leaf below it, and so is an inner node of the tree.
    func isInner(_ node: Int) -> Bool {
        let below = Self.slots(below: node)
        let taken = occupied & below
        return plural & below != 0 || taken & (taken &- 1) != 0
    }

    /// The child that holds all that lies below a node which is no inner node.
    func onlyChild(of node: Int) -> Int {
        occupied & Self.slots(below: 2 * node) != 0 ? 2 * node : 2 * node + 1
    }

    /// The slot of the one leaf below a node, or nothing when there is none.
    func slot(of node: Int) -> Int? {
        let taken = occupied & Self.slots(below: node)
        return taken == 0 ? nil : taken.trailingZeroBitCount
    }

    /// Goes from the root towards a key's slot as long as there are inner nodes.
    ///
    /// - Parameters:
    ///   - depth: The depth of the root in the whole tree.
    ///   - pass: Told each node beside the way, from the top.
    /// - Returns: Where the way ends: a slot, or a node with at most one leaf.
    func descend(towards key: RawDigest, depth: Int, _ pass: (Int) -> Void) -> Int {
        var node = 1
        for level in 0..<Self.levels {
            guard isInner(node) else { return node }
            node = 2 * node + (key.bit(depth + level) ? 1 : 0)
            pass(node ^ 1)
        }
        return node
    }

    /// Calls `body` with each node of a level that has one of `slots` below it.
    static func forEachNode(
        at level: Int, above slots: UInt64, _ body: (_ node: Int) -> Void
    ) {
        var rest = slots
        while rest != 0 {
            let node = 1 << level + rest.trailingZeroBitCount >> (levels - level)
            body(node)
            rest &= ~Self.slots(below: node)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension SparseMerkleTree {
    /// A key and the hash of its value.
    public struct Leaf: Hashable, Sendable {
        /// The key in the tree.
        public let key: Digest
        /// SHA-256 of the value.
        public let valueHash: Digest

        /// Joins the two.
        public init(key: Digest, valueHash: Digest) {
            self.key = key
            self.valueHash = valueHash
        }

        init(_ record: LeafRecord) {
            self.init(key: record.key.digest, valueHash: record.valueHash.digest)
        }
    }

    /// The leaves from a key on, in ascending key order. Cost: one walk and the leaves given.
    ///
    /// - Parameters:
    ///   - key: The first key that may be among them.
    ///   - limit: The most leaves to give.
    public func leaves(from key: Digest, limit: Int) -> [Leaf] {
        var leaves: [Leaf] = []
        guard limit > 0 else { return leaves }
        let start = RawDigest(key)
        let first = start.digit(at: 0)
        for slot in first..<SlotMasks.slots {
            let isDone = parts[slot]?.nodes.visit(from: slot == first ? start : nil) { leaf in
                leaves.append(Leaf(leaf))
                return leaves.count == limit
            }
            if isDone == true { break }
        }
        return leaves
    }

    /// The last leaf whose key lies before `key`, or nothing.
    public func leaf(before key: Digest) -> Leaf? {
        let end = RawDigest(key)
        let last = end.digit(at: 0)
        for slot in (0...last).reversed() {
            let found = parts[slot]?.nodes.last(before: slot == last ? end : nil)
            if let found { return Leaf(found) }
        }
        return nil
    }

    /// The first leaf whose key lies after `key`, or nothing.
    public func leaf(after key: Digest) -> Leaf? {
        leaves(from: key, limit: 2).first { $0.key != key }
    }

    /// Gives all leaves in ascending key order.
    public func forEachLeaf(_ body: (Leaf) -> Void) {
        for part in parts {
            _ = part?.nodes.visit(from: nil) { leaf in
                body(Leaf(leaf))
                return false
            }
        }
    }
}

extension SubtreeNodes {
    /// Gives leaves in ascending order, from a key on, until `body` says to stop; says if it did.
    borrowing func visit(from start: RawDigest?, _ body: (LeafRecord) -> Bool) -> Bool {
        visit(top, from: start, depth: Self.depth, body)
    }

    private borrowing func visit(
        _ link: Link, from start: RawDigest?, depth: Int, _ body: (LeafRecord) -> Bool
    ) -> Bool {
        if link.isEmpty { return false }
        guard link.isPage else {
            let twig = leaves.twig(link)
            for index in 0..<twig.count {
                if let start, twig[index].key < start { continue }
                if body(twig[index]) { return true }
            }
            return false
        }
        let page = pages[link.page]
        let first = start?.digit(at: depth) ?? 0
        for slot in first..<SlotMasks.slots {
            let below = slot == first ? start : nil
            if visit(page.links[slot], from: below, depth: depth + SlotMasks.levels, body) {
                return true
            }
        }
        return false
    }

    /// The last leaf before a key, or of all.
    borrowing func last(before end: RawDigest?) -> LeafRecord? {
        last(top, before: end, depth: Self.depth)
    }

    private borrowing func last(_ link: Link, before end: RawDigest?, depth: Int) -> LeafRecord? {
        if link.isEmpty { return nil }
        guard link.isPage else {
            let twig = leaves.twig(link)
            guard let end else { return twig[twig.count - 1] }
            return (0..<twig.count).last { twig[$0].key < end }.map { twig[$0] }
        }
        let page = pages[link.page]
        let last = end?.digit(at: depth) ?? SlotMasks.slots - 1
        for slot in (0...last).reversed() {
            let below = slot == last ? end : nil
            let found = self.last(page.links[slot], before: below, depth: depth + SlotMasks.levels)
            if let found { return found }
        }
        return nil
    }
}

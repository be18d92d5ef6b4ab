// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// An authenticated map of 256-bit keys to value hashes: a binary sparse Merkle tree in memory.
///
/// A subtree with one leaf is that leaf, an empty subtree hashes to zero, so the root depends only
/// on the contents and never on the order of changes (STATE-1 to STATE-4). Nodes lie in two flat
/// arrays with free lists: no object and no allocation per node.
public struct SparseMerkleTree: Sendable {
    /// One change: the hash of the new value, or nil to remove the key.
    public struct Change: Hashable, Sendable {
        /// The key in the tree; see ``SparseMerkleTree/path(of:)``.
        public let key: Digest
        /// SHA-256 of the new value, or nil to remove the key.
        public let valueHash: Digest?

        /// Describes a change.
        public init(key: Digest, valueHash: Digest?) {
            self.key = key
            self.valueHash = valueHash
        }
    }

    private var nodes = NodeArena()
    private var top = NodeReference.empty

    /// Creates an empty tree, whose root is ``Digest/zero``.
    public init() {}

    /// The hash of the whole contents.
    public var root: Digest { nodes.hash(of: top) }

    /// How many keys have a value.
    public var count: Int { nodes.leafCount }

    /// The hash stored under a key, or nothing. Cost: one step a level.
    public func valueHash(of key: Digest) -> Digest? {
        let leaf = walk(key) { _ in }
        guard leaf.isLeaf, nodes.leaf(leaf).key == key else { return nil }
        return nodes.leaf(leaf).valueHash
    }

    /// Applies changes in strictly ascending key order; each node on their paths is hashed once.
    public mutating func update(_ batch: [Change]) {
        for index in batch.indices.dropFirst() {
            precondition(batch[index - 1].key < batch[index].key, "a batch ascends strictly")
        }
        top = updated(top, batch[...], depth: 0)
    }

    /// Proves what the tree holds under a key: its value hash, or that it has none.
    public func prove(_ key: Digest) -> StateProof {
        var siblings: [Digest] = []
        let end = walk(key) { siblings.append($0) }
        guard end.isLeaf else { return StateProof(siblings: siblings, end: .empty) }
        let leaf = nodes.leaf(end)
        return StateProof(
            siblings: siblings,
            end: leaf.key == key
                ? .included(valueHash: leaf.valueHash)
                : .otherLeaf(key: leaf.key, valueHash: leaf.valueHash))
    }

    /// Goes down towards `key`, telling the hash of each sibling passed, to a leaf or nothing.
    private func walk(_ key: Digest, _ pass: (Digest) -> Void) -> NodeReference {
        var node = top
        var depth = 0
        while node.isInner {
            let inner = nodes.inner(node)
            let goesRight = key.raw.bit(depth)
            pass(nodes.hash(of: goesRight ? inner.left : inner.right))
            node = goesRight ? inner.right : inner.left
            depth += 1
        }
        return node
    }
}

// MARK: - Changing

extension SparseMerkleTree {
    private mutating func updated(
        _ node: NodeReference, _ changes: ArraySlice<Change>, depth: Int
    ) -> NodeReference {
        guard !changes.isEmpty else { return node }
        if node.isInner { return updatedInner(node, changes, depth: depth) }
        if node.isLeaf { return updatedLeaf(node, changes, depth: depth) }
        return built(changes.filter { $0.valueHash != nil }[...], depth: depth)
    }

    private mutating func updatedInner(
        _ node: NodeReference, _ changes: ArraySlice<Change>, depth: Int
    ) -> NodeReference {
        let old = nodes.inner(node)
        let middle = Self.middle(of: changes, depth: depth)
        let left = updated(old.left, changes[..<middle], depth: depth + 1)
        let right = updated(old.right, changes[middle...], depth: depth + 1)
        if left.isInner || right.isInner || (left.isLeaf && right.isLeaf) {
            nodes.setInner(node, left: left, right: right)
            return node
        }
        nodes.free(node)
        return left.isLeaf ? left : right
    }

    private mutating func updatedLeaf(
        _ node: NodeReference, _ changes: ArraySlice<Change>, depth: Int
    ) -> NodeReference {
        let leaf = nodes.leaf(node)
        if changes.count == 1, let only = changes.first, only.key == leaf.key {
            guard let valueHash = only.valueHash else {
                nodes.free(node)
                return .empty
            }
            nodes.setLeaf(node, key: leaf.key, valueHash: valueHash)
            return node
        }
        nodes.free(node)
        var items = changes.filter { $0.valueHash != nil }
        if !changes.contains(where: { $0.key == leaf.key }) {
            let place = items.firstIndex { leaf.key < $0.key } ?? items.endIndex
            items.insert(Change(key: leaf.key, valueHash: leaf.valueHash), at: place)
        }
        return built(items[...], depth: depth)
    }

    /// A subtree of ascending items that all have a value.
    private mutating func built(_ items: ArraySlice<Change>, depth: Int) -> NodeReference {
        guard let first = items.first, let valueHash = first.valueHash else { return .empty }
        guard items.count > 1 else { return nodes.newLeaf(key: first.key, valueHash: valueHash) }
        let middle = Self.middle(of: items, depth: depth)
        let left = built(items[..<middle], depth: depth + 1)
        let right = built(items[middle...], depth: depth + 1)
        return nodes.newInner(left: left, right: right)
    }

    /// The first of the ascending changes whose key has a one at `depth`.
    private static func middle(of changes: ArraySlice<Change>, depth: Int) -> Int {
        var low = changes.startIndex
        var high = changes.endIndex
        while low < high {
            let probe = (low + high) / 2
            if changes[probe].key.raw.bit(depth) { high = probe } else { low = probe + 1 }
        }
        return low
    }
}

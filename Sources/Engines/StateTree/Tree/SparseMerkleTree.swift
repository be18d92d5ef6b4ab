// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// An authenticated map of 256-bit keys to value hashes: a binary sparse Merkle tree in memory.
///
/// A subtree with one leaf is that leaf, an empty subtree hashes to zero, so the root depends only
/// on the contents and never on the order of changes (STATE-1 to STATE-4). Nodes lie in pages of
/// six levels and leaves in short runs, all in few large pieces of memory (STATE-8): no object and
/// no allocation per node. A copy shares what neither side has changed since.
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

    // By the first six bits of the key; nothing where there was never a leaf.
    private(set) var parts = [Subtree?](repeating: nil, count: SlotMasks.slots)
    private var top = TreeTop()

    /// Creates an empty tree, whose root is ``Digest/zero``.
    public init() {}

    /// The hash of the whole contents.
    public var root: Digest { top.root }

    /// How many keys have a value.
    public var count: Int { parts.reduce(0) { $0 + ($1?.nodes.leafCount ?? 0) } }

    /// The bytes of memory that hold the tree: between 70 and 250 a key, by how full its pages are.
    public var memoryBytes: Int { parts.reduce(0) { $0 + ($1?.nodes.memoryBytes ?? 0) } }

    /// The hash stored under a key, or nothing. Cost: one step for every six levels.
    public func valueHash(of key: Digest) -> Digest? {
        let raw = RawDigest(key)
        return parts[raw.digit(at: 0)]?.nodes.valueHash(of: raw)?.digest
    }

    /// Proves what the tree holds under a key: its value hash, or that it has none.
    public func prove(_ key: Digest) -> StateProof {
        let raw = RawDigest(key)
        var siblings: [Digest] = []
        let part = top.walk(towards: raw, &siblings).flatMap { parts[$0] }
        guard let leaf = part?.nodes.walk(towards: raw, &siblings) else {
            return StateProof(siblings: siblings, end: .empty)
        }
        let valueHash = leaf.valueHash.digest
        return StateProof(
            siblings: siblings,
            end: leaf.key == raw
                ? .included(valueHash: valueHash)
                : .otherLeaf(key: leaf.key.digest, valueHash: valueHash))
    }
}

// MARK: - Changing

extension SparseMerkleTree {
    /// Carries out `body` for each number below `count`, in any order or at once, and returns when
    /// all have ended.
    public typealias Executor = (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void

    /// Applies changes in strictly ascending key order; each node on their paths is hashed once.
    public mutating func update(_ batch: [Change]) {
        update(batch, workers: 1) { count, body in (0..<count).forEach(body) }
    }

    /// The same by several workers, each of which changes parts of the tree that no other does.
    ///
    /// The tree is the same for any number of workers (STATE-9).
    ///
    /// - Parameters:
    ///   - workers: At most so many pieces of work are made, 1 to 64.
    ///   - executor: Carries the pieces out.
    public mutating func update(_ batch: [Change], workers: Int, by executor: Executor) {
        for index in batch.indices.dropFirst() {
            precondition(batch[index - 1].key < batch[index].key, "a batch ascends strictly")
        }
        guard !batch.isEmpty else { return }
        let pieces = UpdatePiece.pieces(of: batch, workers: workers)
        own(pieces.flatMap { $0.parts.map(\.slot) })
        let parts = parts
        executor(pieces.count) { pieces[$0].carryOut(batch, on: parts) }
        var touched: UInt64 = 0
        for piece in pieces {
            for part in piece.parts { touched |= 1 << UInt64(part.slot) }
        }
        top.update(parts, touched: touched)
    }

    /// Makes the parts of some slots this tree's own.
    private mutating func own(_ slots: [Int]) {
        for slot in slots {
            if isKnownUniquelyReferenced(&parts[slot]) { continue }
            parts[slot] = parts[slot].map(Subtree.init(copying:)) ?? Subtree()
        }
    }
}

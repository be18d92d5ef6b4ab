// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A piece of a tree that can be checked alone against the root (STATE-41).
///
/// Chunks cover all keys without gap or overlap: each starts right after the one before. A tree is
/// exported by asking a copy of it for chunk after chunk; the copy costs nothing until one of the
/// two changes.
public struct SnapshotChunk: Hashable, Sendable {
    /// The most leaves of a chunk: 256 KiB of them.
    public static let leavesMax = 4_096
    /// The most bytes of a chunk: two bounds, leaves of 64 bytes, items of 65, two counts.
    public static let bytesMax = 2 * 32 + leavesMax * 64 + RangeProof.itemsMax * 65 + 4

    /// The lowest key the chunk speaks of.
    public let first: Digest
    /// The highest key the chunk speaks of.
    public let last: Digest
    /// All leaves from the one to the other, in ascending key order.
    public let leaves: [SparseMerkleTree.Leaf]
    /// That these are all.
    public let proof: RangeProof

    /// Joins the parts.
    public init(
        first: Digest, last: Digest, leaves: [SparseMerkleTree.Leaf], proof: RangeProof
    ) {
        precondition(leaves.count <= Self.leavesMax, "a chunk has at most 4,096 leaves")
        self.first = first
        self.last = last
        self.leaves = leaves
        self.proof = proof
    }

    /// Where the next chunk starts; nothing after the last one.
    public var next: Digest? { last.successor }

    /// Checks that under `root` the leaves are all between the chunk's bounds.
    ///
    /// - Throws: ``SnapshotFailure`` naming the first thing that does not hold.
    public func verify(root: Digest) throws(SnapshotFailure) {
        try proof.verify(root: root, from: first, through: last, leaves: leaves)
    }
}

/// A tree that is put together from chunks, each checked before it is taken (STATE-42).
public struct SnapshotImport: Sendable {
    /// The root that the whole must have.
    public let root: Digest
    /// What is there so far.
    public private(set) var tree = SparseMerkleTree()
    /// Where the next chunk must start; nothing when all are there.
    public private(set) var next: Digest? = .zero

    /// Starts with nothing; whoever asks must have reason to trust the root.
    public init(root: Digest) { self.root = root }

    /// Whether all chunks are there, so that the tree has the root.
    public var isComplete: Bool { next == nil }

    /// Takes the next chunk.
    ///
    /// - Throws: ``SnapshotFailure``; the tree is then as before.
    public mutating func accept(_ chunk: SnapshotChunk) throws(SnapshotFailure) {
        guard let next else { throw .complete }
        guard chunk.first == next else { throw .notNext(expected: next) }
        guard !chunk.leaves.isEmpty || chunk.next == nil else { throw .noProgress }
        try chunk.verify(root: root)
        tree.update(
            chunk.leaves.map { SparseMerkleTree.Change(key: $0.key, valueHash: $0.valueHash) })
        self.next = chunk.next
    }
}

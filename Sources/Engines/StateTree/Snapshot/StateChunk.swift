// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// The state keys and values below one node of the tree, in the order of the tree (SYNC-4).
public struct StateChunk: Hashable, Sendable {
    /// The most bytes of a chunk: 256 KiB, four of the largest pairs, half a guest's message.
    public static let bytesMax = 256 << 10
    /// The longest state key: the module's byte and the longest key of a module.
    public static let keyBytesMax = 1 + 256
    /// The longest value.
    public static let valueBytesMax = 65_536

    /// The pairs.
    public let pairs: PairList

    /// Takes the bytes of a chunk.
    ///
    /// - Throws: ``SnapshotFailure/malformed``.
    public init(bytes: [UInt8]) throws(SnapshotFailure) {
        guard bytes.count <= Self.bytesMax,
            let pairs = PairList(
                bytes: bytes, keyBytesMax: Self.keyBytesMax, valueBytesMax: Self.valueBytesMax)
        else { throw .malformed }
        self.pairs = pairs
    }

    /// Checks that these are all pairs below a node of this hash.
    ///
    /// Cost: four hashes a pair, half of them sixteen at a time where the processor can.
    ///
    /// - Throws: ``SnapshotFailure`` naming the first thing that does not hold.
    public func verify(node: TreeNode, hash: Digest) throws(SnapshotFailure) {
        var run = LeafRun(capacity: pairs.count)
        try pairs.forEach { key, value throws(SnapshotFailure) in
            let leaf = LeafRecord(key: .of(key), valueHash: .of(value))
            guard run.last.map({ $0.key < leaf.key }) ?? true else { throw .notAscending }
            guard node.contains(leaf.key) else { throw .outsideNode }
            run.append(leaf)
        }
        let computed = run.hash(depth: node.depth)
        guard computed == hash else { throw .wrongHash(computed: computed) }
    }
}

/// Leaves in ascending key order, to be hashed at once.
struct LeafRun: ~Copyable {
    private let leaves: UnsafeMutablePointer<LeafRecord>
    private let capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        leaves = .allocate(capacity: self.capacity)
    }

    deinit { leaves.deallocate() }

    var last: LeafRecord? { count == 0 ? nil : leaves[count - 1] }

    mutating func append(_ leaf: LeafRecord) {
        precondition(count < capacity, "a run has room for all its leaves")
        (leaves + count).initialize(to: leaf)
        count += 1
    }

    /// The hash of the node at `depth` below which these leaves are all.
    func hash(depth: Int) -> Digest {
        var hash = RawDigest.zero
        guard count > 0 else { return hash.digest }
        withUnsafeMutableBytes(of: &hash) { output in
            guard let output = output.baseAddress else { return }
            var plan = HashPlan()
            plan.add(Twig(leaves: leaves, count: count), depth: depth, output: output)
            plan.carryOut()
        }
        return hash.digest
    }
}

extension RawDigest {
    /// The SHA-256 of bytes.
    static func of(_ bytes: UnsafeRawBufferPointer) -> RawDigest {
        var hasher = SHA256()
        hasher.update(bytes)
        return RawDigest(hasher.finish())
    }
}

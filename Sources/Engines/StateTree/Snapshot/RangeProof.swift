// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// That some leaves are all that a tree holds between two keys (STATE-40).
///
/// It describes the nodes in which a bound lies, from the root down and from left to right; what
/// lies wholly between the bounds follows from the leaves. About 32 bytes a level and bound.
public struct RangeProof: Hashable, Sendable {
    /// What is known of a node.
    public enum Item: Hashable, Sendable {
        /// An inner node in which a bound lies; its children follow.
        case inner
        /// The hash of a node that lies wholly outside the bounds.
        case outside(Digest)
        /// A node in which a bound lies and nothing else, or only one of the leaves.
        case collapsed
        /// A node in which a bound lies, and only a leaf outside the bounds.
        case leafOutside(key: Digest, valueHash: Digest)
    }

    /// The most items: for each bound 256 inner nodes with a child outside, and an end.
    public static let itemsMax = 2 * (2 * StateProof.siblingsMax + 1)

    /// The nodes, each before its children, left before right.
    public let items: [Item]

    /// Takes items as they are.
    public init(items: [Item]) {
        precondition(items.count <= Self.itemsMax, "a range proof has at most 1,026 items")
        self.items = items
    }

    /// Checks that under `root` the leaves are all from `first` to `last`, both included.
    ///
    /// Cost: two hashes a leaf for keys that are hashes; 256 a leaf for keys made up to be dear.
    ///
    /// - Parameter leaves: In strictly ascending key order.
    /// - Throws: ``SnapshotFailure`` naming the first thing that does not hold.
    public func verify(
        root: Digest, from first: Digest, through last: Digest,
        leaves: [SparseMerkleTree.Leaf]
    ) throws(SnapshotFailure) {
        for index in leaves.indices.dropFirst() {
            guard leaves[index - 1].key < leaves[index].key else { throw .notAscending }
        }
        guard first <= last else { throw .outsideBounds }
        if let lowest = leaves.first, let highest = leaves.last {
            guard first <= lowest.key, highest.key <= last else { throw .outsideBounds }
        }
        var walk = RangeWalk(bounds: RangeBounds(first: first, last: last), items: items[...])
        let computed = try walk.hash(leaves[...], depth: 0, within: .both)
        guard walk.items.isEmpty else { throw .malformedProof }
        guard computed == root else { throw .wrongRoot(computed: computed) }
    }
}

/// Why a chunk or range is refused.
public enum SnapshotFailure: Error, Equatable, Sendable {
    /// The leaves are not in strictly ascending key order.
    case notAscending
    /// A leaf lies outside the bounds, or the bounds are the wrong way round.
    case outsideBounds
    /// The items of the proof are not those of any tree with these leaves.
    case malformedProof
    /// The leaves and the proof lead to this root and not to the expected one.
    case wrongRoot(computed: Digest)
    /// The chunk does not start where the one before ended.
    case notNext(expected: Digest)
    /// The chunk has no leaf and is not the last: a snapshot could go on for ever with such chunks.
    case noProgress
    /// All chunks are there already.
    case complete
}

/// Which of the two bounds lie in a node.
enum BoundsWithin {
    case none, first, last, both

    var hasFirst: Bool { self == .first || self == .both }
    var hasLast: Bool { self == .last || self == .both }

    init(first: Bool, last: Bool) {
        self = first ? (last ? .both : .first) : (last ? .last : .none)
    }
}

/// The bounds of a range, and where they cut the tree.
struct RangeBounds {
    let first: Digest
    let last: Digest
    // Below these depths all is on the inner side of a bound that ends in zeros, or in ones.
    private let firstDepth: Int
    private let lastDepth: Int

    init(first: Digest, last: Digest) {
        self.first = first
        self.last = last
        let depths = 0..<StateProof.siblingsMax
        firstDepth = depths.last { first.raw.bit($0) }.map { $0 + 1 } ?? 0
        lastDepth = depths.last { !last.raw.bit($0) }.map { $0 + 1 } ?? 0
    }

    /// The bounds that cut a node, of those that lie in it.
    func cutting(_ within: BoundsWithin, at depth: Int) -> BoundsWithin {
        BoundsWithin(
            first: within.hasFirst && depth < firstDepth, last: within.hasLast && depth < lastDepth)
    }

    /// Which bounds lie in a child of a node that some lie in; nothing when it lies outside.
    func child(_ isRight: Bool, of within: BoundsWithin, at depth: Int) -> BoundsWithin? {
        let firstIsRight = within.hasFirst && first.raw.bit(depth)
        let lastIsLeft = within.hasLast && !last.raw.bit(depth)
        if isRight ? lastIsLeft : firstIsRight { return nil }
        return isRight
            ? BoundsWithin(first: firstIsRight, last: within.hasLast)
            : BoundsWithin(first: within.hasFirst, last: lastIsLeft)
    }

    func contains(_ key: Digest) -> Bool { first <= key && key <= last }
}

/// Computes the root that leaves and the items of a range proof lead to.
private struct RangeWalk {
    let bounds: RangeBounds
    var items: ArraySlice<RangeProof.Item>

    /// The hash of the node that all of the leaves, and nothing else between the bounds, lie in.
    mutating func hash(
        _ leaves: ArraySlice<SparseMerkleTree.Leaf>, depth: Int, within: BoundsWithin
    ) throws(SnapshotFailure) -> Digest {
        let cutting = bounds.cutting(within, at: depth)
        guard cutting != .none else { return Self.hash(leaves, depth: depth) }
        switch items.popFirst() {
        case .collapsed?:
            guard leaves.count <= 1 else { throw .malformedProof }
            return Self.hash(leaves, depth: depth)
        case .leafOutside(let key, let valueHash)?:
            guard leaves.isEmpty, !bounds.contains(key) else { throw .malformedProof }
            return NodeHash.leaf(key: key, valueHash: valueHash)
        case .inner?:
            let middle = Self.middle(of: leaves, depth: depth)
            let left = try child(false, leaves[..<middle], depth: depth, of: cutting)
            let right = try child(true, leaves[middle...], depth: depth, of: cutting)
            return NodeHash.inner(left: left, right: right)
        case .outside?, nil: throw .malformedProof
        }
    }

    private mutating func child(
        _ isRight: Bool, _ leaves: ArraySlice<SparseMerkleTree.Leaf>, depth: Int,
        of within: BoundsWithin
    ) throws(SnapshotFailure) -> Digest {
        if let within = bounds.child(isRight, of: within, at: depth) {
            return try hash(leaves, depth: depth + 1, within: within)
        }
        guard case .outside(let hash)? = items.popFirst(), leaves.isEmpty else {
            throw .malformedProof
        }
        return hash
    }

    /// The hash of a node that holds exactly these leaves.
    private static func hash(
        _ leaves: ArraySlice<SparseMerkleTree.Leaf>, depth: Int
    ) -> Digest {
        guard let first = leaves.first else { return .zero }
        guard leaves.count > 1 else {
            return NodeHash.leaf(key: first.key, valueHash: first.valueHash)
        }
        let middle = middle(of: leaves, depth: depth)
        return NodeHash.inner(
            left: hash(leaves[..<middle], depth: depth + 1),
            right: hash(leaves[middle...], depth: depth + 1))
    }

    /// The first of the ascending leaves whose key has a one at `depth`.
    private static func middle(
        of leaves: ArraySlice<SparseMerkleTree.Leaf>, depth: Int
    ) -> Int {
        var low = leaves.startIndex
        var high = leaves.endIndex
        while low < high {
            let probe = (low + high) / 2
            if leaves[probe].key.raw.bit(depth) { high = probe } else { low = probe + 1 }
        }
        return low
    }
}

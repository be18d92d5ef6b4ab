// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Which nodes of a tree the chunks of a snapshot lie below, in the order of their keys, with the
/// hash of each: the nodes cover the tree once (SYNC-3).
///
/// It is shown by the root alone, and each chunk by its part alone.
public struct SnapshotIndex: Hashable, Sendable {
    /// The most parts: as many chunks of 256 KiB are 64 GiB of state.
    public static let partsMax = 1 << 18

    /// The parts in the order of their keys.
    public let parts: [SnapshotPart]

    /// Takes parts as they are.
    public init(parts: [SnapshotPart]) { self.parts = parts }

    /// The root that the parts lead to; zeros when they cover no tree.
    public var root: Digest {
        var walk = CoverWalk(parts: parts)
        return (try? walk.hash(of: .root)) ?? .zero
    }

    /// Checks that the parts cover a tree of this root, and names their nodes.
    ///
    /// Every node above the parts is hashed as an inner one, which no hash of a leaf or of another
    /// pair of children equals: so each part has the hash that its node has in the tree.
    /// Cost: one hash a part.
    ///
    /// - Throws: ``SnapshotFailure/notACover``, ``SnapshotFailure/wrongRoot(computed:)``.
    public func verify(root: Digest) throws(SnapshotFailure) -> [TreeNode] {
        guard parts.count <= Self.partsMax else { throw .notACover }
        var walk = CoverWalk(parts: parts)
        let computed = try walk.hash(of: .root)
        guard walk.nodes.count == parts.count else { throw .notACover }
        guard computed == root else { throw .wrongRoot(computed: computed) }
        return walk.nodes
    }

    /// What two nodes compare to see that they speak of the same parts.
    public var digest: Digest {
        var encoder = CanonicalEncoder(capacity: parts.count * SnapshotPart.encodedBytes)
        for part in parts { encoder.write(part) }
        return SHA256.hash(encoder.bytes)
    }
}

/// Goes down from the root to the parts.
private struct CoverWalk {
    let parts: [SnapshotPart]
    var nodes: [TreeNode] = []

    mutating func hash(of node: TreeNode) throws(SnapshotFailure) -> Digest {
        guard nodes.count < parts.count else { throw .notACover }
        let part = parts[nodes.count]
        if Int(part.depth) == node.depth {
            nodes.append(node)
            return part.hash
        }
        guard Int(part.depth) > node.depth else { throw .notACover }
        let left = try hash(of: node.child(false))
        let right = try hash(of: node.child(true))
        return NodeHash.inner(left: left, right: right)
    }
}

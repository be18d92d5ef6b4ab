// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Names a node of a ``NodeArena``: nothing, an inner node or a leaf.
struct NodeReference: Equatable {
    private static let leafBit: UInt32 = 1 << 31

    // 0 is nothing; otherwise one more than the index, with the top bit set for a leaf.
    private let code: UInt32

    static let empty = NodeReference(code: 0)

    private init(code: UInt32) { self.code = code }

    init(inner index: Int) { self.init(code: UInt32(index) + 1) }
    init(leaf index: Int) { self.init(code: (UInt32(index) + 1) | Self.leafBit) }

    var isLeaf: Bool { code & Self.leafBit != 0 }
    var isInner: Bool { code != 0 && !isLeaf }
    var index: Int { Int(code & ~Self.leafBit) - 1 }
}

/// The nodes of a tree in two flat arrays; freed places are used again, last first.
///
/// An index has 31 bits, so a tree holds up to 2^31 - 1 leaves: 96 bytes a leaf, 40 an inner node.
struct NodeArena: Sendable {
    struct Inner {
        var left: NodeReference
        var right: NodeReference
        var hash: Digest
    }

    struct Leaf {
        var key: Digest
        var valueHash: Digest
        var hash: Digest
    }

    private var inners: [Inner] = []
    private var leaves: [Leaf] = []
    private var freeInners: [UInt32] = []
    private var freeLeaves: [UInt32] = []

    var leafCount: Int { leaves.count - freeLeaves.count }
    var innerCount: Int { inners.count - freeInners.count }

    func inner(_ node: NodeReference) -> Inner { inners[node.index] }
    func leaf(_ node: NodeReference) -> Leaf { leaves[node.index] }

    func hash(of node: NodeReference) -> Digest {
        if node.isLeaf { return leaves[node.index].hash }
        return node.isInner ? inners[node.index].hash : .zero
    }

    mutating func newLeaf(key: Digest, valueHash: Digest) -> NodeReference {
        let hash = NodeHash.leaf(key: key, valueHash: valueHash)
        let leaf = Leaf(key: key, valueHash: valueHash, hash: hash)
        if let index = freeLeaves.popLast() {
            leaves[Int(index)] = leaf
            return NodeReference(leaf: Int(index))
        }
        leaves.append(leaf)
        return NodeReference(leaf: leaves.count - 1)
    }

    mutating func newInner(left: NodeReference, right: NodeReference) -> NodeReference {
        let hash = NodeHash.inner(left: hash(of: left), right: hash(of: right))
        let inner = Inner(left: left, right: right, hash: hash)
        if let index = freeInners.popLast() {
            inners[Int(index)] = inner
            return NodeReference(inner: Int(index))
        }
        inners.append(inner)
        return NodeReference(inner: inners.count - 1)
    }

    mutating func setLeaf(_ node: NodeReference, key: Digest, valueHash: Digest) {
        let hash = NodeHash.leaf(key: key, valueHash: valueHash)
        leaves[node.index] = Leaf(key: key, valueHash: valueHash, hash: hash)
    }

    mutating func setInner(_ node: NodeReference, left: NodeReference, right: NodeReference) {
        let hash = NodeHash.inner(left: hash(of: left), right: hash(of: right))
        inners[node.index] = Inner(left: left, right: right, hash: hash)
    }

    mutating func free(_ node: NodeReference) {
        if node.isLeaf {
            freeLeaves.append(UInt32(node.index))
        } else {
            freeInners.append(UInt32(node.index))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension SparseMerkleTree {
    /// Proves what the tree holds from `first` to `last`, both included. Cost: two walks.
    public func proveRange(from first: Digest, through last: Digest) -> RangeProof {
        precondition(first <= last, "a range ascends")
        var writer = RangeWriter(
            bounds: RangeBounds(first: first, last: last), first: prove(first), last: prove(last))
        writer.append(depth: 0, within: .both)
        return RangeProof(items: writer.items)
    }

    /// The leaves from a key on, up to a number, as a chunk of a snapshot.
    ///
    /// - Parameters:
    ///   - first: Where the chunk before ended; zeros for the first.
    ///   - leavesMax: 1 to ``SnapshotChunk/leavesMax``.
    public func snapshotChunk(
        from first: Digest, leavesMax: Int = SnapshotChunk.leavesMax
    ) -> SnapshotChunk {
        precondition(1...SnapshotChunk.leavesMax ~= leavesMax, "a chunk has 1 to 4,096 leaves")
        let leaves = leaves(from: first, limit: leavesMax)
        let isLast = leaves.count < leavesMax
        let last = isLast ? .highest : leaves.last?.key ?? .highest
        return SnapshotChunk(
            first: first, last: last, leaves: leaves, proof: proveRange(from: first, through: last))
    }
}

/// Writes the items of a range proof from the ways to its two bounds.
private struct RangeWriter {
    let bounds: RangeBounds
    let first: StateProof
    let last: StateProof
    var items: [RangeProof.Item] = []

    /// Appends the node at `depth` on the way to the bounds that lie in it.
    mutating func append(depth: Int, within: BoundsWithin) {
        let cutting = bounds.cutting(within, at: depth)
        guard cutting != .none else { return }
        let way = cutting.hasFirst ? first : last
        guard depth < way.siblings.count else {
            items.append(end(of: way))
            return
        }
        items.append(.inner)
        for isRight in [false, true] {
            if let child = bounds.child(isRight, of: cutting, at: depth) {
                append(depth: depth + 1, within: child)
            } else {
                // The bound that leaves this child outside goes the other way: here is its sibling.
                let beside = isRight ? last : first
                items.append(.outside(beside.siblings[depth]))
            }
        }
    }

    private func end(of way: StateProof) -> RangeProof.Item {
        if case .otherLeaf(let key, let valueHash) = way.end, !bounds.contains(key) {
            return .leafOutside(key: key, valueHash: valueHash)
        }
        return .collapsed
    }
}

extension Digest {
    /// The highest key there can be.
    static let highest = Digest(
        Bytes32 { bytes in
            for index in bytes.indices { bytes[index] = 0xff }
        })

    /// The key after this one, or nothing after the highest.
    var successor: Digest? {
        var bytes = raw.bytes
        for index in bytes.indices.reversed() {
            bytes[index] &+= 1
            if bytes[index] != 0 { return Bytes32(bytes).map(Digest.init) }
        }
        return nil
    }
}

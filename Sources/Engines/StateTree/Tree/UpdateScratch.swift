// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What a worker needs to change a part of the tree: the changes as bytes, room to merge them with
/// leaves that are there, and the hashes to make at the end.
struct UpdateScratch: ~Copyable {
    /// The changes of this part, in ascending key order; the value hash of a removal is zero.
    private(set) var changes: [LeafRecord] = []
    private(set) var isRemoval: [Bool] = []
    /// The leaves of a twig after the changes, in ascending key order.
    var merged: [LeafRecord] = []
    /// How far each change has come on its way down.
    var links: [Link] = []
    var plan = HashPlan()

    /// Takes the changes of the next part.
    mutating func load(_ batch: some Collection<SparseMerkleTree.Change>) {
        changes.removeAll(keepingCapacity: true)
        isRemoval.removeAll(keepingCapacity: true)
        for change in batch {
            changes.append(
                LeafRecord(
                    key: RawDigest(change.key), valueHash: RawDigest(change.valueHash ?? .zero)))
            isRemoval.append(change.valueHash == nil)
        }
    }

    /// Fills `merged` with a twig's leaves and a range of the changes; returns how many there are.
    mutating func merge(_ twig: Twig?, with range: Range<Int>) -> Int {
        var next = range.lowerBound
        for place in 0..<(twig?.count ?? 0) {
            guard let leaf = twig?[place] else { break }
            while next < range.upperBound, changes[next].key < leaf.key { appendChange(&next) }
            let isReplaced = next < range.upperBound && changes[next].key == leaf.key
            if isReplaced { appendChange(&next) } else { merged.append(leaf) }
        }
        while next < range.upperBound { appendChange(&next) }
        return merged.count
    }

    private mutating func appendChange(_ next: inout Int) {
        if !isRemoval[next] { merged.append(changes[next]) }
        next += 1
    }
}

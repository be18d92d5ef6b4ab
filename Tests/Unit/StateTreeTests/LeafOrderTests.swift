// SPDX-License-Identifier: Apache-2.0
import StateTree
import Testing
import Vocabulary

@Suite("The leaves of the state tree in order")
struct LeafOrderTests {
    private func tree(_ seed: UInt64, isCrowded: Bool) -> (SparseMerkleTree, [Digest: Digest]) {
        var random = SeededGenerator(seed: seed)
        var tree = SparseMerkleTree()
        let batch = StateTreeTests.batch(
            over: [:], isCrowded: isCrowded, count: 700, using: &random)
        tree.update(batch)
        return (
            tree,
            Dictionary(
                uniqueKeysWithValues: batch.compactMap { change in
                    change.valueHash.map { (change.key, $0) }
                })
        )
    }

    @Test("all leaves come once, in ascending order", arguments: [UInt64](1...3), [false, true])
    func all(seed: UInt64, isCrowded: Bool) {
        let (tree, contents) = tree(seed, isCrowded: isCrowded)
        var found: [SparseMerkleTree.Leaf] = []
        tree.forEachLeaf { found.append($0) }
        #expect(found.map(\.key) == contents.keys.sorted())
        #expect(found.allSatisfy { contents[$0.key] == $0.valueHash })
        #expect(tree.leaves(from: .zero, limit: .max) == found)
    }

    @Test("the leaves from a key on are those of the sorted set", arguments: [false, true])
    func ranges(isCrowded: Bool) {
        let (tree, contents) = tree(4, isCrowded: isCrowded)
        let keys = contents.keys.sorted()
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let isKnown = Bool.random(using: &random)
            let fresh = isCrowded ? Digest.crowded(using: &random) : .random(using: &random)
            let key = isKnown ? keys.randomElement(using: &random) ?? fresh : fresh
            let limit = Int.random(in: 0...40, using: &random)
            #expect(
                tree.leaves(from: key, limit: limit).map(\.key)
                    == Array(keys.filter { $0 >= key }.prefix(limit)))
            #expect(tree.leaf(before: key)?.key == keys.last { $0 < key })
            #expect(tree.leaf(after: key)?.key == keys.first { key < $0 })
        }
    }

    @Test("an empty tree has no leaves")
    func empty() {
        #expect(SparseMerkleTree().leaves(from: .zero, limit: 5) == [])
        #expect(SparseMerkleTree().leaf(before: .zero) == nil)
        #expect(SparseMerkleTree().leaf(after: .zero) == nil)
    }
}

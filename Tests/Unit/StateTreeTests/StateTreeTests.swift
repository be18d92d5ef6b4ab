// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Testing
import Vocabulary

@Suite("State tree")
struct StateTreeTests {
    @Test("an empty tree has the zero root")
    func empty() {
        #expect(SparseMerkleTree().root == .zero)
        #expect(SparseMerkleTree().count == 0)
    }

    @Test("one key alone is the root, wherever it lies")
    func single() {
        let key = SparseMerkleTree.path(of: [1, 2, 3])
        let value = SHA256.hash([4])
        var tree = SparseMerkleTree()
        tree.update([SparseMerkleTree.Change(key: key, valueHash: value)])
        #expect(tree.root == SHA256.hash([0] + key.raw.bytes + value.raw.bytes))
        #expect(tree.valueHash(of: key) == value)
    }

    @Test(
        "after any batches of changes the root is the oracle's",
        arguments: [UInt64](1...12), [false, true])
    func oracle(seed: UInt64, isCrowded: Bool) {
        var random = SeededGenerator(seed: seed)
        var tree = SparseMerkleTree()
        var contents: [Digest: Digest] = [:]
        for _ in 0..<12 {
            let batch = Self.batch(over: contents, isCrowded: isCrowded, using: &random)
            tree.update(batch)
            for change in batch { contents[change.key] = change.valueHash }
            #expect(tree.root == OracleTree.root(contents))
            #expect(tree.count == contents.count)
        }
        for (key, value) in contents { #expect(tree.valueHash(of: key) == value) }
    }

    @Test("the root does not depend on order or grouping", arguments: [UInt64](1...8))
    func order(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let changes = Self.batch(over: [:], isCrowded: true, count: 100, using: &random)
        var whole = SparseMerkleTree()
        whole.update(changes)
        var single = SparseMerkleTree()
        for change in changes.shuffled(using: &random) { single.update([change]) }
        #expect(single.root == whole.root)
    }

    @Test("what was removed leaves no trace", arguments: [UInt64](1...8))
    func removal(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let kept = Self.batch(over: [:], isCrowded: true, count: 60, using: &random)
        let passing = Self.batch(over: [:], isCrowded: true, count: 60, using: &random)
            .filter { change in !kept.contains { $0.key == change.key } }
        var tree = SparseMerkleTree()
        tree.update(kept)
        let before = tree.root
        tree.update(passing)
        tree.update(passing.map { SparseMerkleTree.Change(key: $0.key, valueHash: nil) })
        #expect(tree.root == before)
        tree.update(kept.map { SparseMerkleTree.Change(key: $0.key, valueHash: nil) })
        #expect(tree.root == .zero)
        #expect(tree.count == 0)
    }

    @Test("removing what is not there changes nothing")
    func removalOfNothing() {
        var random = SeededGenerator(seed: 9)
        var tree = SparseMerkleTree()
        tree.update(Self.batch(over: [:], isCrowded: false, count: 20, using: &random))
        let before = tree.root
        tree.update([SparseMerkleTree.Change(key: .random(using: &random), valueHash: nil)])
        #expect(tree.root == before)
    }

    /// Changes in key order: new keys, new values, removals of keys present and absent.
    static func batch(
        over contents: [Digest: Digest], isCrowded: Bool, count: Int = 40,
        using random: inout SeededGenerator
    ) -> [SparseMerkleTree.Change] {
        var changes: [Digest: Digest?] = [:]
        let present = contents.keys.sorted()
        for _ in 0..<count {
            let isOld = Int.random(in: 0..<3, using: &random) == 0
            let fresh = isCrowded ? Digest.crowded(using: &random) : .random(using: &random)
            let key = isOld ? present.randomElement(using: &random) ?? fresh : fresh
            let isRemoval = !contents.isEmpty && Int.random(in: 0..<3, using: &random) == 0
            changes[key] = .some(isRemoval ? nil : .random(using: &random))
        }
        return changes.sorted { $0.key < $1.key }
            .map { SparseMerkleTree.Change(key: $0.key, valueHash: $0.value) }
    }
}

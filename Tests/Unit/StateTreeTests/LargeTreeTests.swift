// SPDX-License-Identifier: Apache-2.0
import Dispatch
import StateTree
import Testing
import Vocabulary

/// Trees whose pages lie several deep.
@Suite("Large state trees")
struct LargeTreeTests {
    private static func changes(
        _ count: Int, using random: inout SeededGenerator
    ) -> [SparseMerkleTree.Change] {
        (0..<count).map { _ in
            SparseMerkleTree.Change(
                key: .random(using: &random), valueHash: .random(using: &random))
        }.sorted { $0.key < $1.key }
    }

    private static func removals(_ changes: some Sequence<SparseMerkleTree.Change>)
        -> [SparseMerkleTree.Change]
    {
        changes.map { SparseMerkleTree.Change(key: $0.key, valueHash: nil) }
            .sorted { $0.key < $1.key }
    }

    private static func contents(_ changes: some Sequence<SparseMerkleTree.Change>)
        -> [Digest: Digest]
    {
        Dictionary(
            uniqueKeysWithValues: changes.compactMap { change in
                change.valueHash.map { (change.key, $0) }
            })
    }

    @Test("grown to thousands of keys, shrunk to few and grown again, the root is the oracle's")
    func growthAndDecay() {
        var random = SeededGenerator(seed: 21)
        var tree = SparseMerkleTree()
        var all = Self.changes(6_000, using: &random)
        tree.update(all)
        #expect(tree.root == OracleTree.root(Self.contents(all)))
        while all.count > 10 {
            all.shuffle(using: &random)
            tree.update(Self.removals(all.suffix(all.count / 2)))
            all.removeLast(all.count / 2)
            #expect(tree.root == OracleTree.root(Self.contents(all)))
            #expect(tree.count == all.count)
        }
        let more = Self.changes(3_000, using: &random)
        tree.update(more)
        #expect(tree.root == OracleTree.root(Self.contents(all + more)))
    }

    @Test("every key of a large tree proves its value, and others that they have none")
    func proofs() throws {
        var random = SeededGenerator(seed: 22)
        var tree = SparseMerkleTree()
        let all = Self.changes(5_000, using: &random)
        tree.update(all)
        for change in all.prefix(1_000) {
            let proof = tree.prove(change.key)
            try proof.verify(root: tree.root, path: change.key, valueHash: change.valueHash)
            let absent = Digest.random(using: &random)
            try tree.prove(absent).verify(root: tree.root, path: absent, valueHash: nil)
        }
    }

    @Test("keys that agree in all but their last bits lie where they belong")
    func deep() throws {
        var tree = SparseMerkleTree()
        let keys = (0..<UInt8(200)).map { last in
            Digest(
                Bytes32 { bytes in
                    for index in 0..<32 { bytes[index] = index < 31 ? 0x5a : last }
                })
        }
        tree.update(keys.map { SparseMerkleTree.Change(key: $0, valueHash: $0) })
        #expect(tree.root == OracleTree.root(Dictionary(uniqueKeysWithValues: zip(keys, keys))))
        for key in keys {
            try tree.prove(key).verify(root: tree.root, path: key, valueHash: key)
        }
        tree.update(keys.dropFirst().map { SparseMerkleTree.Change(key: $0, valueHash: nil) })
        #expect(tree.count == 1)
        #expect(tree.prove(keys[0]).siblings == [])
    }

    @Test("a copy does not see what becomes of the original, nor the other way round")
    func copies() {
        var random = SeededGenerator(seed: 23)
        var tree = SparseMerkleTree()
        let first = Self.changes(2_000, using: &random)
        tree.update(first)
        let before = tree.root
        var copy = tree
        tree.update(Self.removals(first.prefix(900)))
        #expect(copy.root == before && copy.count == 2_000)
        let second = Self.changes(500, using: &random)
        copy.update(second)
        #expect(copy.root == OracleTree.root(Self.contents(first + second)))
        #expect(tree.root == OracleTree.root(Self.contents(first.dropFirst(900))))
    }

    @Test("the same changes back and forth need no more memory")
    func memory() {
        var random = SeededGenerator(seed: 24)
        var tree = SparseMerkleTree()
        tree.update(Self.changes(3_000, using: &random))
        let passing = Self.changes(3_000, using: &random)
        for _ in 0..<3 {
            tree.update(passing)
            tree.update(Self.removals(passing))
        }
        let bytes = tree.memoryBytes
        for _ in 0..<10 {
            tree.update(passing)
            tree.update(Self.removals(passing))
        }
        #expect(tree.memoryBytes == bytes)
    }

    @Test("any number of workers makes the same tree", arguments: [1, 2, 3, 8, 64, 1_000])
    func workers(count: Int) {
        var random = SeededGenerator(seed: 25)
        var alone = SparseMerkleTree()
        var tree = SparseMerkleTree()
        for size in [3_000, 1, 40, 700] {
            let batch = Self.changes(size, using: &random)
            let removed = Self.removals(batch.filter { $0.key.raw.bit(250) })
            for changes in [batch, removed] {
                alone.update(changes)
                tree.update(changes, workers: count) { pieces, body in
                    #expect(pieces <= count)
                    DispatchQueue.concurrentPerform(iterations: pieces, execute: body)
                }
                #expect(tree.root == alone.root && tree.count == alone.count)
            }
        }
    }
}

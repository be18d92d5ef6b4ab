// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Testing
import Vocabulary

@Suite("Lattice hash of the state")
struct LatticeHashTests {
    private static func pairs(_ count: Int, seed: UInt64) -> [SparseMerkleTree.Leaf] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            SparseMerkleTree.Leaf(key: .random(using: &random), valueHash: .random(using: &random))
        }
    }

    private static func hash(_ pairs: some Sequence<SparseMerkleTree.Leaf>) -> LatticeHash {
        var hash = LatticeHash()
        for pair in pairs { hash.add(key: pair.key, valueHash: pair.valueHash) }
        return hash
    }

    @Test("the empty set hashes to zeros")
    func empty() {
        #expect(LatticeHash().canonicalBytes == [UInt8](repeating: 0, count: 2_048))
        #expect(LatticeHash().digest == SHA256.hash([UInt8](repeating: 0, count: 2_048)))
        #expect(LatticeHash(of: SparseMerkleTree()) == LatticeHash())
    }

    @Test("the order of pairs does not matter", arguments: [UInt64](1...4))
    func order(seed: UInt64) {
        let pairs = Self.pairs(20, seed: seed)
        var random = SeededGenerator(seed: seed)
        #expect(Self.hash(pairs) == Self.hash(pairs.shuffled(using: &random)))
        #expect(Self.hash(pairs).digest != Self.hash(pairs.dropLast()).digest)
    }

    @Test("what was added and removed leaves no trace")
    func removal() {
        let kept = Self.pairs(10, seed: 1)
        var hash = Self.hash(kept)
        for pair in Self.pairs(10, seed: 2) { hash.add(key: pair.key, valueHash: pair.valueHash) }
        for pair in Self.pairs(10, seed: 2).reversed() {
            hash.remove(key: pair.key, valueHash: pair.valueHash)
        }
        #expect(hash == Self.hash(kept))
    }

    @Test("the hashes of parts add up to that of the whole, and come off it again")
    func parts() {
        let pairs = Self.pairs(12, seed: 3)
        var hash = Self.hash(pairs.prefix(5))
        hash.add(Self.hash(pairs.dropFirst(5)))
        #expect(hash == Self.hash(pairs))
        hash.remove(Self.hash(pairs.prefix(5)))
        #expect(hash == Self.hash(pairs.dropFirst(5)))
    }

    @Test(
        "kept up with a tree's changes, it is the tree's from scratch", arguments: [UInt64](1...3))
    func increments(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tree = SparseMerkleTree()
        var hash = LatticeHash()
        var contents: [Digest: Digest] = [:]
        for _ in 0..<5 {
            let batch = StateTreeTests.batch(
                over: contents, isCrowded: true, count: 12, using: &random)
            for change in batch {
                hash.change(key: change.key, from: contents[change.key], to: change.valueHash)
                contents[change.key] = change.valueHash
            }
            tree.update(batch)
            #expect(hash == LatticeHash(of: tree))
        }
    }

    @Test("a pair's vector is SHA-256 in counter mode over the hash of the pair")
    func definition() {
        let pair = Self.pairs(1, seed: 5)[0]
        let seed = SHA256.hash([2] + pair.key.raw.bytes + pair.valueHash.raw.bytes)
        var expected: [UInt8] = []
        for block in UInt8(0)..<64 {
            let counter = [UInt8](repeating: 0, count: 31) + [block]
            expected += SHA256.hash([3] + seed.raw.bytes + counter).raw.bytes
        }
        #expect(Self.hash([pair]).canonicalBytes == expected)
    }

    @Test("a key and its value do not stand for each other, nor does a value twice for none")
    func distinct() {
        let pair = Self.pairs(1, seed: 6)[0]
        let turned = SparseMerkleTree.Leaf(key: pair.valueHash, valueHash: pair.key)
        #expect(Self.hash([pair]) != Self.hash([turned]))
        #expect(Self.hash([pair, pair]) != LatticeHash())
    }

    @Test("it reads back what it writes, and nothing of another length")
    func encoding() throws {
        let hash = Self.hash(Self.pairs(3, seed: 7))
        #expect(try LatticeHash(canonicalBytes: hash.canonicalBytes) == hash)
        #expect(throws: CanonicalError.self) {
            try LatticeHash(canonicalBytes: hash.canonicalBytes.dropLast())
        }
        #expect(throws: CanonicalError.trailingBytes(1)) {
            try LatticeHash(canonicalBytes: hash.canonicalBytes + [0])
        }
    }
}

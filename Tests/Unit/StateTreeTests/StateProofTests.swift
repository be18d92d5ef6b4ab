// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Testing
import Vocabulary

@Suite("State proofs")
struct StateProofTests {
    let tree: SparseMerkleTree
    let root: Digest

    init() {
        var tree = SparseMerkleTree()
        tree.update(
            (0..<UInt8(60)).map { SparseMerkleTree.path(of: [$0]) }.sorted().map {
                SparseMerkleTree.Change(key: $0, valueHash: SHA256.hash($0.raw.bytes))
            })
        self.tree = tree
        root = tree.root
    }

    private func value(_ number: UInt8) -> [UInt8] { SparseMerkleTree.path(of: [number]).raw.bytes }

    @Test("every present key proves its value and nothing else")
    func inclusion() throws {
        for number in UInt8(0)..<60 {
            let proof = tree.prove(SparseMerkleTree.path(of: [number]))
            try proof.verify(root: root, key: [number], value: value(number))
            #expect(throws: ProofFailure.otherValue) {
                try proof.verify(root: root, key: [number], value: [0])
            }
            #expect(throws: ProofFailure.present) {
                try proof.verify(root: root, key: [number], value: nil)
            }
        }
    }

    @Test("every absent key proves that it has no value")
    func exclusion() throws {
        for number in UInt8(60)...255 {
            let proof = tree.prove(SparseMerkleTree.path(of: [number]))
            try proof.verify(root: root, key: [number], value: nil)
            #expect(throws: ProofFailure.absent) {
                try proof.verify(root: root, key: [number], value: [number])
            }
        }
    }

    @Test("an empty tree proves absence, and only absence")
    func emptyTree() throws {
        let proof = SparseMerkleTree().prove(SparseMerkleTree.path(of: [1]))
        try proof.verify(root: .zero, key: [1], value: nil)
        #expect(throws: ProofFailure.absent) {
            try proof.verify(root: .zero, key: [1], value: [1])
        }
    }

    @Test("a proof for one key proves nothing of another")
    func otherKeys() {
        let proof = tree.prove(SparseMerkleTree.path(of: [7]))
        for number in UInt8(0)...255 where number != 7 {
            #expect(throws: ProofFailure.self) {
                try proof.verify(root: root, key: [number], value: value(7))
            }
            #expect(throws: ProofFailure.self) {
                try proof.verify(root: root, key: [number], value: nil)
            }
        }
    }

    @Test("every single flipped bit of a proof makes it fail", arguments: [3, 59, 60, 61, 200])
    func mutation(number: UInt8) throws {
        let isPresent = number < 60
        let claimed = isPresent ? value(number) : nil
        let bytes = tree.prove(SparseMerkleTree.path(of: [number])).canonicalBytes
        try StateProof(canonicalBytes: bytes).verify(root: root, key: [number], value: claimed)
        for bit in 0..<bytes.count * 8 {
            var mutated = bytes
            mutated[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let proof = try? StateProof(canonicalBytes: mutated) else { continue }
            #expect(throws: ProofFailure.self, "bit \(bit)") {
                try proof.verify(root: root, key: [number], value: claimed)
            }
        }
    }

    @Test("every flipped bit of root, key or value makes a proof fail")
    func mutatedClaim() {
        let proof = tree.prove(SparseMerkleTree.path(of: [5]))
        for bit in 0..<256 {
            var bytes = root.raw.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let other = Bytes32(bytes).map(Digest.init) ?? .zero
            #expect(throws: ProofFailure.self) {
                try proof.verify(root: other, key: [5], value: value(5))
            }
            var changed = value(5)
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: ProofFailure.otherValue) {
                try proof.verify(root: root, key: [5], value: changed)
            }
        }
    }

    @Test("an inner node cannot be passed off as a leaf, nor a leaf as absence")
    func confusion() {
        let proof = tree.prove(SparseMerkleTree.path(of: [5]))
        let short = StateProof(siblings: Array(proof.siblings.dropLast()), end: proof.end)
        #expect(throws: ProofFailure.self) {
            try short.verify(root: root, key: [5], value: value(5))
        }
        let empty = StateProof(siblings: proof.siblings, end: .empty)
        #expect(throws: ProofFailure.self) {
            try empty.verify(root: root, key: [5], value: nil)
        }
        let own = StateProof(
            siblings: proof.siblings,
            end: .otherLeaf(key: SparseMerkleTree.path(of: [5]), valueHash: SHA256.hash(value(5))))
        #expect(throws: ProofFailure.otherPath) {
            try own.verify(root: root, key: [5], value: nil)
        }
    }

    @Test("proofs of crowded trees verify for present and absent keys", arguments: [UInt64](1...6))
    func crowded(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var tree = SparseMerkleTree()
        let batch = StateTreeTests.batch(
            over: [:], isCrowded: true, count: 200, using: &random)
        tree.update(batch)
        for change in batch {
            try tree.prove(change.key).verify(
                root: tree.root, path: change.key, valueHash: change.valueHash)
        }
        for _ in 0..<200 {
            let key = Digest.crowded(using: &random)
            try tree.prove(key).verify(
                root: tree.root, path: key, valueHash: tree.valueHash(of: key))
        }
    }

    @Test("decoding survives any bytes and keeps to its limits", arguments: [UInt64](1...4))
    func decoding(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let good = tree.prove(SparseMerkleTree.path(of: [200])).canonicalBytes
        for _ in 0..<500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            guard let proof = try? StateProof(canonicalBytes: bytes) else { continue }
            #expect(proof.canonicalBytes == bytes)
            #expect(proof.siblings.count <= StateProof.siblingsMax)
        }
        #expect(throws: CanonicalError.tooLong(length: 257, limit: 256)) {
            try StateProof(canonicalBytes: [0x81, 0x02])
        }
    }

    @Test("the encoding of a proof is pinned")
    func pinned() {
        var tree = SparseMerkleTree()
        tree.update([SparseMerkleTree.Change(key: SHA256.hash([1]), valueHash: SHA256.hash([2]))])
        let proof = tree.prove(SHA256.hash([3]))
        let expected = "0002" + SHA256.hash([1]).description + SHA256.hash([2]).description
        #expect(Hexadecimal.encode(proof.canonicalBytes) == expected)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Testing
import Vocabulary

@Suite("State proofs in the form of ICS-23")
struct InterchainProofTests {
    private static func tree(_ count: Int, seed: UInt64, isCrowded: Bool) -> SparseMerkleTree {
        var random = SeededGenerator(seed: seed)
        var tree = SparseMerkleTree()
        tree.update(
            StateTreeTests.batch(over: [:], isCrowded: isCrowded, count: count, using: &random))
        return tree
    }

    @Test("a state proof of a value holds as ICS-23 under the specification of the state")
    func values() throws {
        var tree = SparseMerkleTree()
        let keys = (0..<UInt8(50)).map { [7, $0] }
        tree.update(
            keys.map {
                SparseMerkleTree.Change(
                    key: SparseMerkleTree.path(of: $0), valueHash: SHA256.hash([1, 2] + $0))
            }.sorted { $0.key < $1.key })
        for key in keys {
            let proof = tree.prove(SparseMerkleTree.path(of: key))
            let existence = try #require(proof.existenceProof(key: key, value: [1, 2] + key))
            let message = ICS23.CommitmentProof.existence(existence)
            let read = try ICS23.CommitmentProof(bytes: message.bytes)
            #expect(read == message)
            let root = tree.root.raw.bytes
            try read.verify(.state, root: root, key: key, value: [1, 2] + key)
            #expect(throws: ICS23.Failure.otherValue) {
                try read.verify(.state, root: root, key: key, value: [1])
            }
            #expect(throws: ICS23.Failure.otherKey) {
                try read.verify(.state, root: root, key: [9], value: [1, 2] + key)
            }
            #expect(proof.existenceProof(key: key, value: [1]) == nil)
        }
        let absence = tree.prove(SparseMerkleTree.path(of: [8]))
        #expect(absence.existenceProof(key: [8], value: [1]) == nil)
    }

    @Test(
        "every key of a tree, and every other, is proven there or not there",
        arguments: [1, 2, 3, 20, 400], [false, true])
    func digests(count: Int, isCrowded: Bool) throws {
        let tree = Self.tree(count, seed: UInt64(count), isCrowded: isCrowded)
        let root = tree.root.raw.bytes
        for leaf in tree.leaves(from: .zero, limit: 60) {
            let proof = try #require(tree.commitmentProof(of: leaf.key))
            let value = leaf.valueHash.raw.bytes
            try proof.verify(.stateDigests, root: root, key: leaf.key.raw.bytes, value: value)
            #expect(throws: ICS23.Failure.self) {
                try proof.verify(.stateDigests, root: root, key: leaf.key.raw.bytes, value: nil)
            }
        }
        var random = SeededGenerator(seed: 9)
        for _ in 0..<60 {
            let key = isCrowded ? Digest.crowded(using: &random) : .random(using: &random)
            guard tree.valueHash(of: key) == nil else { continue }
            let proof = try #require(tree.commitmentProof(of: key))
            #expect(try ICS23.CommitmentProof(bytes: proof.bytes) == proof)
            try proof.verify(.stateDigests, root: root, key: key.raw.bytes, value: nil)
        }
    }

    @Test("an empty tree has no such proofs")
    func empty() {
        #expect(SparseMerkleTree().commitmentProof(of: .zero) == nil)
    }

    @Test("leaves that are not next to each other prove nothing about what lies between")
    func distantNeighbours() throws {
        let tree = Self.tree(200, seed: 4, isCrowded: true)
        let leaves = tree.leaves(from: .zero, limit: 50)
        let proofs = try leaves.map {
            try #require(tree.prove($0.key).existenceProof(path: $0.key))
        }
        let root = tree.root.raw.bytes
        for first in leaves.indices {
            for second in leaves.indices where second != first + 1 {
                for middle in leaves.indices {
                    let claim = ICS23.NonExistenceProof(
                        key: [], left: proofs[first], right: proofs[second])
                    guard middle % 7 == 0 else { continue }
                    #expect(throws: ICS23.Failure.notBetween) {
                        try claim.verify(
                            .stateDigests, root: root, key: leaves[middle].key.raw.bytes)
                    }
                }
            }
        }
    }

    @Test("one neighbour is enough only at the ends")
    func ends() throws {
        let tree = Self.tree(100, seed: 5, isCrowded: false)
        let root = tree.root.raw.bytes
        let leaves = tree.leaves(from: .zero, limit: .max)
        for (index, leaf) in leaves.enumerated() {
            let proof = try #require(tree.prove(leaf.key).existenceProof(path: leaf.key))
            let before = ICS23.NonExistenceProof(key: [], left: nil, right: proof)
            let after = ICS23.NonExistenceProof(key: [], left: proof, right: nil)
            let lowest = [UInt8](repeating: 0, count: 32)
            let highest = [UInt8](repeating: 255, count: 32)
            #expect(
                Self.holds { try before.verify(.stateDigests, root: root, key: lowest) }
                    == (index == 0))
            #expect(
                Self.holds { try after.verify(.stateDigests, root: root, key: highest) }
                    == (index == leaves.count - 1))
        }
        let nobody = ICS23.NonExistenceProof(key: [], left: nil, right: nil)
        #expect(throws: ICS23.Failure.nothing("neighbours")) {
            try nobody.verify(.stateDigests, root: root, key: [1])
        }
    }

    private static func holds(_ body: () throws -> Void) -> Bool { (try? body()) != nil }

    @Test("steps that the specification does not allow are refused")
    func foreignSteps() throws {
        let tree = Self.tree(40, seed: 6, isCrowded: false)
        let leaf = tree.leaves(from: .zero, limit: 1)[0]
        let good = try #require(tree.prove(leaf.key).existenceProof(path: leaf.key))
        var foreign: [ICS23.ExistenceProof] = [good, good, good, good, good, good, good]
        foreign[0].leaf?.hash = .sha512
        foreign[1].leaf?.prefix = [0, 0]
        foreign[2].leaf?.length = .none
        foreign[3].path[0].prefix = [0] + foreign[3].path[0].prefix.dropFirst()
        foreign[4].path[0].suffix += [1]
        foreign[5].path[0].hash = .none
        foreign[6].path += [ICS23.InnerOperation](repeating: good.path[0], count: 256)
        for proof in foreign {
            let failure = #expect(throws: ICS23.Failure.self) {
                try proof.verify(
                    .stateDigests, root: tree.root.raw.bytes, key: good.key, value: good.value)
            }
            guard case .againstSpecification = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
        }
        #expect(throws: ICS23.Failure.unsupportedHash(.blake3)) {
            try ICS23.InnerOperation(hash: .blake3, prefix: [], suffix: []).apply(child: [1])
        }
    }

    @Test("every flipped bit of a proof makes it fail or leaves what it says", arguments: [0, 1])
    func mutation(which: Int) throws {
        let tree = Self.tree(12, seed: 7, isCrowded: false)
        let leaf = tree.leaves(from: .zero, limit: 1)[0]
        let isPresent = which == 0
        let key = isPresent ? leaf.key : SHA256.hash([1])
        let value = isPresent ? leaf.valueHash.raw.bytes : nil
        let bytes = try #require(tree.commitmentProof(of: key)).bytes
        for bit in 0..<bytes.count * 8 {
            var mutated = bytes
            mutated[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let proof = try? ICS23.CommitmentProof(bytes: mutated) else { continue }
            // The key that a proof of absence carries is for readers; nobody relies on it.
            if case .nonExistence(let absence) = proof, absence.key != key.raw.bytes { continue }
            #expect(throws: ICS23.Failure.self, "bit \(bit)") {
                try proof.verify(
                    .stateDigests, root: tree.root.raw.bytes, key: key.raw.bytes, value: value)
            }
        }
    }

    @Test("decoding survives any bytes", arguments: [UInt64](1...4))
    func decoding(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let tree = Self.tree(30, seed: 8, isCrowded: true)
        let good = try #require(tree.commitmentProof(of: .random(using: &random))).bytes
        for _ in 0..<400 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            guard let proof = try? ICS23.CommitmentProof(bytes: bytes) else { continue }
            #expect(proof.bytes == bytes)
        }
        let unreadable: [[UInt8]] = [
            [], [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x0b], [0x22, 0], [0x0a, 0, 0],
        ]
        for bytes in unreadable {
            #expect(throws: ICS23.Failure.self) { try ICS23.CommitmentProof(bytes: bytes) }
        }
        #expect(throws: ICS23.Failure.malformed("length")) {
            try ICS23.CommitmentProof(
                bytes: [UInt8](repeating: 0, count: ICS23.CommitmentProof.bytesMax + 1))
        }
    }
}

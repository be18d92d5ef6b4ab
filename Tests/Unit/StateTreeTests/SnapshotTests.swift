// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Testing
import Vocabulary

@Suite("Snapshots of the state tree")
struct SnapshotTests {
    private static let highest = Digest(
        Bytes32 { bytes in
            for index in bytes.indices { bytes[index] = 0xff }
        })

    private static func tree(_ count: Int, seed: UInt64, isCrowded: Bool) -> SparseMerkleTree {
        var random = SeededGenerator(seed: seed)
        var tree = SparseMerkleTree()
        guard count > 0 else { return tree }
        tree.update(
            StateTreeTests.batch(over: [:], isCrowded: isCrowded, count: count, using: &random))
        return tree
    }

    private static func chunks(of tree: SparseMerkleTree, leavesMax: Int) -> [SnapshotChunk] {
        var chunks: [SnapshotChunk] = []
        var next: Digest? = .zero
        while let first = next {
            let chunk = tree.snapshotChunk(from: first, leavesMax: leavesMax)
            chunks.append(chunk)
            next = chunk.next
        }
        return chunks
    }

    private static func holds(_ body: () throws -> Void) -> Bool { (try? body()) != nil }

    @Test(
        "what is exported chunk by chunk is imported chunk by chunk",
        arguments: [(0, 1), (1, 1), (1, 5), (2, 1), (7, 3), (300, 40), (3_000, 4_096)],
        [false, true])
    func roundTrip(size: (count: Int, leavesMax: Int), isCrowded: Bool) throws {
        let tree = Self.tree(size.count, seed: UInt64(size.count), isCrowded: isCrowded)
        var copy = SnapshotImport(root: tree.root)
        for chunk in Self.chunks(of: tree, leavesMax: size.leavesMax) {
            let bytes = chunk.canonicalBytes
            #expect(bytes.count <= SnapshotChunk.bytesMax)
            #expect(!copy.isComplete)
            try copy.accept(SnapshotChunk(canonicalBytes: bytes))
        }
        #expect(copy.isComplete && copy.next == nil)
        #expect(copy.tree.root == tree.root)
        #expect(copy.tree.count == tree.count)
    }

    @Test("a whole tree in one chunk needs no proof")
    func whole() {
        let chunk = Self.tree(50, seed: 1, isCrowded: false).snapshotChunk(from: .zero)
        #expect(chunk.proof.items == [] && chunk.next == nil)
    }

    @Test("a chunk fails for another root, with a leaf less, more or changed")
    func tampering() throws {
        let tree = Self.tree(200, seed: 2, isCrowded: false)
        var random = SeededGenerator(seed: 3)
        for chunk in Self.chunks(of: tree, leavesMax: 30) {
            #expect(throws: SnapshotFailure.self) { try chunk.verify(root: chunk.first) }
            for index in chunk.leaves.indices {
                var less = chunk.leaves
                less.remove(at: index)
                var changed = chunk.leaves
                changed[index] = SparseMerkleTree.Leaf(
                    key: chunk.leaves[index].key, valueHash: .random(using: &random))
                var more = chunk.leaves
                more.append(
                    SparseMerkleTree.Leaf(
                        key: .random(using: &random), valueHash: .random(using: &random)))
                more.sort { $0.key < $1.key }
                for leaves in [less, changed, more, chunk.leaves + [chunk.leaves[index]]] {
                    #expect(throws: SnapshotFailure.self) {
                        try chunk.proof.verify(
                            root: tree.root, from: chunk.first, through: chunk.last,
                            leaves: leaves)
                    }
                }
            }
        }
    }

    @Test(
        "a range is proven with all that lies in it and nothing less", arguments: [false, true],
        [1, 2, 40, 400])
    func ranges(isCrowded: Bool, count: Int) throws {
        let tree = Self.tree(count, seed: UInt64(count) + 9, isCrowded: isCrowded)
        let all = tree.leaves(from: .zero, limit: .max)
        var random = SeededGenerator(seed: 5)
        for round in 0..<150 {
            let fresh = (0..<2).map { _ in
                isCrowded ? Digest.crowded(using: &random) : .random(using: &random)
            }
            let known = all.randomElement(using: &random)?.key ?? .zero
            var bounds = [fresh[0], round % 3 == 0 ? known : fresh[1]].sorted()
            if round % 10 == 0 { bounds = [known, known] }
            let leaves = all.filter { bounds[0] <= $0.key && $0.key <= bounds[1] }
            let proof = tree.proveRange(from: bounds[0], through: bounds[1])
            #expect(proof.items.count <= RangeProof.itemsMax)
            try proof.verify(
                root: tree.root, from: bounds[0], through: bounds[1], leaves: leaves)
            guard !leaves.isEmpty else { continue }
            #expect(throws: SnapshotFailure.self) {
                try proof.verify(
                    root: tree.root, from: bounds[0], through: bounds[1],
                    leaves: Array(leaves.dropLast()))
            }
        }
    }

    @Test("a leaf cannot be hidden behind a bound, whatever the proof says")
    func hiding() throws {
        let tree = Self.tree(2, seed: 11, isCrowded: false)
        let leaves = tree.leaves(from: .zero, limit: 2)
        let lone = leaves[0]
        var single = SparseMerkleTree()
        single.update([SparseMerkleTree.Change(key: lone.key, valueHash: lone.valueHash)])
        let within = RangeProof(items: [
            .leafOutside(key: lone.key, valueHash: lone.valueHash)
        ])
        let bound = Digest(Bytes32 { $0[31] = 1 })
        #expect(throws: SnapshotFailure.malformedProof) {
            try within.verify(root: single.root, from: bound, through: Self.highest, leaves: [])
        }
        let opaque = RangeProof(items: [.outside(single.root)])
        #expect(throws: SnapshotFailure.malformedProof) {
            try opaque.verify(root: single.root, from: bound, through: Self.highest, leaves: [])
        }
        try RangeProof(items: [.collapsed]).verify(
            root: single.root, from: bound, through: Self.highest, leaves: [lone])
    }

    @Test("chunks are taken in order, each once, and none that brings nothing")
    func order() throws {
        let tree = Self.tree(100, seed: 12, isCrowded: false)
        let chunks = Self.chunks(of: tree, leavesMax: 20)
        #expect(chunks.count > 3)
        var copy = SnapshotImport(root: tree.root)
        #expect(throws: SnapshotFailure.notNext(expected: .zero)) { try copy.accept(chunks[1]) }
        try copy.accept(chunks[0])
        let next = try #require(copy.next)
        #expect(throws: SnapshotFailure.notNext(expected: next)) { try copy.accept(chunks[0]) }
        let gap = SnapshotChunk(
            first: next, last: next, leaves: [], proof: tree.proveRange(from: next, through: next))
        try gap.verify(root: tree.root)
        #expect(throws: SnapshotFailure.noProgress) { try copy.accept(gap) }
        for chunk in chunks.dropFirst() { try copy.accept(chunk) }
        #expect(throws: SnapshotFailure.complete) { try copy.accept(chunks[0]) }
        #expect(copy.tree.root == tree.root)
    }

    @Test("what a chunk with a flipped bit still says is true", arguments: [0, 1])
    func mutation(which: Int) throws {
        let tree = Self.tree(12, seed: 13, isCrowded: which == 1)
        let chunk = Self.chunks(of: tree, leavesMax: 4)[1]
        let bytes = chunk.canonicalBytes
        for bit in 0..<bytes.count * 8 {
            var mutated = bytes
            mutated[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let other = try? SnapshotChunk(canonicalBytes: mutated) else { continue }
            guard Self.holds({ try other.verify(root: tree.root) }) else { continue }
            // Another bound with no leaf between the two says something else, and rightly.
            let truth = tree.leaves(from: other.first, limit: .max)
                .filter { $0.key <= other.last }
            #expect(other.leaves == truth, "bit \(bit)")
            #expect(other.leaves == chunk.leaves)
        }
    }

    @Test("decoding and checking survive any bytes", arguments: [UInt64](1...4))
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tree = Self.tree(60, seed: 14, isCrowded: true)
        let good = Self.chunks(of: tree, leavesMax: 7)[2].canonicalBytes
        for _ in 0..<300 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) {
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            }
            guard let chunk = try? SnapshotChunk(canonicalBytes: bytes) else { continue }
            #expect(chunk.canonicalBytes == bytes)
            guard Self.holds({ try chunk.verify(root: tree.root) }) else { continue }
            #expect(
                chunk.leaves
                    == tree.leaves(from: chunk.first, limit: .max)
                    .filter { $0.key <= chunk.last })
        }
    }

    @Test("items in any order never make a lie true", arguments: [UInt64](1...6))
    func items(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tree = Self.tree(24, seed: seed, isCrowded: seed % 2 == 0)
        let chunk = Self.chunks(of: tree, leavesMax: 8)[1]
        for _ in 0..<300 {
            var items = chunk.proof.items
            let index = Int.random(in: 0..<items.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: items.remove(at: index)
            case 1: items.insert(.collapsed, at: index)
            case 2: items.swapAt(index, Int.random(in: 0..<items.count, using: &random))
            default: items[index] = .inner
            }
            let leaves = Array(chunk.leaves.dropFirst(Int.random(in: 0...1, using: &random)))
            let proof = RangeProof(items: items)
            let isTrue = leaves == chunk.leaves && items == chunk.proof.items
            #expect(
                Self.holds {
                    try proof.verify(
                        root: tree.root, from: chunk.first, through: chunk.last, leaves: leaves)
                } == isTrue)
        }
    }

    @Test("limits of the encodings hold")
    func limits() {
        var encoder = CanonicalEncoder()
        encoder.write(Digest.zero)
        encoder.write(Digest.zero)
        encoder.writeLength(SnapshotChunk.leavesMax + 1)
        #expect(throws: CanonicalError.tooLong(length: 4_097, limit: 4_096)) {
            try SnapshotChunk(canonicalBytes: encoder.bytes)
        }
        #expect(throws: CanonicalError.tooLong(length: 1_027, limit: 1_026)) {
            try RangeProof(canonicalBytes: [0x83, 0x08])
        }
    }
}

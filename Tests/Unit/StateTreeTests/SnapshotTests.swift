// SPDX-License-Identifier: Apache-2.0
import Cryptography
import StateTree
import Testing
import Vocabulary

@Suite("Snapshots of a state (SYNC-3, SYNC-4)")
struct SnapshotTests {
    /// A state with its tree and its cut.
    struct Cut {
        let root: Digest
        let index: SnapshotIndex
        let chunks: [[UInt8]]
        let pairs: [(key: [UInt8], value: [UInt8])]

        init(count: Int, seed: UInt64, chunkBytesMax: Int) {
            var random = SeededGenerator(seed: seed)
            pairs = (0..<count).map { number in
                let length = Int.random(in: 0...60, using: &random)
                return (
                    [1] + Array("key \(seed) \(number)".utf8),
                    (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                )
            }
            root = Self.root(of: pairs)
            var cutter = SnapshotCutter(chunkBytesMax: chunkBytesMax)
            var pieces: [SnapshotCutter.Piece] = []
            for pair in pairs.map({ ($0, SparseMerkleTree.path(of: $0.key)) })
                .sorted(by: { $0.1 < $1.1 })
            {
                pair.1.raw.withUnsafeBytes { path in
                    pair.0.key.withUnsafeBytes { key in
                        pair.0.value.withUnsafeBytes { value in
                            pieces += cutter.add(path: path, key: key, value: value)
                        }
                    }
                }
            }
            pieces += cutter.finish()
            index = SnapshotIndex(parts: pieces.map(\.part))
            chunks = pieces.map(\.bytes)
        }

        static func root(of pairs: [(key: [UInt8], value: [UInt8])]) -> Digest {
            var tree = SparseMerkleTree()
            tree.update(
                pairs.map {
                    SparseMerkleTree.Change(
                        key: SparseMerkleTree.path(of: $0.key), valueHash: SHA256.hash($0.value))
                }.sorted { $0.key < $1.key })
            return tree.root
        }
    }

    private static func failure(_ body: () throws(SnapshotFailure) -> Void) -> SnapshotFailure? {
        do throws(SnapshotFailure) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "every chunk is shown by its part alone, the parts by the root, and nothing is missing",
        arguments: [(0, 600), (1, 600), (2, 600), (7, 150), (300, 400), (4_000, 30_000)])
    func wholeState(count: Int, chunkBytesMax: Int) throws {
        let cut = Cut(count: count, seed: 3, chunkBytesMax: chunkBytesMax)
        let nodes = try cut.index.verify(root: cut.root)
        #expect(nodes.count == cut.chunks.count)
        var found: [[UInt8]: [UInt8]] = [:]
        for (place, bytes) in cut.chunks.enumerated() {
            let part = cut.index.parts[place]
            #expect(bytes.count <= chunkBytesMax && Int(part.bytes) == bytes.count)
            #expect(part.hasChunk == !bytes.isEmpty)
            let chunk = try StateChunk(bytes: bytes)
            #expect(chunk.pairs.count == Int(part.count))
            try chunk.verify(node: nodes[place], hash: part.hash)
            for pair in chunk.pairs.pairs { found[pair.key] = pair.value }
        }
        #expect(found == Dictionary(uniqueKeysWithValues: cut.pairs.map { ($0.key, $0.value) }))
    }

    @Test("a state that one chunk holds has one part, whose hash is the root")
    func onePart() {
        let cut = Cut(count: 40, seed: 4, chunkBytesMax: StateChunk.bytesMax)
        #expect(cut.index.parts.count == 1)
        #expect(cut.index.parts.first?.hash == cut.root)
    }

    @Test("a cut depends on the state alone, not on how it came to be")
    func sameCut() {
        let one = Cut(count: 200, seed: 5, chunkBytesMax: 500)
        let other = Cut(count: 200, seed: 5, chunkBytesMax: 500)
        #expect(one.index.digest == other.index.digest)
        #expect(one.index.digest != Cut(count: 200, seed: 5, chunkBytesMax: 900).index.digest)
    }

    @Test("parts that leave a node out, have one twice, or stand in another order are refused")
    func hostileIndex() throws {
        let cut = Cut(count: 120, seed: 6, chunkBytesMax: 400)
        let parts = cut.index.parts
        func verify(_ parts: [SnapshotPart]) -> SnapshotFailure? {
            Self.failure { () throws(SnapshotFailure) in
                _ = try SnapshotIndex(parts: parts).verify(root: cut.root)
            }
        }
        #expect(verify(parts) == nil)
        #expect(verify([]) == .notACover)
        #expect(verify(Array(parts.dropLast())) == .notACover)
        #expect(verify(parts + [parts[0]]) == .notACover)
        for place in parts.indices {
            var fewer = parts
            fewer.remove(at: place)
            #expect(verify(fewer) != nil)
            var other = parts
            other[place] = SnapshotPart(
                depth: parts[place].depth, hash: SHA256.hash([1]), count: 1, bytes: 1)
            #expect(verify(other) != nil)
            var deeper = parts
            deeper[place] = SnapshotPart(
                depth: parts[place].depth + 1, hash: parts[place].hash, count: 1, bytes: 1)
            #expect(verify(deeper) != nil)
        }
        if parts[0].hash != parts[1].hash {
            var swapped = parts
            swapped.swapAt(0, 1)
            #expect(verify(swapped) != nil)
        }
    }

    @Test("counts and sizes of parts are said only: what is true of the hashes stays true")
    func countsProveNothing() throws {
        let cut = Cut(count: 60, seed: 7, chunkBytesMax: 400)
        let boasting = cut.index.parts.map {
            SnapshotPart(depth: $0.depth, hash: $0.hash, count: .max, bytes: 0)
        }
        let nodes = try SnapshotIndex(parts: boasting).verify(root: cut.root)
        #expect(try nodes == cut.index.verify(root: cut.root))
    }

    @Test("a part may not pretend that a subtree's leaves lie below one of its halves")
    func pushedDown() throws {
        let cut = Cut(count: 30, seed: 8, chunkBytesMax: StateChunk.bytesMax)
        let lie = SnapshotIndex(parts: [
            SnapshotPart(depth: 1, hash: cut.root, count: 30, bytes: 1),
            SnapshotPart(depth: 1, hash: .zero, count: 0, bytes: 0),
        ])
        #expect(
            Self.failure { () throws(SnapshotFailure) in _ = try lie.verify(root: cut.root) } != nil
        )
    }

    /// What a hostile peer may do to a chunk.
    enum Hostility: CaseIterable {
        case truncated, cutAtPair, reordered, repeated, changedValue, changedKey, added, otherPart
    }

    @Test("a hostile chunk is refused, whatever was done to it", arguments: Hostility.allCases)
    func hostileChunk(_ hostility: Hostility) throws {
        let cut = Cut(count: 200, seed: 9, chunkBytesMax: 700)
        let nodes = try cut.index.verify(root: cut.root)
        let places = cut.chunks.indices.filter { cut.index.parts[$0].count >= 3 }
        let (place, other) = (try #require(places.first), try #require(places.last))
        let pairs = try StateChunk(bytes: cut.chunks[place]).pairs.pairs
        var bytes = cut.chunks[place]
        func joined(_ pairs: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
            var list = PairList()
            for pair in pairs { list.append(pair.key, pair.value) }
            return list.bytes
        }
        switch hostility {
        case .truncated: bytes.removeLast()
        case .cutAtPair: bytes = joined(pairs.dropLast())
        case .reordered: bytes = joined([pairs[1], pairs[0]] + pairs.dropFirst(2))
        case .repeated: bytes = joined([pairs[0]] + pairs)
        case .changedValue: bytes = joined([(pairs[0].key, [9, 9])] + pairs.dropFirst())
        case .changedKey: bytes = joined([([7, 7], pairs[0].value)] + pairs.dropFirst())
        case .added: bytes = joined(pairs + [([1, 2, 3], [])])
        case .otherPart: bytes = cut.chunks[other]
        }
        let failure = Self.failure { () throws(SnapshotFailure) in
            try StateChunk(bytes: bytes).verify(
                node: nodes[place], hash: cut.index.parts[place].hash)
        }
        #expect(failure != nil)
        switch hostility {
        case .truncated: #expect(failure == .malformed)
        case .reordered, .repeated: #expect(failure == .notAscending)
        case .otherPart: #expect(failure == .outsideNode)
        default: break
        }
    }

    @Test("chunks of any bytes are taken only when they are the chunk", arguments: [UInt64](1...4))
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let cut = Cut(count: 60, seed: 10, chunkBytesMax: 500)
        let nodes = try cut.index.verify(root: cut.root)
        let good = cut.chunks[0]
        for _ in 0..<500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) {
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            }
            guard bytes != good else { continue }
            #expect(
                Self.failure { () throws(SnapshotFailure) in
                    try StateChunk(bytes: bytes).verify(
                        node: nodes[0], hash: cut.index.parts[0].hash)
                } != nil)
        }
    }

    @Test("lengths beyond their limits are refused before anything is made of them")
    func limits() {
        func refuses(_ bytes: [UInt8]) -> Bool {
            Self.failure { () throws(SnapshotFailure) in _ = try StateChunk(bytes: bytes) }
                == .malformed
        }
        #expect(refuses([UInt8](repeating: 0, count: StateChunk.bytesMax + 1)))
        #expect(refuses([0xff, 0xff, 0, 0, 0, 0]))
        #expect(refuses([1, 0, 0xff, 0xff, 0xff, 0xff, 1]))
        #expect(refuses([1, 0, 0, 0, 0]))
        var long = PairList()
        long.append([UInt8](repeating: 1, count: StateChunk.keyBytesMax + 1), [])
        #expect(refuses(long.bytes))
        var deep = CanonicalEncoder()
        deep.write(UInt16(257))
        deep.write(Digest.zero)
        deep.write(UInt32(0))
        deep.write(UInt32(0))
        #expect(throws: CanonicalError.outOfRange("depth")) {
            try SnapshotPart(canonicalBytes: deep.bytes)
        }
        let part = SnapshotPart(depth: 3, hash: .zero, count: 1, bytes: 2)
        #expect(part.canonicalBytes.count == SnapshotPart.encodedBytes)
        #expect((try? SnapshotPart(canonicalBytes: part.canonicalBytes)) == part)
    }
}

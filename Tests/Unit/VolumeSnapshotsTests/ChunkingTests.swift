// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import VolumeSnapshots

@Suite("Content is cut by what it is (SNAPSHOT-3, SNAPSHOT-4)")
struct ChunkingTests {
    private func cuts(_ content: [UInt8], _ key: SnapshotKey) -> [Int] {
        let chunker = ContentChunker(key.gear)
        var cuts: [Int] = []
        var start = 0
        while start < content.count {
            start += content.withUnsafeBytes {
                chunker.firstLength(of: UnsafeRawBufferPointer(rebasing: $0[start...]))
            }
            cuts.append(start)
        }
        return cuts
    }

    @Test("chunks keep to their lengths, and come near the wanted one")
    func lengths() throws {
        var seeded = Seeded(1)
        let content = seeded.bytes(5 << 20)
        let cuts = cuts(content, try tenant())
        let lengths = zip([0] + cuts, cuts).map { $1 - $0 }
        #expect(
            lengths.dropLast().allSatisfy {
                (ContentChunker.chunkBytesMin...ContentChunker.chunkBytesMax).contains($0)
            })
        let mean = content.count / lengths.count
        #expect((128 << 10)...(512 << 10) ~= mean, "\(mean)")
    }

    @Test("a byte that is put in moves the cuts around it and no others")
    func local() throws {
        var seeded = Seeded(2)
        let content = seeded.bytes(4 << 20)
        var changed = content
        changed.insert(7, at: 2 << 20)
        let key = try tenant()
        let before = cuts(content, key)
        let after = Set(cuts(changed, key))
        // A cut stays where it was, or moves by the byte.
        let moved = before.filter { !after.contains($0 < 2 << 20 ? $0 : $0 + 1) }
        #expect(moved.count <= 3 && before.count > 8, "\(moved) of \(before)")
    }

    @Test("another tenant's content is cut elsewhere and has other names")
    func tenants() throws {
        var seeded = Seeded(3)
        let content = seeded.bytes(1 << 20)
        #expect(cuts(content, try tenant(1)) != cuts(content, try tenant(2)))
        let known = Array("a well-known file".utf8)
        let one = try known.withUnsafeBytes { try tenant(1).name(of: $0) }
        let two = try known.withUnsafeBytes { try tenant(2).name(of: $0) }
        #expect(one != two && one.raw != SHA256.hash(known).raw)
    }

    @Test("the keyed hash is HMAC with SHA-256", arguments: [0, 1, 63, 64, 65, 5_000])
    func hash(count: Int) {
        var seeded = Seeded(4)
        let key = seeded.bytes(32)
        let content = seeded.bytes(count)
        let own = content.withUnsafeBytes { KeyedHash(key: key).hash($0) }
        #expect(own == HMACSHA256.authenticate(content, key: key))
    }

    @Test("a chunk opens with its key under its name, unchanged, and not otherwise")
    func sealing() throws {
        var seeded = Seeded(5)
        let content = seeded.bytes(3_000)
        let key = try tenant()
        let id = content.withUnsafeBytes { key.name(of: $0) }
        let chunk = key.seal(content, as: id)
        #expect(try key.open(chunk, as: id) == content)
        #expect(key.seal(content, as: id) == chunk)
        var changed = chunk
        changed[17] ^= 1
        #expect(throws: SnapshotFailure.damaged(id)) { try key.open(changed, as: id) }
        #expect(throws: SnapshotFailure.damaged(id)) {
            try key.open(Array(chunk.dropLast()), as: id)
        }
        #expect(throws: SnapshotFailure.damaged(id)) { try key.open([], as: id) }
        #expect(throws: SnapshotFailure.damaged(id)) { try tenant(2).open(chunk, as: id) }
        let other = ChunkID(Bytes32.zero)
        #expect(throws: SnapshotFailure.damaged(other)) { try key.open(chunk, as: other) }
        // Sealed by the tenant itself under a name that is not its content's.
        let lie = key.seal(content, as: other)
        #expect(throws: SnapshotFailure.damaged(other)) { try key.open(lie, as: other) }
    }

    @Test("a key shows nothing of itself")
    func silent() throws {
        let key = try tenant(0xA7)
        var text = ""
        dump(key, to: &text)
        text += "\(key) \(String(reflecting: key))"
        #expect(!text.contains("167") && !text.lowercased().contains("a7a7"))
        #expect(SnapshotKey([1, 2]) == nil)
    }

    @Test(
        "content comes back whatever its length, and however it was handed over",
        arguments: [0, 1, 1_000, 65_536, 65_537, 1_048_576, 1_500_000])
    func contents(count: Int) async throws {
        var seeded = Seeded(6)
        let content = seeded.bytes(count)
        let store = MemoryStore()
        let key = try tenant()
        var references: Set<ContentReference> = []
        for piece in [count + 1, 70_001, 1_000_003] {
            var writer = ContentWriter(ChunkPress(key, store))
            for start in stride(from: 0, to: count, by: piece) {
                try await writer.append(content[start..<min(count, start + piece)])
            }
            references.insert(try await writer.finish())
        }
        #expect(references.count == 1)
        let reference = try #require(references.first)
        #expect(reference.bytes == UInt64(count))
        var pieces = ContentPieces(reference, ChunkReader(key, store))
        var back: [UInt8] = []
        while let piece = try await pieces.next() { back += piece }
        #expect(back == content)
    }

    @Test("names of many chunks become a tree, which is read in order")
    func tree() async throws {
        let store = MemoryStore()
        let key = try tenant()
        let press = ChunkPress(key, store)
        // 2,500 chunks of one byte each: more than two nodes of 1,024 names.
        var names: [ChunkID] = []
        for index in 0..<2_500 { names.append(try await press.put([UInt8(index % 251)])) }
        let nodes = try await [
            press.put(ChunkNames(Array(names[..<1_024])).canonicalBytes),
            press.put(ChunkNames(Array(names[1_024..<2_048])).canonicalBytes),
            press.put(ChunkNames(Array(names[2_048...])).canonicalBytes),
        ]
        let reference = ContentReference(bytes: 2_500, level: 1, chunks: nodes)
        #expect(try ContentReference(canonicalBytes: reference.canonicalBytes) == reference)
        var pieces = ContentPieces(reference, ChunkReader(key, store))
        var count = 0
        while let piece = try await pieces.next() {
            #expect(piece == [UInt8(count % 251)])
            count += 1
        }
        #expect(count == 2_500)
        for bytes in [2_499, 2_501] as [UInt64] {
            var wrong = ContentPieces(
                ContentReference(bytes: bytes, level: 1, chunks: nodes), ChunkReader(key, store))
            await #expect(throws: SnapshotFailure.malformed("content is not as long as it says")) {
                while try await wrong.next() != nil {}
            }
        }
        // Data where names should be.
        var data = ContentPieces(
            ContentReference(bytes: 9, level: 2, chunks: nodes), ChunkReader(key, store))
        await #expect(throws: SnapshotFailure.self) { while try await data.next() != nil {} }
    }
}

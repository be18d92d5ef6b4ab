// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing
import Vocabulary

@testable import VolumeSnapshots

@Suite("A second snapshot costs what changed (SNAPSHOT-2, SNAPSHOT-6)")
struct IncrementTests {
    private func grown() throws -> TestFolder {
        let folder = try TestFolder()
        var seeded = Seeded(30)
        for index in 0..<20 {
            try folder.makeFolder("tree/d\(index % 4)")
            try folder.write("tree/d\(index % 4)/f\(index)", seeded.bytes(100_000))
        }
        return folder
    }

    @Test("files that did not change are not read again, unless all are to be verified")
    func unread() async throws {
        let folder = try grown()
        let store = MemoryStore()
        let key = try tenant()
        let first = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        #expect(first.bytesRead == 20 * 100_000 && first.filesReused == 0)
        let second = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, after: (first.record, store), at: later)
        #expect(second.bytesRead == 0 && second.filesReused == 20)
        #expect(second.id == first.id && second.written.chunksNew == 0)
        try folder.write("tree/d1/f1", [1, 2, 3])
        let third = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, after: (second.record, store), at: later)
        #expect(third.bytesRead == 3 && third.filesReused == 19)
        // The file's chunk, the listings of its folder and of the root, the record.
        #expect(third.written.chunksNew == 4)
        let verified = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        #expect(verified.bytesRead == 19 * 100_000 + 3 && verified.id == third.id)
    }

    @Test("a file whose size and time are as before is read when the system saw it change")
    func forgedTimes() async throws {
        let folder = try grown()
        let store = MemoryStore()
        let key = try tenant()
        var status = stat()
        #expect(stat(folder("tree/d0/f0"), &status) == 0)
        let first = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        // The clock of a file system moves in steps of some milliseconds.
        usleep(20_000)
        let descriptor = open(folder("tree/d0/f0"), O_WRONLY)
        pwrite(descriptor, [0xAA, 0xBB], 2, 100)
        close(descriptor)
        utimensat(AT_FDCWD, folder("tree/d0/f0"), [status.st_mtim, status.st_mtim], 0)
        let second = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, after: (first.record, store), at: later)
        #expect(second.bytesRead == 100_000 && second.id != first.id)
    }

    @Test("a file that changed as the snapshot before began is read again")
    func racing() async throws {
        let now = Timestamp(UInt64(Date().timeIntervalSince1970 * 1_000))
        let folder = try grown()
        let store = MemoryStore()
        let key = try tenant()
        let first = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: now)
        let second = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, after: (first.record, store), at: later)
        #expect(second.filesReused == 0 && second.bytesRead == 20 * 100_000)
    }

    @Test("what stands twice is stored once, and one changed byte changes few chunks")
    func deduplicated() async throws {
        let folder = try TestFolder()
        try folder.makeFolder("tree")
        var seeded = Seeded(31)
        let content = seeded.bytes(2 << 20)
        for index in 0..<3 { try folder.write("tree/copy\(index)", content) }
        let store = MemoryStore()
        let key = try tenant()
        let first = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        let data = first.written.chunksNew - 2
        #expect(first.written.chunksKnown == 2 * data, "\(first.written)")
        #expect(first.written.bytesNew < 2 << 20 + 200_000)
        var changed = content
        changed[1 << 20] ^= 1
        try folder.write("tree/copy0", changed)
        let second = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, after: (first.record, store), at: later)
        #expect((3...5).contains(second.written.chunksNew), "\(second.written)")
        // Everything moves by one byte.
        try folder.write("tree/copy1", [0] + content)
        let third = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, after: (second.record, store), at: later)
        #expect((3...6).contains(third.written.chunksNew), "\(third.written)")
    }

    @Test("two tenants share no chunk, whatever they keep")
    func apart() async throws {
        let folder = try grown()
        let store = MemoryStore()
        let one = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: tenant(1), at: later)
        let two = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: tenant(2), at: later)
        #expect(two.written.chunksKnown == 0)
        #expect(store.chunks.count == one.written.chunksNew + two.written.chunksNew)
        await #expect(throws: SnapshotFailure.damaged(one.id)) {
            try await SnapshotRecord(one.id, from: store, key: tenant(2))
        }
    }

    @Test("memory does not grow with the data: ten times as much is held in the same bytes")
    func bounded() async throws {
        let key = try tenant()
        var held: [Int] = []
        for count in [12, 120] {
            var writer = ContentWriter(ChunkPress(key, HungryStore()))
            var seeded = Seeded(70)
            let piece = seeded.bytes(64 << 10)
            var most = 0
            for _ in 0..<count {
                try await writer.append(piece)
                most = max(most, writer.heldBytes)
            }
            #expect(try await writer.finish().bytes == UInt64(count) << 16)
            held.append(most)
        }
        #expect(held[1] <= held[0] + 128 * 32 + ContentChunker.chunkBytesMax, "\(held)")
        #expect(held[1] < 3 * ContentChunker.chunkBytesMax, "\(held)")
    }
}

/// Takes everything and keeps nothing.
private struct HungryStore: ChunkSink {
    func holds(_ id: ChunkID) async throws(SnapshotFailure) -> Bool { false }
    func write(_ id: ChunkID, _ chunk: [UInt8]) async throws(SnapshotFailure) {}
    func flush() async throws(SnapshotFailure) {}
}

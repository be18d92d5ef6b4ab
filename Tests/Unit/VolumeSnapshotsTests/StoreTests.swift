// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing
import Vocabulary

@testable import VolumeSnapshots

@Suite("A folder of chunks (SNAPSHOT-9, SNAPSHOT-10)")
struct StoreTests {
    private func grown(_ folder: TestFolder) throws {
        var seeded = Seeded(60)
        try folder.makeFolder("tree/inner")
        for index in 0..<12 { try folder.write("tree/f\(index)", seeded.bytes(100_000)) }
        try folder.write("tree/inner/g", seeded.bytes(900_000))
    }

    @Test("a snapshot is found again by who opens the store later")
    func durable() async throws {
        let folder = try TestFolder()
        try grown(folder)
        let key = try tenant()
        let report = try await {
            let store = try FolderChunkStore(opening: folder("store"))
            let report = try await SnapshotMaker.make(
                of: folder("tree"), into: store, key: key, at: later)
            try await store.keep(report.id)
            return report
        }()
        let store = try FolderChunkStore(reading: folder("store"))
        #expect(try store.snapshots() == [report.id])
        let record = try await SnapshotRecord(report.id, from: store, key: key)
        _ = try await SnapshotRestorer.restore(
            record, from: store, key: key, into: folder("back"))
        #expect(try inventory(folder("back")) == inventory(folder("tree")))
    }

    @Test("one process writes at a time, any number reads")
    func locked() async throws {
        let folder = try TestFolder()
        let store = try FolderChunkStore(opening: folder("store"))
        #expect(throws: SnapshotFailure.busy(folder("store"))) {
            try FolderChunkStore(opening: folder("store"))
        }
        _ = try FolderChunkStore(reading: folder("store"))
        try await store.flush()
    }

    @Test("whoever stops writing at any moment leaves a store that is used and gone on with")
    func killed() async throws {
        let folder = try TestFolder()
        try grown(folder)
        let key = try tenant()
        let whole = MemoryStore()
        let expected = try await SnapshotMaker.make(
            of: folder("tree"), into: whole, key: key, at: later)
        var known = 0
        for writes in [0, 1, 5, 11, 20] {
            let store = try FolderChunkStore(opening: folder("store"))
            let breaking = BreakingSink(store, writesMax: writes)
            _ = try? await SnapshotMaker.make(
                of: folder("tree"), into: breaking, key: key, at: later)
            // What a kill leaves: some chunks durable, one under way and cut off.
            if writes > 5 { try await store.flush() }
            try folder.write("store/arriving/\(expected.id)", [1, 2, 3])
            for id in try store.chunkNames() {
                #expect(try await key.open(store.read(id), as: id).isEmpty == false)
            }
            known = try store.chunkNames().count
        }
        #expect(known > 5)
        let store = try FolderChunkStore(opening: folder("store"))
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        #expect(report.id == expected.id && report.written.chunksKnown >= known)
        #expect(try await SnapshotCheck.run(report.id, in: store, key: key) > 10)
    }

    @Test("a collection frees what no snapshot needs, and nothing else")
    func collects() async throws {
        let folder = try TestFolder()
        try grown(folder)
        let key = try tenant()
        let store = try FolderChunkStore(opening: folder("store"))
        let first = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        try await store.keep(first.id)
        var seeded = Seeded(61)
        try folder.write("tree/f1", seeded.bytes(400_000))
        let second = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        try await store.keep(second.id)
        let total = try store.chunkNames().count
        #expect(try await store.collect(key: key).removed == 0)
        try store.forget(first.id)
        let report = try await store.collect(key: key)
        // The old file's chunks, the root's listing, the record.
        #expect((3...7).contains(report.removed) && report.kept == total - report.removed)
        #expect(report.bytesFreed > 100_000)
        #expect(try await SnapshotCheck.run(second.id, in: store, key: key) == report.kept)
        await #expect(throws: SnapshotFailure.missing(first.id)) {
            try await SnapshotCheck.run(first.id, in: store, key: key)
        }
        try store.forget(second.id)
        #expect(try await store.collect(key: key).kept == 0)
        #expect(try store.chunkNames().isEmpty)
    }

    @Test("nothing is removed while a kept snapshot cannot be read")
    func cautious() async throws {
        let folder = try TestFolder()
        try grown(folder)
        let key = try tenant()
        let store = try FolderChunkStore(opening: folder("store"))
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: store, key: key, at: later)
        try await store.keep(report.id)
        let before = try store.chunkNames().count
        await #expect(throws: SnapshotFailure.damaged(report.id)) {
            try await store.collect(key: tenant(9))
        }
        #expect(try store.chunkNames().count == before)
    }

    @Test("a transfer copies what lacks, checks it, and goes on after a break", arguments: [1, 8])
    func transfers(width: Int) async throws {
        let folder = try TestFolder()
        try grown(folder)
        let key = try tenant()
        let here = MemoryStore()
        let report = try await SnapshotMaker.make(
            of: folder("tree"), into: here, key: key, at: later)
        let there = MemoryStore()
        there.state.withLock { $0.writesMax = 7 }
        let transfer = SnapshotTransfer(from: here, to: there, key: key, width: width)
        await #expect(throws: SnapshotFailure.full("memory")) {
            try await transfer.copy(report.id)
        }
        #expect(there.chunks[report.id] == nil && there.chunks.count == 7)
        there.state.withLock { $0.writesMax = .max }
        let copied = try await transfer.copy(report.id)
        #expect(copied.known == 7 && copied.copied + 7 == there.chunks.count)
        #expect(there.chunks == here.chunks)
        #expect(try await transfer.copy(report.id).copied == 0)
        // A chunk that was changed on the way is never written.
        let victim = try #require(here.chunks.keys.max())
        here.state.withLock { $0.chunks[victim]?[0] ^= 1 }
        let other = MemoryStore()
        await #expect(throws: SnapshotFailure.damaged(victim)) {
            try await SnapshotTransfer(from: here, to: other, key: key, width: width)
                .copy(report.id)
        }
        #expect(other.chunks[victim] == nil)
    }
}

/// A sink that fails after so many writes, as a process that is killed does.
private final class BreakingSink: ChunkSink {
    private let inner: FolderChunkStore
    private let budget: MemoryStore

    init(_ inner: FolderChunkStore, writesMax: Int) {
        self.inner = inner
        budget = MemoryStore()
        budget.state.withLock { $0.writesMax = writesMax }
    }

    func holds(_ id: ChunkID) async throws(SnapshotFailure) -> Bool { try await inner.holds(id) }

    func write(_ id: ChunkID, _ chunk: [UInt8]) async throws(SnapshotFailure) {
        try await budget.write(id, [])
        try await inner.write(id, chunk)
    }

    func flush() async throws(SnapshotFailure) { try await inner.flush() }
}

// SPDX-License-Identifier: Apache-2.0
import CShims
import Foundation
import Glibc
import Synchronization
import Testing
import Vocabulary

@testable import VolumeSnapshots

/// Random numbers from a seed.
struct Seeded {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    mutating func word() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func next(_ bound: Int) -> Int { Int(word() % UInt64(bound)) }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: word()) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(count))
    }
}

/// A folder for one test, which goes with it.
final class TestFolder {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory.path
        path = "\(base)/snapshots-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A path in it.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: self(name), withIntermediateDirectories: true)
    }
}

/// What a tree holds, entry by entry, to be compared with another.
func inventory(_ path: String, owners: Bool = true) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    var first: [UInt64: String] = [:]
    return try ([""] + names).map { name in
        let full = name.isEmpty ? path : "\(path)/\(name)"
        var status = stat()
        guard lstat(full, &status) == 0 else { throw SnapshotFailure.fromSystem(full) }
        var line = "\(name) mode \(String(status.st_mode, radix: 8))"
        if owners { line += " \(status.st_uid):\(status.st_gid)" }
        line += " \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        if status.st_mode & S_IFMT == S_IFREG {
            let data = try Data(contentsOf: URL(fileURLWithPath: full))
            let kept = first[UInt64(status.st_ino)] ?? name
            first[UInt64(status.st_ino)] = kept
            line += " \(data.count) bytes \(data.hashValue) as \(kept) \(attributes(full))"
            if status.st_blocks * 512 < status.st_size / 2 { line += " sparse" }
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            line += " -> \(try FileManager.default.destinationOfSymbolicLink(atPath: full))"
        }
        if status.st_mode & S_IFMT == S_IFCHR { line += " device \(status.st_rdev)" }
        return line
    }
}

private func attributes(_ path: String) -> String {
    var value = [UInt8](repeating: 0, count: 256)
    let count = getxattr(path, "user.atoll", &value, value.count)
    return count > 0 ? String(decoding: value.prefix(count), as: UTF8.self) : "-"
}

/// Chunks in memory, which can be spoilt.
final class MemoryStore: ChunkSource, ChunkSink {
    struct State {
        var chunks: [ChunkID: [UInt8]] = [:]
        var writes = 0
        var reads = 0
        var writesMax = Int.max
    }

    let state = Mutex(State())

    var chunks: [ChunkID: [UInt8]] { state.withLock { $0.chunks } }

    func read(_ id: ChunkID) async throws(SnapshotFailure) -> [UInt8] {
        let chunk = state.withLock { state in
            state.reads += 1
            return state.chunks[id]
        }
        guard let chunk else { throw .missing(id) }
        return chunk
    }

    func holds(_ id: ChunkID) async throws(SnapshotFailure) -> Bool { chunks[id] != nil }

    func write(_ id: ChunkID, _ chunk: [UInt8]) async throws(SnapshotFailure) {
        let isFull = state.withLock { state in
            guard state.writes < state.writesMax else { return true }
            state.writes += 1
            state.chunks[id] = chunk
            return false
        }
        if isFull { throw .full("memory") }
    }

    func flush() async throws(SnapshotFailure) {}
}

/// A tenant's key.
func tenant(_ byte: UInt8 = 1) throws -> SnapshotKey {
    try #require(SnapshotKey([UInt8](repeating: byte, count: SnapshotKey.count)))
}

/// A moment long after any file's.
let later = Timestamp(4_000_000_000_000)

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import NodeInterface
import Synchronization
import Vocabulary

/// Blobs in memory, with the failures a real store can have.
final class MemoryBlobs: BlobAccess {
    struct State {
        var held: [Digest: [UInt8]] = [:]
        /// What peers hold.
        var remote: [Digest: [UInt8]] = [:]
        /// Fails every further write.
        var writeFailure: BlobFailure?
        /// The most bytes that uploads had in memory at once, and what they were given in all.
        var received = 0
        var discarded = 0
    }

    let state = Mutex(State())

    func size(of digest: Digest) async -> UInt64? {
        state.withLock { $0.held[digest].map { UInt64($0.count) } }
    }

    func bytes(of digest: Digest, limit: UInt64) async throws(BlobFailure) -> [UInt8] {
        _ = try await fetch(digest, limit: limit)
        guard let bytes = state.withLock({ $0.held[digest] }) else { throw .notFound(digest) }
        return bytes
    }

    func fetch(_ digest: Digest, limit: UInt64) async throws(BlobFailure) -> UInt64 {
        let found = state.withLock { state in state.held[digest] ?? state.remote[digest] }
        guard let found else { throw .notFound(digest) }
        guard found.count <= limit else { throw .tooLarge(limit: limit) }
        state.withLock { $0.held[digest] = found }
        return UInt64(found.count)
    }

    func open(_ digest: Digest) async throws(BlobFailure) -> any FileReader {
        guard let bytes = state.withLock({ $0.held[digest] }) else { throw .notFound(digest) }
        return MemoryFile(bytes: bytes)
    }

    func keep(_ bytes: [UInt8]) async throws(BlobFailure) -> Digest {
        let digest = SHA256.hash(bytes)
        state.withLock { $0.held[digest] = bytes }
        return digest
    }

    func begin(limit: UInt64) async throws(BlobFailure) -> any BlobWriter {
        MemoryUpload(blobs: self, limit: limit)
    }
}

private final class MemoryUpload: BlobWriter {
    let blobs: MemoryBlobs
    let limit: UInt64
    let bytes = Mutex<[UInt8]>([])

    init(blobs: MemoryBlobs, limit: UInt64) {
        self.blobs = blobs
        self.limit = limit
    }

    func append(_ more: [UInt8]) async throws(BlobFailure) {
        if let failure = blobs.state.withLock(\.writeFailure) { throw failure }
        blobs.state.withLock { $0.received += more.count }
        let isOver = bytes.withLock { bytes in
            bytes += more
            return bytes.count > limit
        }
        if isOver { throw .tooLarge(limit: limit) }
    }

    func finish() async throws(BlobFailure) -> (digest: Digest, size: UInt64) {
        let all = bytes.withLock(\.self)
        return (try await blobs.keep(all), UInt64(all.count))
    }

    func discard() async { blobs.state.withLock { $0.discarded += 1 } }
}

private struct MemoryFile: FileReader {
    let bytes: [UInt8]

    var count: UInt64 { get async { UInt64(bytes.count) } }

    func read(at offset: UInt64, count: Int) async throws(DiskFailure) -> [UInt8] {
        guard offset < bytes.count else { return [] }
        return Array(bytes[Int(offset)...].prefix(count))
    }

    func close() async {}
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import NodeInterface
import Vocabulary

/// Blobs as files named by their digest, below one folder, within one limit of bytes
/// (specs/node.md NODE-14 to NODE-17).
///
/// A blob becomes visible only when all its bytes are on disk and hash to its name. When room is
/// needed and `evicts` is set, the blob unused for longest goes first; otherwise keeping fails.
actor BlobStore: BlobAccess {
    private struct Held {
        let size: UInt64
        var used: UInt64
    }

    private let disk: any Disk
    private let folder: String
    private let bytesMax: UInt64
    private let evicts: Bool
    let source: any BlobSource
    private var held: [Digest: Held] = [:]
    private var total: UInt64 = 0
    /// Bytes of blobs that are still being received.
    private var receiving: UInt64 = 0
    private var uses: UInt64 = 0
    private var uploads: UInt64 = 0
    var fetches = FetchTable()

    /// Opens the folder and counts what it holds; leftovers of a crash are removed.
    init(
        disk: any Disk, folder: String, bytesMax: UInt64, evicts: Bool, source: any BlobSource
    ) async throws(DiskFailure) {
        self.disk = disk
        self.folder = folder
        self.bytesMax = bytesMax
        self.evicts = evicts
        self.source = source
        try await disk.createFolder("\(folder)/partial")
        for name in try await disk.list("\(folder)/partial") {
            try await disk.remove("\(folder)/partial/\(name)")
        }
        for name in try await disk.list(folder) {
            guard let digest = Digest(hexadecimal: name) else { continue }
            let file = try await disk.open("\(folder)/\(name)")
            let size = await file.count
            await file.close()
            held[digest] = Held(size: size, used: 0)
            total += size
        }
    }

    /// Bytes held.
    var bytesHeld: UInt64 { total }

    func size(of digest: Digest) -> UInt64? {
        touch(digest)
        return held[digest]?.size
    }

    func bytes(of digest: Digest, limit: UInt64) async throws(BlobFailure) -> [UInt8] {
        for _ in 0..<2 {
            let size = try await fetch(digest, limit: limit)
            do {
                return try await disk.read(path(of: digest), limit: Int(size))
            } catch .notFound {
                // Evicted since, or taken away from outside: it is fetched once more.
                await forget(digest)
            } catch {
                throw .disk(error)
            }
        }
        throw .notFound(digest)
    }

    func open(_ digest: Digest) async throws(BlobFailure) -> any FileReader {
        guard held[digest] != nil else { throw .notFound(digest) }
        touch(digest)
        do {
            return try await disk.open(path(of: digest))
        } catch .notFound {
            await forget(digest)
            throw .notFound(digest)
        } catch {
            throw .disk(error)
        }
    }

    func keep(_ bytes: [UInt8]) async throws(BlobFailure) -> Digest {
        let digest = SHA256.hash(bytes)
        guard held[digest] == nil else {
            touch(digest)
            return digest
        }
        let writer = try await begin(limit: UInt64(bytes.count))
        do {
            try await writer.append(bytes)
        } catch {
            await writer.discard()
            throw error
        }
        return try await writer.finish().digest
    }

    func begin(limit: UInt64) async throws(BlobFailure) -> any BlobWriter {
        try await beginUpload(limit: limit)
    }

    /// Starts a partial file that nobody sees.
    func beginUpload(limit: UInt64) async throws(BlobFailure) -> BlobUpload {
        guard limit <= bytesMax else { throw .tooLarge(limit: bytesMax) }
        uploads += 1
        let partial = "\(folder)/partial/\(uploads)"
        do {
            return BlobUpload(
                file: try await disk.create(partial), partial: partial, limit: limit, store: self)
        } catch {
            throw .disk(error)
        }
    }

    /// Answers a peer's request for a range; nil when the blob is not held.
    func range(_ request: BlobRequest) async -> BlobRange? {
        guard let here = held[request.digest], request.offset <= here.size else { return nil }
        touch(request.digest)
        guard let file = try? await disk.open(path(of: request.digest)) else { return nil }
        let count = min(UInt64(request.count), here.size - request.offset)
        let bytes = try? await file.read(at: request.offset, count: Int(count))
        await file.close()
        return bytes.map { BlobRange(size: here.size, bytes: $0) }
    }

    // MARK: Room

    /// Sets room aside for bytes that are about to be received.
    ///
    /// - Throws: ``BlobFailure/full(limit:)``.
    func reserve(_ count: UInt64) async throws(BlobFailure) {
        receiving += count
        while total + receiving > bytesMax {
            guard evicts, let oldest = oldest() else {
                receiving -= count
                throw .full(limit: bytesMax)
            }
            await forget(oldest)
        }
    }

    /// Gives back what an upload had reserved.
    func release(_ count: UInt64) { receiving -= count }

    /// Makes a finished upload visible; its bytes were reserved.
    func adopt(partial: String, digest: Digest, size: UInt64) async throws(BlobFailure) {
        do {
            if held[digest] == nil {
                try await disk.move(partial, to: path(of: digest))
            } else {
                try await disk.remove(partial)
            }
        } catch {
            release(size)
            try? await disk.remove(partial)
            throw .disk(error)
        }
        release(size)
        // Another upload of the same bytes may have been quicker.
        if held[digest] == nil { total += size }
        uses += 1
        held[digest] = Held(size: size, used: uses)
    }

    /// The blob unused for longest; equal ones by digest.
    private func oldest() -> Digest? {
        held.min { ($0.value.used, $0.key) < ($1.value.used, $1.key) }?.key
    }

    private func forget(_ digest: Digest) async {
        guard let gone = held.removeValue(forKey: digest) else { return }
        total -= gone.size
        try? await disk.remove(path(of: digest))
    }

    private func touch(_ digest: Digest) {
        guard held[digest] != nil else { return }
        uses += 1
        held[digest]?.used = uses
    }

    private func path(of digest: Digest) -> String { "\(folder)/\(digest)" }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import NodeInterface
import Vocabulary

/// Blobs as files named by their digest, below one folder, within one limit of bytes.
///
/// A blob becomes visible only when all its bytes are on disk and hash to its name. When room is
/// needed and `evicts` is set, the blob unused for longest goes first; otherwise keeping fails.
actor BlobStore: BlobAccess {
    /// Blobs being fetched at one time: 16 of 256 KiB in flight are 4 MiB.
    static let fetchesMax = 16

    private struct Held {
        let size: UInt64
        var used: UInt64
    }

    private let disk: any Disk
    private let folder: String
    private let bytesMax: UInt64
    private let evicts: Bool
    private let source: any BlobSource
    private var held: [Digest: Held] = [:]
    private var total: UInt64 = 0
    private var uses: UInt64 = 0
    private var uploads: UInt64 = 0
    private var waiting: [Digest: [CheckedContinuation<Result<UInt64, BlobFailure>, Never>]] = [:]

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
        let size = try await fetch(digest, limit: limit)
        do {
            return try await disk.read(path(of: digest), limit: Int(size))
        } catch {
            throw .disk(error)
        }
    }

    func open(_ digest: Digest) async throws(BlobFailure) -> any FileReader {
        guard held[digest] != nil else { throw .notFound(digest) }
        touch(digest)
        do {
            return try await disk.open(path(of: digest))
        } catch {
            throw .disk(error)
        }
    }

    func keep(_ bytes: [UInt8]) async throws(BlobFailure) -> Digest {
        let digest = SHA256.hash(bytes)
        guard held[digest] == nil else { return digest }
        let writer = try await begin(limit: UInt64(bytes.count))
        try await writer.append(bytes)
        return try await writer.finish().digest
    }

    func begin(limit: UInt64) async throws(BlobFailure) -> any BlobWriter {
        try await beginUpload(limit: limit)
    }

    private func beginUpload(limit: UInt64) async throws(BlobFailure) -> BlobUpload {
        guard limit <= bytesMax else { throw .tooLarge(limit: bytesMax) }
        try await makeRoom(for: 0)
        uploads += 1
        let partial = "\(folder)/partial/\(uploads)"
        do {
            return BlobUpload(
                file: try await disk.create(partial), partial: partial, limit: limit, store: self)
        } catch {
            throw .disk(error)
        }
    }

    func fetch(_ digest: Digest, limit: UInt64) async throws(BlobFailure) -> UInt64 {
        if let here = held[digest] {
            guard here.size <= limit else { throw .tooLarge(limit: limit) }
            touch(digest)
            return here.size
        }
        if waiting[digest] != nil { return try await joinFetch(of: digest, limit: limit) }
        waiting[digest] = []
        let result = await download(digest, limit: limit)
        for waiter in waiting.removeValue(forKey: digest) ?? [] { waiter.resume(returning: result) }
        return try result.get()
    }

    private func joinFetch(of digest: Digest, limit: UInt64) async throws(BlobFailure) -> UInt64 {
        let result = await withCheckedContinuation { waiting[digest, default: []].append($0) }
        let size = try result.get()
        guard size <= limit else { throw .tooLarge(limit: limit) }
        return size
    }

    private func download(_ digest: Digest, limit: UInt64) async -> Result<UInt64, BlobFailure> {
        var failure = BlobFailure.notFound(digest)
        for peer in await source.holders() {
            do {
                if let size = try await download(digest, limit: limit, from: peer) {
                    return .success(size)
                }
            } catch {
                failure = error
            }
        }
        return .failure(failure)
    }

    /// Downloads from one peer; nil when the peer does not have it or stops answering.
    private func download(
        _ digest: Digest, limit: UInt64, from peer: PublicKey
    ) async throws(BlobFailure) -> UInt64? {
        var request = BlobRequest(digest: digest, offset: 0, count: BlobRequest.countMax)
        guard let first = await source.range(request, from: peer) else { return nil }
        guard first.size <= limit else { throw .tooLarge(limit: limit) }
        let writer = try await beginUpload(limit: first.size)
        var range = first
        while true {
            do {
                try await writer.append(range.bytes)
            } catch {
                await writer.discard()
                throw error
            }
            let offset = request.offset + UInt64(range.bytes.count)
            if offset == first.size { break }
            request = BlobRequest(digest: digest, offset: offset, count: BlobRequest.countMax)
            guard let next = await source.range(request, from: peer), !next.bytes.isEmpty else {
                await writer.discard()
                return nil
            }
            range = next
        }
        return try await writer.finish(expecting: digest).size
    }

    /// Answers a peer's request for a range.
    func range(_ request: BlobRequest) async -> BlobRange? {
        guard let here = held[request.digest], request.offset <= here.size else { return nil }
        touch(request.digest)
        guard let file = try? await disk.open(path(of: request.digest)) else { return nil }
        let count = min(UInt64(request.count), here.size - request.offset)
        let bytes = try? await file.read(at: request.offset, count: Int(count))
        await file.close()
        return bytes.map { BlobRange(size: here.size, bytes: $0) }
    }

    /// Makes a finished upload visible.
    fileprivate func adopt(
        partial: String, digest: Digest, size: UInt64
    ) async throws(BlobFailure) {
        guard held[digest] == nil else {
            try? await disk.remove(partial)
            return
        }
        try await makeRoom(for: size)
        do {
            try await disk.move(partial, to: path(of: digest))
        } catch {
            throw .disk(error)
        }
        uses += 1
        held[digest] = Held(size: size, used: uses)
        total += size
    }

    private func makeRoom(for size: UInt64) async throws(BlobFailure) {
        while total + size > bytesMax {
            guard evicts, let oldest = held.min(by: { $0.value.used < $1.value.used }) else {
                throw .full(limit: bytesMax)
            }
            held[oldest.key] = nil
            total -= oldest.value.size
            try? await disk.remove(path(of: oldest.key))
        }
    }

    private func touch(_ digest: Digest) {
        uses += 1
        held[digest]?.used = uses
    }

    private func path(of digest: Digest) -> String { "\(folder)/\(digest)" }
}

/// Receives one blob into a partial file while hashing it.
actor BlobUpload: BlobWriter {
    private let file: any FileWriter
    private let partial: String
    private let limit: UInt64
    private let store: BlobStore
    private var hasher = SHA256()
    private var size: UInt64 = 0

    init(file: any FileWriter, partial: String, limit: UInt64, store: BlobStore) {
        self.file = file
        self.partial = partial
        self.limit = limit
        self.store = store
    }

    func append(_ bytes: [UInt8]) async throws(BlobFailure) {
        guard size + UInt64(bytes.count) <= limit else { throw .tooLarge(limit: limit) }
        hasher.update(bytes)
        size += UInt64(bytes.count)
        do {
            try await file.append(bytes)
        } catch {
            throw .disk(error)
        }
    }

    func finish() async throws(BlobFailure) -> (digest: Digest, size: UInt64) {
        try await finish(expecting: nil)
    }

    /// Keeps the blob unless it has another name than the one asked for: a peer that sends other
    /// bytes fills no space.
    fileprivate func finish(
        expecting name: Digest?
    ) async throws(BlobFailure) -> (digest: Digest, size: UInt64) {
        let digest = hasher.finish()
        if let name, name != digest {
            await file.discard()
            throw .wrongDigest(expected: name)
        }
        do {
            try await file.finish()
        } catch {
            throw .disk(error)
        }
        try await store.adopt(partial: partial, digest: digest, size: size)
        return (digest, size)
    }

    func discard() async { await file.discard() }
}

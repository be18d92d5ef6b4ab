// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import NodeInterface
import Vocabulary

/// Receives one blob into a partial file while hashing it.
///
/// It ends with ``finish()`` or ``discard()``; what fails on the way leaves nothing behind.
actor BlobUpload: BlobWriter {
    private let file: any FileWriter
    private let partial: String
    private let limit: UInt64
    private let store: BlobStore
    private var hasher = SHA256()
    private var size: UInt64 = 0
    private var isEnded = false

    init(file: any FileWriter, partial: String, limit: UInt64, store: BlobStore) {
        self.file = file
        self.partial = partial
        self.limit = limit
        self.store = store
    }

    func append(_ bytes: [UInt8]) async throws(BlobFailure) {
        let count = UInt64(bytes.count)
        guard size + count <= limit else { throw .tooLarge(limit: limit) }
        try await store.reserve(count)
        size += count
        hasher.update(bytes)
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
    func finish(
        expecting name: Digest?
    ) async throws(BlobFailure) -> (digest: Digest, size: UInt64) {
        let digest = hasher.finish()
        if let name, name != digest {
            await discard()
            throw .wrongDigest(expected: name)
        }
        do {
            try await file.finish()
        } catch {
            await discard()
            throw .disk(error)
        }
        isEnded = true
        try await store.adopt(partial: partial, digest: digest, size: size)
        return (digest, size)
    }

    func discard() async {
        guard !isEnded else { return }
        isEnded = true
        await store.release(size)
        await file.discard()
    }
}

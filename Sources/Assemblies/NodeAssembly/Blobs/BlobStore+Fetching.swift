// SPDX-License-Identifier: Apache-2.0
import NodeInterface
import Vocabulary

/// Who waits for which blob, and for a turn to fetch.
struct FetchTable {
    typealias Outcome = Result<UInt64, BlobFailure>

    /// A blob that is being fetched.
    struct Download {
        /// The most bytes whoever began it allows.
        let limit: UInt64
        var waiters: [CheckedContinuation<Outcome, Never>] = []
    }

    var downloads: [Digest: Download] = [:]
    /// Downloads that have their turn.
    var running = 0
    /// Those who wait for a turn.
    var turns: [CheckedContinuation<Void, Never>] = []
}

/// Fetching from peers: one download a blob, whoever asks; nothing a peer says is believed.
extension BlobStore {
    /// Downloads at one time: 16 with a range of 256 KiB each are 4 MiB.
    static let fetchesMax = 16

    /// Makes sure a blob is held here, fetching it when needed.
    ///
    /// - Returns: Its size.
    /// - Throws: ``BlobFailure/tooLarge(limit:)`` only for a blob that is held, whose size is a
    ///   fact; a size that a peer states is none, and such a peer is passed over.
    func fetch(_ digest: Digest, limit: UInt64) async throws(BlobFailure) -> UInt64 {
        while true {
            if let size = size(of: digest) {
                guard size <= limit else { throw .tooLarge(limit: limit) }
                return size
            }
            guard let download = fetches.downloads[digest] else { break }
            let outcome = await withCheckedContinuation {
                fetches.downloads[digest]?.waiters.append($0)
            }
            // Whoever began it may have allowed less than this caller does.
            if case .failure(let failure) = outcome, limit <= download.limit { throw failure }
        }
        return try await begin(fetching: digest, limit: limit).get()
    }

    private func begin(fetching digest: Digest, limit: UInt64) async -> FetchTable.Outcome {
        fetches.downloads[digest] = FetchTable.Download(limit: limit)
        await takeTurn()
        let outcome = await download(digest, limit: limit)
        endTurn()
        let download = fetches.downloads.removeValue(forKey: digest)
        for waiter in download?.waiters ?? [] { waiter.resume(returning: outcome) }
        return outcome
    }

    private func takeTurn() async {
        guard fetches.running >= Self.fetchesMax else {
            fetches.running += 1
            return
        }
        // Whoever ends hands its turn on, so the count stays.
        await withCheckedContinuation { fetches.turns.append($0) }
    }

    private func endTurn() {
        guard !fetches.turns.isEmpty else {
            fetches.running -= 1
            return
        }
        fetches.turns.removeFirst().resume()
    }

    /// Asks peers one after the other until one gives the bytes.
    private func download(_ digest: Digest, limit: UInt64) async -> FetchTable.Outcome {
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

    /// Downloads from one peer; nil when the peer does not have it, states a size above the limit,
    /// or stops giving what it was asked for.
    private func download(
        _ digest: Digest, limit: UInt64, from peer: PublicKey
    ) async throws(BlobFailure) -> UInt64? {
        var request = BlobRequest(digest: digest, offset: 0, count: BlobRequest.countMax)
        guard var range = await source.range(request, from: peer), range.size <= limit,
            range.isWhole(for: request)
        else { return nil }
        let size = range.size
        let writer = try await beginUpload(limit: size)
        while true {
            do {
                try await writer.append(range.bytes)
            } catch {
                await writer.discard()
                throw error
            }
            let offset = request.offset + UInt64(range.bytes.count)
            if offset == size { break }
            request = BlobRequest(digest: digest, offset: offset, count: BlobRequest.countMax)
            guard let next = await source.range(request, from: peer), next.size == size,
                next.isWhole(for: request)
            else {
                await writer.discard()
                return nil
            }
            range = next
        }
        return try await writer.finish(expecting: digest).size
    }
}

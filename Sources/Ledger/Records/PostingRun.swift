// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Postings that one commit wrote, in order, in chunks whose keys are their last postings
/// (STATE-15).
struct PostingRun: Sendable, CanonicalCodable {
    /// Counts up over commits.
    let number: UInt64
    /// The newest block that has a posting here.
    let newest: BlockHeight
    /// How many postings there are.
    let count: UInt64

    /// Postings of a chunk: 16,368 bytes, so that with its header it fills four pages.
    static let chunkMax = 372

    init(number: UInt64, newest: BlockHeight, count: UInt64) {
        self.number = number
        self.newest = newest
        self.count = count
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(number)
        encoder.write(newest)
        encoder.write(count)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        number = try decoder.read()
        newest = try decoder.read()
        count = try decoder.read()
    }

    /// The store's changes that write a run: its head, then its chunks.
    static func changes(
        _ number: UInt64, _ postings: [Posting]
    ) -> (run: PostingRun, changes: [OrderedOverlay.Change]) {
        let newest = postings.map(\.place.height).max() ?? BlockHeight(0)
        let run = PostingRun(number: number, newest: newest, count: UInt64(postings.count))
        var changes: [OrderedOverlay.Change] = [(run.prefix, run.canonicalBytes)]
        var start = 0
        while start < postings.count {
            let end = min(start + chunkMax, postings.count)
            let value = [UInt8](unsafeUninitializedCapacity: (end - start) * Posting.bytes) {
                buffer, count in
                let bytes = UnsafeMutableRawBufferPointer(buffer)
                for place in start..<end {
                    postings[place].store(to: bytes, at: (place - start) * Posting.bytes)
                }
                count = bytes.count
            }
            changes.append((run.key(postings[end - 1]), value))
            start = end
        }
        return (run, changes)
    }

    /// What the keys of the run begin with; alone, the key of its head.
    var prefix: [UInt8] { StoreLayout.postings(number) }

    private func key(_ last: Posting) -> [UInt8] {
        var key = prefix
        last.append(to: &key)
        return key
    }

    /// Up to `limit` postings of a subject after a place, in order.
    func postings(
        of subject: Bytes32, after place: EventCursor?, limit: Int, in layers: LayeredStore
    ) -> [Posting] {
        var found: [Posting] = []
        // A chunk's key is its last posting, so the first key after this one is of the chunk that
        // has the next posting.
        var from = place.map { key(Posting(subject, $0)) } ?? prefix + subject.bytes
        while found.count < limit {
            let page = layers.stored(prefix: prefix, after: from, limit: Self.pageChunks)
            guard let last = page.last else { break }
            for posting in page.flatMap({ Self.postings(in: $0.value) })
            where posting.subject == subject && (place.map { posting.place > $0 } ?? true) {
                found.append(posting)
            }
            guard let end = Posting(last.key[prefix.count...]), end.subject == subject else {
                break
            }
            from = last.key
        }
        return Array(found.prefix(limit))
    }

    /// Every posting, or nothing when not all can be read.
    func all(in layers: LayeredStore) -> [Posting]? {
        var found: [Posting] = []
        var from = prefix
        while true {
            let page = layers.stored(prefix: prefix, after: from, limit: Self.pageChunksMax)
            guard let last = page.last else { break }
            for chunk in page { found += Self.postings(in: chunk.value) }
            from = last.key
        }
        return found.count == Int(count) ? found : nil
    }

    /// The store's changes that remove the run.
    func removal(in layers: LayeredStore) -> [OrderedOverlay.Change] {
        var changes: [OrderedOverlay.Change] = [(prefix, nil)]
        var from = prefix
        while true {
            let page = layers.stored(prefix: prefix, after: from, limit: Self.pageChunksMax)
            guard let last = page.last else { break }
            changes += page.map { ($0.key, nil) }
            from = last.key
        }
        return changes
    }

    /// Chunks read at a time by a query: 32 KiB.
    private static let pageChunks = 2
    /// Chunks read at a time where all are read: 1 MiB.
    private static let pageChunksMax = 64

    static func postings(in chunk: [UInt8]) -> [Posting] {
        guard chunk.count % Posting.bytes == 0 else { return [] }
        return stride(from: 0, to: chunk.count, by: Posting.bytes).compactMap {
            Posting(chunk[$0..<$0 + Posting.bytes])
        }
    }
}

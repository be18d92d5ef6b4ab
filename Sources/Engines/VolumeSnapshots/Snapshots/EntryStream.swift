// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The entries of a folder's listing in their order, read piece by piece and checked (SNAPSHOT-8).
struct EntryStream {
    /// The most bytes of one entry: 8 MiB; 64 attributes of 64 KiB are 4 MiB.
    private static let entryBytesMax = 8 << 20

    private var pieces: ContentPieces
    private var pending: [UInt8] = []
    private var ready: [SnapshotEntry] = []
    private var last: [UInt8]?

    init(_ listing: ContentReference, _ reader: ChunkReader) {
        pieces = ContentPieces(listing, reader)
    }

    /// The next entry, or nothing at the end.
    ///
    /// - Throws: ``SnapshotFailure/malformed(_:)`` for what is no entry,
    ///   ``SnapshotFailure/hostile(path:reason:)`` for names that are none or out of order.
    mutating func next() async throws(SnapshotFailure) -> SnapshotEntry? {
        while ready.isEmpty {
            guard let piece = try await pieces.next() else {
                guard pending.isEmpty else { throw .malformed("a listing is cut off") }
                return nil
            }
            pending += piece
            try decode()
            guard pending.count <= Self.entryBytesMax else {
                throw .malformed("an entry is too long")
            }
        }
        let entry = ready.removeLast()
        try check(entry.name)
        return entry
    }

    private mutating func decode() throws(SnapshotFailure) {
        var decoder = CanonicalDecoder(pending)
        var found: [SnapshotEntry] = []
        while decoder.remaining > 0 {
            let rest = decoder.remaining
            do throws(CanonicalError) {
                found.append(try decoder.read())
            } catch CanonicalError.truncated {
                pending = Array(pending.suffix(rest))
                ready = found.reversed()
                return
            } catch {
                throw .malformed("a listing holds something else than entries")
            }
        }
        pending = []
        ready = found.reversed()
    }

    private mutating func check(_ name: [UInt8]) throws(SnapshotFailure) {
        let text = String(decoding: name, as: UTF8.self)
        guard !name.isEmpty, !name.contains(0), !name.contains(UInt8(ascii: "/")), text != ".",
            text != ".."
        else { throw .hostile(path: text, reason: "this is no name in a folder") }
        if let last, !last.lexicographicallyPrecedes(name) {
            throw .hostile(path: text, reason: "names are not in order, each once")
        }
        last = name
    }
}

/// A listing beside which another is walked in the same order.
struct EntryLookup {
    private var stream: EntryStream
    private var current: SnapshotEntry?
    private var hasBegun = false

    init(_ stream: EntryStream) { self.stream = stream }

    /// The entry of a name; names are asked for in rising order.
    mutating func entry(_ name: [UInt8]) async throws(SnapshotFailure) -> SnapshotEntry? {
        if !hasBegun {
            hasBegun = true
            current = try await stream.next()
        }
        while let entry = current, entry.name.lexicographicallyPrecedes(name) {
            current = try await stream.next()
        }
        return current?.name == name ? current : nil
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Every chunk that a snapshot needs, in the order in which putting it back needs them.
struct SnapshotWalk {
    /// What a chunk is to its snapshot.
    enum Role: Sendable {
        /// The record, a listing or a node of names: it says which chunks come next.
        case structure
        /// The data of files, which says nothing about others.
        case data
    }

    typealias Visit = (ChunkID, Role) async throws(SnapshotFailure) -> Void

    let reader: ChunkReader
    private var entries: UInt64 = 0
    private let entriesMax: UInt64
    // Listings that were walked: those that several snapshots share are walked once.
    private var seen: Set<ContentReference> = []

    init(_ reader: ChunkReader, limits: SnapshotLimits) {
        self.reader = reader
        entriesMax = limits.entries
    }

    /// Gives each chunk of a snapshot to a visitor; of several snapshots one after the other, what
    /// they share is given once.
    mutating func run(_ id: ChunkID, _ visit: Visit) async throws(SnapshotFailure) {
        let content = try await reader.content(id)
        guard let record = try? SnapshotRecord(canonicalBytes: content),
            let listing = record.listing
        else { throw .malformed("this chunk is no snapshot's record") }
        entries = 0
        try await folder(listing, depth: 0, visit)
        try await visit(id, .structure)
    }

    private mutating func folder(
        _ listing: ContentReference, depth: Int, _ visit: Visit
    ) async throws(SnapshotFailure) {
        guard seen.insert(listing).inserted else { return }
        guard depth < SnapshotLimits.depthMax else {
            throw .tooLarge("folders", limit: UInt64(SnapshotLimits.depthMax))
        }
        var stream = EntryStream(listing, reader)
        while let entry = try await stream.next() {
            entries += 1
            guard entries <= entriesMax else { throw .tooLarge("entries", limit: entriesMax) }
            switch entry.kind {
            case .file(let file): try await chunks(of: file.content, .data, visit)
            case .folder(let inner): try await folder(inner, depth: depth + 1, visit)
            case .symbolicLink, .hardLink, .pipe, .device: break
            }
        }
        // Behind what it leads to: who copies in this order has whole trees at any moment.
        try await chunks(of: listing, .structure, visit)
    }

    private func chunks(
        of content: ContentReference, _ role: Role, _ visit: Visit
    ) async throws(SnapshotFailure) {
        var waiting = content.chunks.reversed().map { ($0, content.level) }
        while let (id, level) = waiting.popLast() {
            if level > 0 {
                waiting += try await reader.names(id).reversed().map { ($0, level - 1) }
            }
            try await visit(id, level > 0 ? .structure : role)
        }
    }
}

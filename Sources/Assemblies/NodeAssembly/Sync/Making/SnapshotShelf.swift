// SPDX-License-Identifier: Apache-2.0
import Effects
import StateTree
import Vocabulary

/// The snapshots that a node offers, as files of one folder (SYNC-2).
///
/// A snapshot is offered when its manifest is there, which is written last; what a crash leaves
/// without one is removed when the shelf is opened.
actor SnapshotShelf {
    /// How many snapshots are kept: who begins to fetch the older when the newer appears has the
    /// time between two checkpoints to fetch it.
    static let keptMax = 2

    private struct Entry {
        let manifest: SnapshotManifest
        let index: SnapshotIndex
        /// Where each part's chunk begins.
        let offsets: [UInt64]
        var reader: (any FileReader)?
    }

    private let disk: any Disk
    let folder: String
    private var entries: [BlockHeight: Entry] = [:]
    /// A snapshot whose files are whole and for which no header vouches yet.
    private var unvouched: (height: BlockHeight, index: SnapshotIndex)?

    init(disk: any Disk, folder: String) {
        self.disk = disk
        self.folder = folder
    }

    /// What the files of a snapshot are called.
    private enum Kind: String, CaseIterable { case manifest, index, chunks }

    private func path(_ height: BlockHeight, _ kind: Kind) -> String {
        "\(folder)/\(height.value).\(kind.rawValue)"
    }

    /// Where the chunks of a snapshot that is being made go.
    nonisolated func chunksPath(_ height: BlockHeight) -> String {
        "\(folder)/\(height.value).\(Kind.chunks.rawValue)"
    }

    /// Where a snapshot that is being made keeps what it needs meanwhile.
    nonisolated var workFolder: String { "\(folder)/making" }

    /// Reads what is there and removes what is not whole.
    func open() async throws(DiskFailure) {
        try await disk.createFolder(folder)
        try await disk.removeFolder(workFolder)
        var found: Set<BlockHeight> = []
        for name in try await disk.list(folder) {
            let stem = name.prefix { $0 != "." }
            if let number = UInt64(stem) { found.insert(BlockHeight(number)) }
        }
        for height in found.sorted() {
            do throws(DiskFailure) {
                try await take(height)
            } catch .notFound {
                try await remove(height)
            }
        }
        try await keepNewest()
    }

    private func take(_ height: BlockHeight) async throws(DiskFailure) {
        let manifest = try? SnapshotManifest(
            canonicalBytes: await disk.read(
                path(height, .manifest), limit: SnapshotManifest.bytesMax))
        guard let manifest, manifest.height == height else { return try await remove(height) }
        let file = try? IndexFile(
            canonicalBytes: await disk.read(path(height, .index), limit: IndexFile.bytesMax))
        guard let index = file?.index, index.digest == manifest.index else {
            return try await remove(height)
        }
        let reader = try await disk.open(path(height, .chunks))
        let isWhole = await reader.count == manifest.bytes
        await reader.close()
        guard isWhole else { return try await remove(height) }
        entries[height] = Self.entry(manifest, index)
    }

    private static func entry(_ manifest: SnapshotManifest, _ index: SnapshotIndex) -> Entry {
        var offsets: [UInt64] = []
        offsets.reserveCapacity(index.parts.count)
        var offset: UInt64 = 0
        for part in index.parts {
            offsets.append(offset)
            offset += UInt64(part.bytes)
        }
        return Entry(manifest: manifest, index: index, offsets: offsets)
    }

    // MARK: Adding

    /// Takes a snapshot whose chunks are written; nobody is told of it before a header vouches.
    func prepare(_ height: BlockHeight, _ index: SnapshotIndex) async throws(DiskFailure) {
        if let old = unvouched { try await remove(old.height) }
        try await disk.replace(
            path(height, .index), with: IndexFile(index: index).canonicalBytes)
        unvouched = (height, index)
    }

    /// Offers the prepared snapshot with what vouches for it.
    func offer(_ manifest: SnapshotManifest) async throws(DiskFailure) {
        guard let prepared = unvouched, prepared.height == manifest.height else { return }
        try await disk.replace(path(manifest.height, .manifest), with: manifest.canonicalBytes)
        entries[manifest.height] = Self.entry(manifest, prepared.index)
        unvouched = nil
        try await keepNewest()
    }

    /// Removes what was made of a snapshot that will not be offered.
    func remove(_ height: BlockHeight) async throws(DiskFailure) {
        let entry = entries.removeValue(forKey: height)
        if unvouched?.height == height { unvouched = nil }
        await entry?.reader?.close()
        // The manifest first: without it the rest is nothing.
        for kind in Kind.allCases { try await disk.remove(path(height, kind)) }
    }

    private func keepNewest() async throws(DiskFailure) {
        for height in heights.dropFirst(Self.keptMax) { try await remove(height) }
    }

    // MARK: Reading

    /// The heights on offer, the newest first.
    var heights: [BlockHeight] { entries.keys.sorted { $0 > $1 } }

    /// The snapshots on offer, the newest first.
    var offers: [SnapshotOffer] { heights.compactMap { entries[$0]?.manifest.offer } }

    /// How many bytes the newest snapshot's chunks have; 0 without one.
    var newestBytes: UInt64 { heights.first.flatMap { entries[$0]?.manifest.bytes } ?? 0 }

    /// The manifest of a height.
    func manifest(_ height: BlockHeight) -> SnapshotManifest? { entries[height]?.manifest }

    /// A page of an index; nothing beyond its end.
    func page(_ height: BlockHeight, _ number: UInt32) -> IndexPage? {
        guard let parts = entries[height]?.index.parts else { return nil }
        let start = Int(number) * IndexPage.partsMax
        guard start < parts.count else { return nil }
        return IndexPage(parts: Array(parts[start..<min(start + IndexPage.partsMax, parts.count)]))
    }

    /// The bytes of a part's chunk; nothing when there is no such part.
    func chunk(_ height: BlockHeight, _ part: UInt32) async throws(DiskFailure) -> [UInt8]? {
        guard let entry = entries[height], Int(part) < entry.offsets.count else { return nil }
        let reader: any FileReader
        if let open = entry.reader {
            reader = open
        } else {
            reader = try await disk.open(path(height, .chunks))
            entries[height]?.reader = reader
        }
        let bytes = Int(entry.index.parts[Int(part)].bytes)
        let chunk = try await reader.read(at: entry.offsets[Int(part)], count: bytes)
        guard chunk.count == bytes else {
            throw .damaged(path: path(height, .chunks), reason: "it ends within a chunk")
        }
        return chunk
    }

    /// Closes the files.
    func close() async {
        for height in heights { await entries[height]?.reader?.close() }
        entries = [:]
    }
}

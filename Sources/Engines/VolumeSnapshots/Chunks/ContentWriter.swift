// SPDX-License-Identifier: Apache-2.0

/// What a writer has done.
public struct WritingTotals: Hashable, Sendable {
    /// Chunks that were not in the store before.
    public var chunksNew = 0
    /// Their bytes as stored.
    public var bytesNew: UInt64 = 0
    /// Chunks that were there already.
    public var chunksKnown = 0

    /// Nothing yet.
    public init() {}
}

/// Seals content and puts it into a store, each chunk once.
final class ChunkPress {
    private let key: SnapshotKey
    private let sink: any ChunkSink
    private(set) var totals = WritingTotals()

    init(_ key: SnapshotKey, _ sink: any ChunkSink) {
        self.key = key
        self.sink = sink
    }

    var chunker: ContentChunker { ContentChunker(key.gear) }

    /// Stores one chunk and returns its name.
    func put(_ content: [UInt8]) async throws(SnapshotFailure) -> ChunkID {
        let id = content.withUnsafeBytes { key.name(of: $0) }
        guard try await !sink.holds(id) else {
            totals.chunksKnown += 1
            return id
        }
        let chunk = key.seal(content, as: id)
        try await sink.write(id, chunk)
        totals.chunksNew += 1
        totals.bytesNew += UInt64(chunk.count)
        return id
    }
}

/// Cuts content that comes in pieces, stores its chunks and builds the tree of their names. Memory:
/// two chunks and at most 1,024 names a level (SNAPSHOT-4).
struct ContentWriter {
    private let press: ChunkPress
    private var pending: [UInt8] = []
    private var consumed = 0
    private var bytes: UInt64 = 0
    private var levels: [[ChunkID]] = [[]]

    init(_ press: ChunkPress) { self.press = press }

    /// The bytes that it holds: content that is not cut yet, and names.
    var heldBytes: Int {
        pending.count + levels.reduce(0) { $0 + $1.count * MemoryLayout<ChunkID>.size }
    }

    /// Adds a piece of content.
    mutating func append(_ piece: some Collection<UInt8>) async throws(SnapshotFailure) {
        pending.append(contentsOf: piece)
        bytes += UInt64(piece.count)
        // A cut is final only when a whole chunk's length lies before the end.
        while pending.count - consumed >= ContentChunker.chunkBytesMax { try await cut() }
        if consumed >= ContentChunker.chunkBytesMax { drop() }
    }

    /// Stores what is left and returns the reference to all of it.
    mutating func finish() async throws(SnapshotFailure) -> ContentReference {
        while consumed < pending.count { try await cut() }
        // Names of lower levels go up until one node is left.
        var level = 0
        while level < levels.count - 1 {
            if !levels[level].isEmpty { try await raise(level) }
            level += 1
        }
        let top = levels.count - 1
        return ContentReference(bytes: bytes, level: UInt8(top), chunks: levels[top])
    }

    private mutating func cut() async throws(SnapshotFailure) {
        let chunker = press.chunker
        let length = pending.withUnsafeBytes {
            chunker.firstLength(of: UnsafeRawBufferPointer(rebasing: $0[consumed...]))
        }
        let id = try await press.put(Array(pending[consumed..<consumed + length]))
        consumed += length
        try await add(id, at: 0)
    }

    private mutating func drop() {
        pending.removeFirst(consumed)
        consumed = 0
    }

    private mutating func add(_ id: ChunkID, at level: Int) async throws(SnapshotFailure) {
        if levels.count == level {
            guard level <= Int(SnapshotLimits.levelsMax) else {
                throw .tooLarge("content", limit: UInt64(SnapshotLimits.levelsMax))
            }
            levels.append([])
        }
        // A full level goes up only when one more comes, so no level ever holds a single name.
        if levels[level].count == SnapshotLimits.referencesMax { try await raise(level) }
        levels[level].append(id)
    }

    private mutating func raise(_ level: Int) async throws(SnapshotFailure) {
        let id = try await press.put(ChunkNames(levels[level]).canonicalBytes)
        levels[level] = []
        try await add(id, at: level + 1)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Reads chunks and opens them: nothing leaves it that is not what its name says.
struct ChunkReader: Sendable {
    private let key: SnapshotKey
    private let source: any ChunkSource

    init(_ key: SnapshotKey, _ source: any ChunkSource) {
        self.key = key
        self.source = source
    }

    /// The content of a chunk.
    func content(_ id: ChunkID) async throws(SnapshotFailure) -> [UInt8] {
        try key.open(try await source.read(id), as: id)
    }

    /// The names that a chunk of a content's tree holds.
    func names(_ id: ChunkID) async throws(SnapshotFailure) -> [ChunkID] {
        do {
            return try ChunkNames(canonicalBytes: try await content(id)).names
        } catch let failure as SnapshotFailure {
            throw failure
        } catch {
            throw .malformed("a chunk of names holds none")
        }
    }
}

/// The pieces of some content in their order. Memory: one chunk and 1,024 names a level.
struct ContentPieces {
    private let reader: ChunkReader
    private let bytes: UInt64
    private var given: UInt64 = 0
    // Names that are still to be read, the next one last; the level of each.
    private var waiting: [(id: ChunkID, level: UInt8)]

    init(_ reference: ContentReference, _ reader: ChunkReader) {
        self.reader = reader
        bytes = reference.bytes
        waiting = reference.chunks.reversed().map { ($0, reference.level) }
    }

    /// The next piece, or nothing at the end.
    ///
    /// - Throws: ``SnapshotFailure/malformed(_:)`` when there are more or fewer bytes than the
    ///   reference says.
    mutating func next() async throws(SnapshotFailure) -> [UInt8]? {
        while let (id, level) = waiting.popLast() {
            guard level > 0 else {
                let piece = try await reader.content(id)
                given += UInt64(piece.count)
                guard given <= bytes, !piece.isEmpty else {
                    throw .malformed("content is not as long as it says")
                }
                return piece
            }
            let names = try await reader.names(id)
            waiting += names.reversed().map { ($0, level - 1) }
        }
        guard given == bytes else { throw .malformed("content is not as long as it says") }
        return nil
    }
}

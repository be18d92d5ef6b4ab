// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Content of any length by the names of its chunks: a Merkle tree, so that a reference stays small
/// (SNAPSHOT-4).
public struct ContentReference: Hashable, Sendable {
    /// How many bytes the content has.
    public let bytes: UInt64
    /// How many levels of chunks that hold names lie above those that hold content.
    public let level: UInt8
    /// The chunks of the highest level.
    public let chunks: [ChunkID]

    /// Nothing at all.
    public static let empty = ContentReference(bytes: 0, level: 0, chunks: [])

    init(bytes: UInt64, level: UInt8, chunks: [ChunkID]) {
        self.bytes = bytes
        self.level = level
        self.chunks = chunks
    }
}

extension ContentReference: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(bytes)
        encoder.write(level)
        encoder.writeList(chunks)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        bytes = try decoder.read()
        level = try decoder.read()
        chunks = try decoder.readList(limit: SnapshotLimits.referencesMax)
        guard level <= SnapshotLimits.levelsMax, chunks.isEmpty == (bytes == 0),
            level == 0 || chunks.count > 1
        else { throw .outOfRange("ContentReference") }
    }
}

/// The names that one chunk of a content's tree holds.
struct ChunkNames: CanonicalCodable {
    let names: [ChunkID]

    init(_ names: [ChunkID]) { self.names = names }

    func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(names) }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        names = try decoder.readList(limit: SnapshotLimits.referencesMax)
        guard !names.isEmpty else { throw .outOfRange("ChunkNames") }
    }
}

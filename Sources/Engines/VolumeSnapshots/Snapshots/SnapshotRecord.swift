// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A snapshot: the root of a Merkle tree of files, and when it was made (SNAPSHOT-5).
public struct SnapshotRecord: Hashable, Sendable, CanonicalCodable {
    /// What follows; a reader refuses what it does not know.
    static let version: UInt8 = 1

    /// When it was begun.
    public let begun: Timestamp
    /// The folder itself, under the name `.`.
    public let root: SnapshotEntry
    /// How many entries it has below its root.
    public let entries: UInt64
    /// How many bytes its files' data have.
    public let bytes: UInt64

    init(begun: Timestamp, root: SnapshotEntry, entries: UInt64, bytes: UInt64) {
        self.begun = begun
        self.root = root
        self.entries = entries
        self.bytes = bytes
    }

    /// The listing of the root.
    var listing: ContentReference? {
        guard case .folder(let listing) = root.kind else { return nil }
        return listing
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(Self.version)
        encoder.write(begun)
        encoder.write(root)
        encoder.write(entries)
        encoder.write(bytes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let version = try decoder.read(UInt8.self)
        guard version == Self.version else { throw .unknownTag(UInt32(version)) }
        begun = try decoder.read()
        root = try decoder.read()
        entries = try decoder.read()
        bytes = try decoder.read()
        guard case .folder = root.kind else { throw .outOfRange("SnapshotRecord") }
    }

    /// Reads a snapshot's record from a store.
    ///
    /// - Throws: ``SnapshotFailure/missing(_:)``, ``SnapshotFailure/damaged(_:)`` also when the key
    ///   is another tenant's, ``SnapshotFailure/malformed(_:)``.
    public init(
        _ id: ChunkID, from source: any ChunkSource, key: SnapshotKey
    ) async throws(SnapshotFailure) {
        let bytes = try await ChunkReader(key, source).content(id)
        guard let record = try? SnapshotRecord(canonicalBytes: bytes) else {
            throw .malformed("this chunk is no snapshot's record")
        }
        self = record
    }
}

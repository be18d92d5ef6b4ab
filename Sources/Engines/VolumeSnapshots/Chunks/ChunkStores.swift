// SPDX-License-Identifier: Apache-2.0

/// Where chunks come from: a folder, a provider, a vault. It need not be trusted: every chunk is
/// checked when it is opened.
public protocol ChunkSource: Sendable {
    /// A chunk as it was stored.
    ///
    /// - Throws: ``SnapshotFailure/missing(_:)``, or whatever stands in the way.
    func read(_ id: ChunkID) async throws(SnapshotFailure) -> [UInt8]
}

/// Where chunks go.
public protocol ChunkSink: Sendable {
    /// Whether a chunk is there already, so that it need not be written.
    func holds(_ id: ChunkID) async throws(SnapshotFailure) -> Bool
    /// Stores a chunk; storing it again is fine.
    func write(_ id: ChunkID, _ chunk: [UInt8]) async throws(SnapshotFailure)
    /// Returns when all that was written is durable.
    func flush() async throws(SnapshotFailure)
}

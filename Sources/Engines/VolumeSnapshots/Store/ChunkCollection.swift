// SPDX-License-Identifier: Apache-2.0

/// What a collection did.
public struct CollectionReport: Hashable, Sendable {
    /// Chunks that snapshots need.
    public var kept = 0
    /// Chunks that none needs and that are gone.
    public var removed = 0
    /// Their bytes.
    public var bytesFreed: UInt64 = 0
}

extension FolderChunkStore {
    /// Removes every chunk that no kept snapshot needs (SNAPSHOT-10). Memory: the names of all
    /// chunks, about 64 bytes each.
    ///
    /// - Throws: Before anything is removed, when a kept snapshot cannot be read: what it needs is
    ///   then not known.
    public func collect(
        key: SnapshotKey, limits: SnapshotLimits = SnapshotLimits()
    ) async throws(SnapshotFailure) -> CollectionReport {
        try await flush()
        var needed: Set<ChunkID> = []
        var walk = SnapshotWalk(ChunkReader(key, self), limits: limits)
        for id in try snapshots() {
            try await walk.run(id) { (id, _) async throws(SnapshotFailure) in
                needed.insert(id)
            }
        }
        var report = CollectionReport()
        for id in try chunkNames() {
            if needed.contains(id) {
                report.kept += 1
            } else {
                report.bytesFreed += try remove(id)
                report.removed += 1
            }
        }
        return report
    }
}

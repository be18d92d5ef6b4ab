// SPDX-License-Identifier: Apache-2.0

/// Whether a snapshot can be put back, by reading all of it.
public enum SnapshotCheck {
    /// Opens every chunk of a snapshot.
    ///
    /// - Returns: How many chunks it has.
    /// - Throws: The first thing that stands in the way.
    public static func run(
        _ id: ChunkID, in source: any ChunkSource, key: SnapshotKey,
        limits: SnapshotLimits = SnapshotLimits()
    ) async throws(SnapshotFailure) -> Int {
        let reader = ChunkReader(key, source)
        var walk = SnapshotWalk(reader, limits: limits)
        var checked: Set<ChunkID> = []
        try await walk.run(id) { (id, role) async throws(SnapshotFailure) in
            guard checked.insert(id).inserted else { return }
            // Structure was opened to get here.
            if role == .data { _ = try await reader.content(id) }
        }
        return checked.count
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a transfer did.
public struct TransferReport: Hashable, Sendable {
    /// Chunks that were copied.
    public var copied = 0
    /// Their bytes.
    public var bytes: UInt64 = 0
    /// Chunks that were there already.
    public var known = 0
}

/// Copies snapshots between stores, several chunks at a time (SNAPSHOT-9).
public struct SnapshotTransfer: Sendable {
    /// The most chunks under way at once: 64, at most 64 MiB.
    public static let widthMax = 64
    /// How many names are gathered before they are copied: 256, so that few chunks wait for the
    /// slowest.
    private static let batchMax = 256

    private let source: any ChunkSource
    private let sink: any ChunkSink
    private let key: SnapshotKey
    private let width: Int

    /// - Parameter width: How many chunks are under way at once: 1 to ``widthMax``.
    public init(
        from source: any ChunkSource, to sink: any ChunkSink, key: SnapshotKey, width: Int = 8
    ) {
        self.source = source
        self.sink = sink
        self.key = key
        self.width = min(max(1, width), Self.widthMax)
    }

    /// Copies what a snapshot needs and the sink lacks; every chunk is checked before it is
    /// written. The record comes last, so a sink that holds it holds all. What was copied before a
    /// failure stays, and is not copied again.
    public func copy(
        _ id: ChunkID, limits: SnapshotLimits = SnapshotLimits()
    ) async throws(SnapshotFailure) -> TransferReport {
        var report = TransferReport()
        var batch: [ChunkID] = []
        var walk = SnapshotWalk(ChunkReader(key, source), limits: limits)
        try await walk.run(id) { (id, _) async throws(SnapshotFailure) in
            batch.append(id)
            guard batch.count == Self.batchMax else { return }
            try await send(batch, &report)
            batch = []
        }
        let record = batch.popLast()
        try await send(batch, &report)
        try await sink.flush()
        if let record { try await send([record], &report) }
        try await sink.flush()
        return report
    }

    private func send(
        _ ids: [ChunkID], _ report: inout TransferReport
    ) async throws(SnapshotFailure) {
        let lanes = (0..<min(width, ids.count)).map { lane in
            stride(from: lane, to: ids.count, by: width).map { ids[$0] }
        }
        let outcomes = await withTaskGroup { group in
            for lane in lanes { group.addTask { await copied(lane) } }
            var outcomes: [Result<TransferReport, SnapshotFailure>] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        for outcome in outcomes {
            let part = try outcome.get()
            report.copied += part.copied
            report.bytes += part.bytes
            report.known += part.known
        }
    }

    private func copied(_ ids: [ChunkID]) async -> Result<TransferReport, SnapshotFailure> {
        var report = TransferReport()
        do throws(SnapshotFailure) {
            for id in ids {
                guard try await !sink.holds(id) else {
                    report.known += 1
                    continue
                }
                let chunk = try await source.read(id)
                _ = try key.open(chunk, as: id)
                try await sink.write(id, chunk)
                report.copied += 1
                report.bytes += UInt64(chunk.count)
            }
        } catch {
            return .failure(error)
        }
        return .success(report)
    }
}

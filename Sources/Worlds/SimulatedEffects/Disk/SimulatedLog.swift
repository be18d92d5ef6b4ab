// SPDX-License-Identifier: Apache-2.0
import Effects

/// A log in memory.
final class SimulatedLog: RecordLog, @unchecked Sendable {
    // Touched only by the thread that drives the world (see Clockwork).
    private let disk: DiskLife
    private let path: String
    private var isClosed = false

    /// Pruning forgets whole segments of so many records.
    private static let segmentRecords: UInt64 = 16

    init(_ disk: DiskLife, _ path: String) {
        self.disk = disk
        self.path = path
    }

    deinit { if !isClosed { disk.release(path) } }

    private var image: LogImage { disk.node.disk.logs[path]?.current ?? LogImage() }

    var first: UInt64 { get async { image.first } }
    var end: UInt64 { get async { image.end } }

    func append(_ records: [[UInt8]]) async throws(DiskFailure) {
        try check()
        guard !records.isEmpty else { return }
        let messageTooLong: Int32 = 90
        guard records.allSatisfy({ $0.count <= StorageLimit.recordBytesMax }) else {
            throw .system(
                path: path, errno: messageTooLong,
                message: "a record has more than \(StorageLimit.recordBytesMax) bytes")
        }
        try await disk.write(path, parts: records.count) { [disk, path] kept throws(DiskFailure) in
            let records = kept.map { Array(records.prefix($0)) } ?? records
            try disk.account(adding: DiskImage.cost(records), removing: 0, path)
            for record in records {
                disk.core.note(
                    .logAppended, UInt64(disk.life.node), Trace.hash(path), Trace.hash(record))
            }
            let isLost = disk.isSyncLost()
            disk.node.disk.logs[path]?.write(isLost: isLost) { $0.records += records }
        }
    }

    func read(
        from index: UInt64, count: Int, bytesMax: Int
    ) async throws(DiskFailure) -> [[UInt8]] {
        try check()
        try await disk.check(path)
        let image = image
        guard count > 0, index < image.end else { return [] }
        guard index >= image.first else { throw .notFound(path: "\(path)/\(index)") }
        var records: [[UInt8]] = []
        var bytes = 0
        for place in Int(index - image.first)..<image.records.count {
            let record = image.records[place]
            guard records.count < count else { break }
            guard records.isEmpty || bytes + record.count <= bytesMax else { break }
            guard !image.damaged.contains(image.first + UInt64(place)) else {
                throw .damaged(path: path, reason: "record \(image.first + UInt64(place))")
            }
            bytes += record.count
            records.append(record)
        }
        return records
    }

    func prune(before index: UInt64) async throws(DiskFailure) {
        try check()
        try await disk.write(path) { [disk, path] _ throws(DiskFailure) in
            guard let image = disk.node.disk.logs[path]?.current else { return }
            let wanted = min(index, image.end) / Self.segmentRecords * Self.segmentRecords
            guard wanted > image.first else { return }
            let dropped = Array(image.records.prefix(Int(wanted - image.first)))
            try disk.account(adding: 0, removing: DiskImage.cost(dropped), path)
            disk.core.note(.logPruned, UInt64(disk.life.node), Trace.hash(path), wanted)
            disk.node.disk.logs[path]?.write(isLost: false) { image in
                image.records.removeFirst(dropped.count)
                image.first = wanted
            }
        }
    }

    func close() async {
        guard !isClosed else { return }
        isClosed = true
        disk.release(path)
    }

    private func check() throws(DiskFailure) {
        let badDescriptor: Int32 = 9
        guard !isClosed else {
            throw .system(path: path, errno: badDescriptor, message: "this log has been closed")
        }
    }
}

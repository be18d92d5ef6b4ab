// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Vocabulary

/// The batches that a validator holds and that are not archived yet (specs/lanes.md LANES-4).
actor LaneStorage {
    private let log: any RecordLog
    /// The batches of the log's records, in log order; those that are done with are nil.
    private var kept: [Digest?] = []
    private var places: [Digest: UInt64] = [:]
    private var firstIndex: UInt64 = 0

    /// After how many leading records that are done with the log is told to forget them.
    private static let forgetStep = 256

    private let path: String

    /// Takes an opened log.
    init(_ log: any RecordLog, path: String) {
        self.log = log
        self.path = path
    }

    /// Whether the log has ever held a record.
    var hasRecords: Bool { get async { await log.end > 0 } }

    /// The records of an epoch, in the order in which they were written.
    ///
    /// - Throws: ``DiskFailure/damaged(path:reason:)`` when one does not read.
    func recover(epoch: Epoch) async throws(DiskFailure) -> [LaneRecord] {
        var records: [LaneRecord] = []
        firstIndex = await log.first
        kept = []
        places = [:]
        let end = await log.end
        while firstIndex + UInt64(kept.count) < end {
            let page = try await log.read(
                from: firstIndex + UInt64(kept.count), count: 64, bytesMax: 8 << 20)
            guard !page.isEmpty else { break }
            for bytes in page {
                let record = try decode(bytes)
                note(record)
                if case .batch(let batch) = record, batch.header.epoch == epoch {
                    records.append(record)
                }
            }
        }
        return records
    }

    private func decode(_ bytes: [UInt8]) throws(DiskFailure) -> LaneRecord {
        do {
            return try LaneRecord(canonicalBytes: bytes)
        } catch {
            let index = firstIndex + UInt64(kept.count)
            throw .damaged(path: path, reason: "record \(index) does not read: \(error)")
        }
    }

    private func note(_ record: LaneRecord) {
        guard case .batch(let batch) = record else { return }
        places[batch.hash] = firstIndex + UInt64(kept.count)
        kept.append(batch.hash)
    }

    /// Makes records durable.
    func append(_ records: [LaneRecord]) async throws(DiskFailure) {
        try await log.append(records.map(\.canonicalBytes))
        for record in records { note(record) }
    }

    /// Forgets batches that are executed and archived.
    func forget(_ hashes: [Digest]) async throws(DiskFailure) {
        for hash in hashes {
            guard let place = places.removeValue(forKey: hash), place >= firstIndex else {
                continue
            }
            kept[Int(place - firstIndex)] = nil
        }
        let done = kept.prefix { $0 == nil }.count
        guard done >= Self.forgetStep else { return }
        try await drop(done)
    }

    /// Forgets everything: the epoch is over.
    func forgetAll() async throws(DiskFailure) {
        places = [:]
        try await drop(kept.count)
    }

    private func drop(_ count: Int) async throws(DiskFailure) {
        kept.removeFirst(count)
        firstIndex += UInt64(count)
        try await log.prune(before: firstIndex)
    }

    /// Closes the file.
    func close() async { await log.close() }
}

// SPDX-License-Identifier: Apache-2.0
import Effects
import Market
import Vocabulary

/// What a provider must not forget between committing to a result and showing it.
struct NotedResult: CanonicalCodable {
    let result: JobResult
    let salt: Bytes32

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(result)
        encoder.write(salt)
    }

    init(result: JobResult, salt: Bytes32) {
        self.result = result
        self.salt = salt
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        result = try decoder.read()
        salt = try decoder.read()
    }
}

/// Results on disk, written before the commitment is sent: a provider that is killed in between can
/// still show what it is bound to.
///
/// They stand in a log, where many that come together cost one sync; what all jobs have left is
/// pruned by whole segments.
actor Notebook {
    /// A note in the log.
    private struct Entry: CanonicalCodable {
        let job: JobID
        let note: NotedResult

        func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(job)
            encoder.write(note)
        }

        init(job: JobID, note: NotedResult) {
            self.job = job
            self.note = note
        }

        init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            job = try decoder.read()
            note = try decoder.read()
        }
    }

    /// Notes removed between two looks at what can be pruned.
    private static let removalsPerPrune = 1_024
    /// Notes read at a time when the log is opened: 4,096 of about 200 bytes are 1 MiB.
    private static let pageMax = 4_096

    private let log: any RecordLog
    /// Each note with an index in the log at or before its own.
    private var held: [JobID: (floor: UInt64, note: NotedResult)] = [:]
    /// The same for notes that are not durable yet.
    private var underWay: [JobID: UInt64] = [:]
    private var removals = 0

    init(disk: any Disk, folder: String) async throws(DiskFailure) {
        log = try await disk.openLog(folder)
        var index = await log.first
        while true {
            let page = try await log.read(from: index, count: Self.pageMax, bytesMax: 1 << 20)
            guard !page.isEmpty else { break }
            for record in page {
                guard let entry = try? Entry(canonicalBytes: record) else { continue }
                held[entry.job] = (index, entry.note)
            }
            index += UInt64(page.count)
        }
    }

    /// Makes a result durable.
    func write(_ note: NotedResult, of job: JobID) async throws(DiskFailure) {
        let floor = await log.end
        underWay[job] = floor
        defer { underWay[job] = nil }
        try await log.append([Entry(job: job, note: note).canonicalBytes])
        held[job] = (floor, note)
    }

    /// The result noted for a job.
    func read(_ job: JobID) -> NotedResult? { held[job]?.note }

    /// Forgets a job that ended.
    func remove(_ job: JobID) async {
        guard held.removeValue(forKey: job) != nil else { return }
        removals += 1
        guard removals >= Self.removalsPerPrune else { return }
        removals = 0
        let end = await log.end
        let floors = held.values.map(\.floor) + underWay.values
        try? await log.prune(before: floors.reduce(end, min))
    }

    /// The jobs with a note.
    func jobs() -> [JobID] { held.keys.sorted() }
}

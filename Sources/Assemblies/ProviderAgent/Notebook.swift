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

/// Results on disk, one small file a job, written before the commitment is sent: a provider that is
/// killed in between can still show what it is bound to.
struct Notebook: Sendable {
    private let disk: any Disk
    private let folder: String
    private static let noteBytesMax = 1_024

    init(disk: any Disk, folder: String) async throws(DiskFailure) {
        self.disk = disk
        self.folder = folder
        try await disk.createFolder(folder)
    }

    /// Makes a result durable.
    func write(_ note: NotedResult, of job: JobID) async throws(DiskFailure) {
        try await disk.replace("\(folder)/\(job)", with: note.canonicalBytes)
    }

    /// The result noted for a job.
    func read(_ job: JobID) async -> NotedResult? {
        guard let bytes = try? await disk.read("\(folder)/\(job)", limit: Self.noteBytesMax) else {
            return nil
        }
        return try? NotedResult(canonicalBytes: bytes)
    }

    /// Forgets a job that ended.
    func remove(_ job: JobID) async { try? await disk.remove("\(folder)/\(job)") }

    /// The jobs with a note.
    func jobs() async -> [JobID] {
        ((try? await disk.list(folder)) ?? []).compactMap { JobID(hexadecimal: $0) }
    }
}

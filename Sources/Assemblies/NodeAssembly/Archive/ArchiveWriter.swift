// SPDX-License-Identifier: Apache-2.0
import Effects

/// Writes the pieces of an archive; the file appears when the last one is written.
struct ArchiveWriter {
    /// How many bytes are gathered for one write: 1 MiB.
    private static let chunkBytes = 1 << 20

    private let file: any FileWriter
    private var seal = ArchiveFrame.Seal()
    private var waiting = ArchiveFrame.mark
    /// Bytes of all pieces so far.
    private(set) var bytes = UInt64(ArchiveFrame.mark.count)

    init(_ file: any FileWriter) { self.file = file }

    mutating func write(_ kind: ArchiveFrame.Kind, _ body: [UInt8]) async throws(DiskFailure) {
        let header = ArchiveFrame.header(kind, bodyBytes: body.count)
        waiting += header
        waiting += body
        waiting += seal.advance(header: header, body: body)
        bytes += UInt64(header.count + body.count + ArchiveFrame.sealBytes)
        guard waiting.count >= Self.chunkBytes else { return }
        try await flush()
    }

    private mutating func flush() async throws(DiskFailure) {
        let bytes = waiting
        waiting = []
        try await file.append(bytes)
    }

    mutating func finish(_ end: ArchiveFrame.End) async throws(DiskFailure) {
        try await write(.end, end.canonicalBytes)
        try await flush()
        try await file.finish()
    }
}

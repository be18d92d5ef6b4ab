// SPDX-License-Identifier: Apache-2.0
import Effects

/// Reads the pieces of an archive, each checked against its seal before it is given.
struct ArchiveReader {
    /// How many bytes are read at once: 1 MiB.
    private static let chunkBytes = 1 << 20

    private let file: any FileReader
    let bytesTotal: UInt64
    private var seal = ArchiveFrame.Seal()
    /// Where the next piece begins.
    private(set) var offset: UInt64
    private var chunk: [UInt8] = []
    private var chunkStart: UInt64 = 0

    /// Begins behind the mark.
    ///
    /// - Throws: ``ArchiveFailure/notAnArchive``.
    init(_ file: any FileReader) async throws(ArchiveFailure) {
        self.file = file
        bytesTotal = await file.count
        offset = 0
        let mark = try await take(ArchiveFrame.mark.count)
        guard mark == ArchiveFrame.mark else { throw .notAnArchive }
    }

    /// The next piece.
    ///
    /// - Throws: ``ArchiveFailure/damaged(offset:reason:)`` for one that is cut off or changed.
    mutating func next() async throws(ArchiveFailure) -> (kind: ArchiveFrame.Kind, body: [UInt8]) {
        let start = offset
        let header = try await take(ArchiveFrame.headerBytes)
        guard header.count == ArchiveFrame.headerBytes else {
            throw .damaged(offset: start, reason: "the archive is cut off")
        }
        let length = header.dropFirst().reversed().reduce(0) { $0 << 8 | Int($1) }
        guard let kind = ArchiveFrame.Kind(rawValue: header[0]),
            length <= ArchiveFrame.bodyBytesMax
        else { throw .damaged(offset: start, reason: "no piece of an archive begins here") }
        let body = try await take(length)
        let stated = try await take(ArchiveFrame.sealBytes)
        guard stated.count == ArchiveFrame.sealBytes else {
            throw .damaged(offset: start, reason: "the archive is cut off")
        }
        guard stated == seal.advance(header: header, body: body) else {
            throw .damaged(offset: start, reason: "the piece does not match its seal")
        }
        return (kind, body)
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { offset == bytesTotal }

    /// So many bytes, or fewer at the end of the file.
    private mutating func take(_ count: Int) async throws(ArchiveFailure) -> [UInt8] {
        let inChunk = offset - chunkStart
        if inChunk + UInt64(count) > UInt64(chunk.count) {
            do throws(DiskFailure) {
                chunk = try await file.read(at: offset, count: max(count, Self.chunkBytes))
            } catch {
                throw .disk(error)
            }
            chunkStart = offset
        }
        let from = Int(offset - chunkStart)
        let bytes = Array(chunk[from..<min(from + count, chunk.count)])
        offset += UInt64(bytes.count)
        return bytes
    }
}

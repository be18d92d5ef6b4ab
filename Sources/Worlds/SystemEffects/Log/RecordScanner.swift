// SPDX-License-Identifier: Apache-2.0
import Effects

/// Reads the records of a segment in order, checking each.
struct RecordScanner {
    /// What stands at the present offset.
    enum Step {
        case record(bytes: [UInt8], place: UInt32)
        /// The limit has been reached exactly after a record.
        case end
        /// No whole record stands here.
        case broken(reason: String)
    }

    private let file: OpenFile
    /// No byte at or after this offset is read.
    private let limit: UInt64
    /// Where the next record begins.
    private(set) var offset: UInt64
    /// Which record is next.
    private(set) var index: UInt64
    private var buffer: [UInt8] = []
    private var bufferStart: UInt64 = 0

    /// The least that is read at once: few calls for small records, little waste for one.
    private static let chunkBytes = 65_536

    /// Starts at a known record.
    init(_ file: OpenFile, from offset: UInt64, index: UInt64, limit: UInt64) {
        self.file = file
        self.offset = offset
        self.index = index
        self.limit = limit
    }

    /// The record at the present offset; moves past it when it is whole.
    mutating func next() throws(DiskFailure) -> Step {
        guard offset < limit else { return .end }
        let headerBytes = try bytes(at: offset, count: RecordFormat.recordHeaderBytes)
        guard headerBytes.count == RecordFormat.recordHeaderBytes else {
            return .broken(reason: "the header of record \(index) is cut off")
        }
        let header = RecordFormat.Header(headerBytes)
        guard header.length <= StorageLimit.recordBytesMax else {
            return .broken(reason: "the length of record \(index) is impossible")
        }
        let start = offset + UInt64(RecordFormat.recordHeaderBytes)
        let record = try bytes(at: start, count: header.length)
        guard record.count == header.length else {
            return .broken(reason: "record \(index) is cut off")
        }
        let checksum = RecordFormat.checksum(header: headerBytes, record: record)
        guard checksum == header.checksum, header.index == index else {
            return .broken(reason: "record \(index) does not match its checksum")
        }
        offset = start + UInt64(header.length)
        index += 1
        return .record(bytes: Array(record), place: header.place)
    }

    /// Whether a whole record of an append that began after record `index` stands anywhere behind
    /// the present offset: then what stands here had been durable once (EFFECTS-14).
    func hasLaterAppend() throws(DiskFailure) -> Bool {
        let rest = try file.read(at: offset, count: Int(limit - offset))
        let headerBytes = RecordFormat.recordHeaderBytes
        guard rest.count > headerBytes else { return false }
        for start in 1..<max(2, rest.count - headerBytes + 1) {
            guard start + headerBytes <= rest.count else { break }
            let slice = rest[start..<start + headerBytes]
            let header = RecordFormat.Header(slice)
            // Each record takes more than one byte, which bounds the index of a later one.
            guard header.index > index, header.index - index < UInt64(rest.count),
                header.length <= rest.count - start - headerBytes,
                header.index - index > UInt64(header.place)
            else { continue }
            let record = rest[start + headerBytes..<start + headerBytes + header.length]
            if RecordFormat.checksum(header: slice, record: record) == header.checksum {
                return true
            }
        }
        return false
    }

    /// Bytes from the buffer, which is filled as needed; fewer only at the limit.
    private mutating func bytes(
        at start: UInt64, count: Int
    ) throws(DiskFailure) -> ArraySlice<UInt8> {
        let count = Int(min(UInt64(count), limit - start))
        if start < bufferStart || start + UInt64(count) > bufferStart + UInt64(buffer.count) {
            let wanted = min(UInt64(max(count, Self.chunkBytes)), limit - start)
            buffer = try file.read(at: start, count: Int(wanted))
            bufferStart = start
        }
        let from = Int(start - bufferStart)
        return buffer[from..<min(from + count, buffer.count)]
    }
}

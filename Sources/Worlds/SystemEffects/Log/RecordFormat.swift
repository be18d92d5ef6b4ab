// SPDX-License-Identifier: Apache-2.0

/// How records stand in a segment file (EFFECTS-13). All numbers are little-endian.
///
/// A segment begins with 24 bytes: `ATOLLLOG`, version (4), index of its first record (8), CRC-32C
/// of the 20 bytes before (4). Each record follows the one before it at once: length (4), CRC-32C
/// of everything after it and of the length (4), index (8), place in its append (4), bytes.
///
/// The place tells which records were made durable together: once a record of a later append
/// exists, every record before that append had been acknowledged, so a broken one is damage and
/// not a torn tail.
enum RecordFormat {
    static let segmentHeaderBytes = 24
    static let recordHeaderBytes = 20
    private static let magic = Array("ATOLLLOG".utf8)
    private static let version: UInt32 = 1

    /// The header of a record.
    struct Header {
        let length: Int
        let checksum: UInt32
        let index: UInt64
        let place: UInt32

        /// Reads twenty bytes.
        init(_ bytes: ArraySlice<UInt8>) {
            let start = bytes.startIndex
            length = Int(RecordFormat.number(bytes[start..<start + 4]))
            checksum = UInt32(RecordFormat.number(bytes[start + 4..<start + 8]))
            index = RecordFormat.number(bytes[start + 8..<start + 16])
            place = UInt32(RecordFormat.number(bytes[start + 16..<start + 20]))
        }
    }

    /// The first bytes of a segment.
    static func segmentHeader(first: UInt64) -> [UInt8] {
        var bytes = magic
        append(UInt64(version), 4, to: &bytes)
        append(first, 8, to: &bytes)
        var checksum = CRC32C()
        checksum.add(bytes)
        append(UInt64(checksum.value), 4, to: &bytes)
        return bytes
    }

    /// Appends a record to a buffer.
    static func append(_ record: [UInt8], index: UInt64, place: UInt32, to bytes: inout [UInt8]) {
        let start = bytes.count
        append(UInt64(record.count), 4, to: &bytes)
        append(0, 4, to: &bytes)
        append(index, 8, to: &bytes)
        append(UInt64(place), 4, to: &bytes)
        let sum = checksum(header: bytes[start...], record: record[...])
        for shift in 0..<4 {
            bytes[start + 4 + shift] = UInt8(truncatingIfNeeded: sum >> (8 * shift))
        }
        bytes.append(contentsOf: record)
    }

    /// The checksum a record must carry.
    static func checksum(header: ArraySlice<UInt8>, record: ArraySlice<UInt8>) -> UInt32 {
        var checksum = CRC32C()
        checksum.add(header.prefix(4))
        checksum.add(header.dropFirst(8).prefix(recordHeaderBytes - 8))
        checksum.add(record)
        return checksum.value
    }

    private static func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

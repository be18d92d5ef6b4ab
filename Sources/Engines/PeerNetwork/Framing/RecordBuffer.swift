// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// Cuts a byte stream into sealed records: two bytes of length, big-endian, then the record.
///
/// Source: specs/transport.md TRANSPORT-7.
struct RecordBuffer: Sendable {
    /// The length's own length in bytes.
    static let lengthBytes = 2
    /// The shortest record: a tag over one chunk without content.
    static let recordBytesMin = NoiseCipher.tagBytes + ChunkHeader.byteCount

    private var bytes: [UInt8] = []
    private var position = 0

    /// Adds what was read.
    mutating func append(_ more: [UInt8]) {
        if position > 0 {
            bytes.removeFirst(position)
            position = 0
        }
        bytes += more
    }

    /// The next whole record, or nothing until more is read.
    ///
    /// - Throws: ``DisconnectReason/malformedRecord`` when the length is too short for a record.
    mutating func next() throws(DisconnectReason) -> [UInt8]? {
        guard bytes.count - position >= Self.lengthBytes else { return nil }
        let count = Int(bytes[position]) << 8 | Int(bytes[position + 1])
        guard count >= Self.recordBytesMin else { throw .malformedRecord }
        let start = position + Self.lengthBytes
        guard bytes.count - start >= count else { return nil }
        position = start + count
        return Array(bytes[start..<position])
    }
}

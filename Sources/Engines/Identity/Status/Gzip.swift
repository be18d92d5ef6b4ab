// SPDX-License-Identifier: Apache-2.0

/// One member of the gzip format (RFC 1952).
enum Gzip {
    private static let headerBytes = 10
    private static let trailerBytes = 8

    /// The member of these bytes, without a name or a time.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        return header + Deflate.compress(bytes) + littleEndian(checksum(bytes))
            + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// The bytes of a text of exactly one member.
    static func decompress(
        _ input: [UInt8], outputMax: Int
    ) throws(CompressionFailure) -> [UInt8] {
        let start = try headerEnd(of: input)
        var reader = Inflate(input, from: start, outputMax: outputMax)
        try reader.run()
        guard input.count - reader.position >= trailerBytes else { throw .truncated }
        guard input.count - reader.position == trailerBytes else { throw .malformed }
        let trailer = Array(input[reader.position...])
        let output = reader.output
        guard trailer[..<4].elementsEqual(littleEndian(checksum(output))),
            trailer[4...].elementsEqual(littleEndian(UInt32(truncatingIfNeeded: output.count)))
        else { throw .wrongChecksum }
        return output
    }

    /// Where the compressed bytes begin, behind whatever the header holds (§2.3).
    private static func headerEnd(of input: [UInt8]) throws(CompressionFailure) -> Int {
        guard input.count >= headerBytes else { throw .truncated }
        guard input[0] == 0x1F, input[1] == 0x8B, input[2] == 8, input[3] & 0xE0 == 0 else {
            throw .malformed
        }
        let flags = input[3]
        var position = headerBytes
        if flags & 4 != 0 {
            guard position + 2 <= input.count else { throw .truncated }
            position += 2 + Int(input[position]) + Int(input[position + 1]) << 8
        }
        // A name and a comment, each ended by a zero.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard position <= input.count,
                let end = input[position...].firstIndex(of: 0)
            else { throw .truncated }
            position = end + 1
        }
        if flags & 2 != 0 { position += 2 }
        guard position <= input.count else { throw .truncated }
        return position
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// CRC-32 (§8).
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8
        }
        return ~value
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Unsigned integers of variable length: seven bits a byte, the lowest first.
///
/// Source: multiformats unsigned-varint; LIBP-1.
public enum Varint {
    /// The longest varint of the multiformats: 63 bits.
    public static let byteCountMax = 9
    /// The longest varint of a protobuf: 64 bits.
    static let protobufByteCountMax = 10

    /// Appends a number in as few bytes as it needs.
    public static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The bytes of a number.
    public static func encode(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    /// Takes a number from the front of `bytes`, in the only form it may have.
    ///
    /// - Throws: ``WireFailure/truncated``, ``WireFailure/malformed(_:)`` when it is longer than it
    ///   need be or than ``byteCountMax``.
    public static func take(_ bytes: inout ArraySlice<UInt8>) throws(WireFailure) -> UInt64 {
        let start = bytes.startIndex
        let value = try read(&bytes, byteCountMax: byteCountMax)
        let count = bytes.startIndex - start
        guard count == 1 || value >> (7 * UInt64(count - 1)) != 0 else {
            throw .malformed(.varint)
        }
        return value
    }

    /// Takes a protobuf's number, which may be longer than it need be.
    static func takeLoose(_ bytes: inout ArraySlice<UInt8>) throws(WireFailure) -> UInt64 {
        try read(&bytes, byteCountMax: protobufByteCountMax)
    }

    private static func read(
        _ bytes: inout ArraySlice<UInt8>, byteCountMax: Int
    ) throws(WireFailure) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var index = bytes.startIndex
        for _ in 0..<byteCountMax {
            guard index < bytes.endIndex else { throw .truncated }
            let byte = bytes[index]
            index += 1
            // The tenth byte has room for one bit only.
            guard shift < 63 || byte <= 1 else { throw .malformed(.varint) }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 {
                bytes = bytes[index...]
                return value
            }
            shift += 7
        }
        throw .malformed(.varint)
    }
}

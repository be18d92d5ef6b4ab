// SPDX-License-Identifier: Apache-2.0

/// Base32 in lower case without padding (RFC 4648 §6), the usual letters of a CID.
///
/// Source: LIBP-4.
public enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// The text of bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 + 4) / 5)
        var bits = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xfff
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[bits >> count & 31])
            }
        }
        if count > 0 { text.append(alphabet[bits << (5 - count) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text whose unused bits are zero.
    ///
    /// - Throws: ``WireFailure/malformed(_:)``.
    public static func decode(_ text: some StringProtocol) throws(WireFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits = 0
        var count = 0
        for letter in text.utf8 {
            guard let value = value(of: letter) else { throw .malformed(.base32) }
            bits = (bits << 5 | value) & 0xfff
            count += 5
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        guard count < 5, bits & (1 << count - 1) == 0 else { throw .malformed(.base32) }
        return bytes
    }

    private static func value(of letter: UInt8) -> Int? {
        switch letter {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(letter - UInt8(ascii: "a"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): Int(letter - UInt8(ascii: "2")) + 26
        default: nil
        }
    }
}

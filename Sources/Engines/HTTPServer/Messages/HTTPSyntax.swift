// SPDX-License-Identifier: Apache-2.0

/// The characters of HTTP (RFC 9110 section 5.6, RFC 3986 section 2).
enum HTTPSyntax {
    /// Whether a byte may stand in a token.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Whether a byte may stand in a field's value: visible, a space, a tab, or beyond ASCII.
    static func isValueByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7F : byte == 0x09
    }

    /// Whether a byte may stand in a `Host` field: a name, an address, or brackets and a port.
    static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"):
            true
        default: false
        }
    }

    /// Whether a text is a token of one character or more.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// Whether a text may be a field's value.
    static func isFieldValue(_ text: String) -> Bool { text.utf8.allSatisfy(isValueByte) }

    /// Whether two texts are the same but for ASCII case.
    static func equalNames(_ left: String, _ right: String) -> Bool {
        let left = left.utf8
        let right = right.utf8
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { lowered($0) == lowered($1) }
    }

    /// A byte in lower case.
    static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// A text without spaces and tabs at its ends.
    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// The value of a hexadecimal digit of either case.
    static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// A number of decimal digits alone, of at most 19 digits (all such fit 64 bits).
    static func decimal(_ text: String) -> UInt64? {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= 19,
            bytes.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 })
        else { return nil }
        return bytes.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
    }

    /// A text with its `%XX` made bytes; nothing when one is malformed or the result is not UTF-8.
    ///
    /// A decoded NUL is refused: no name of this house has one.
    static func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            var byte = source[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < source.count, let high = hexadecimalDigit(source[index]),
                    let low = hexadecimalDigit(source[index + 1]), high << 4 | low != 0
                else { return nil }
                byte = high << 4 | low
                index += 2
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                byte = 0x20
            }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

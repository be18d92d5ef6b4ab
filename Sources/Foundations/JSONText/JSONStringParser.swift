// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    /// A string (RFC 8259 section 7), from its opening to its closing quotation mark.
    mutating func string() throws(JSONFailure) -> String {
        position += 1
        let start = position
        skipPlain()
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        if bytes[position] == UInt8(ascii: "\"") {
            let slice = bytes[start..<position]
            position += 1
            guard let text = String(validating: slice, as: UTF8.self) else {
                throw failure(.badUTF8, at: start)
            }
            return text
        }
        return try escapedString(from: start)
    }

    /// Passes over bytes that stand for themselves.
    private mutating func skipPlain() {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
            position += 1
        }
    }

    /// The rest of a string that has an escape; `start` is its first byte.
    private mutating func escapedString(from start: Int) throws(JSONFailure) -> String {
        var run = start
        var content: [UInt8] = []
        while true {
            content.append(contentsOf: bytes[run..<position])
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            guard byte == UInt8(ascii: "\\") else { throw failure(.controlCharacter) }
            try escape(into: &content)
            run = position
            skipPlain()
        }
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else {
            throw failure(.badUTF8, at: start)
        }
        return text
    }

    /// One escape, with the backslash next.
    private mutating func escape(into content: inout [UInt8]) throws(JSONFailure) {
        guard position + 1 < bytes.count else { throw failure(.unexpectedEnd, at: bytes.count) }
        let letter = bytes[position + 1]
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): return try unicodeEscape(into: &content)
        default: throw failure(.badEscape)
        }
        position += 2
    }

    /// `\uXXXX`, or two of them that make a surrogate pair.
    private mutating func unicodeEscape(into content: inout [UInt8]) throws(JSONFailure) {
        let start = position
        let first = try unit()
        var value = UInt32(first)
        if first & 0xFC00 == 0xD800 {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw failure(.loneSurrogate, at: start) }
            let second = try unit()
            guard second & 0xFC00 == 0xDC00 else { throw failure(.loneSurrogate, at: start) }
            value = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure(.loneSurrogate, at: start) }
        content.append(contentsOf: Character(scalar).utf8)
    }

    /// The 16 bits of one `\uXXXX`.
    private mutating func unit() throws(JSONFailure) -> UInt16 {
        guard position + 6 <= bytes.count else { throw failure(.badEscape) }
        var value: UInt16 = 0
        for index in position + 2..<position + 6 {
            guard let digit = hexadecimalDigit(bytes[index]) else { throw failure(.badEscape) }
            value = value << 4 | digit
        }
        position += 6
        return value
    }
}

/// The value of a hexadecimal digit of either case.
private func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Gathers the field lines of a head or trailer, one at a time (RFC 9112 section 5).
struct FieldLines: Sendable {
    /// The fields so far, names in lower case.
    private(set) var fields = HTTPFields()
    private var count = 0

    /// Adds the field on a line.
    ///
    /// - Throws: ``HTTPRefusal`` for a folded line, white space round the name, a name that is not
    ///   a token, a control character or bytes that are not UTF-8 in the value, or one too many.
    mutating func add(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        let (name, value) = try Self.split(line)
        count += 1
        guard count <= HTTPLimits.fieldCountMax else { throw .headTooLarge }
        fields.add(name, value)
    }

    /// The lower-case name and the value of a line.
    static func split(
        _ line: ArraySlice<UInt8>
    ) throws(HTTPRefusal) -> (name: String, value: String) {
        let bytes = line.span
        guard bytes.count > 0, bytes[0] != 0x20, bytes[0] != 0x09 else {
            throw .malformed("a header field is folded over lines")
        }
        var colon = 0
        while colon < bytes.count, HTTPSyntax.isTokenByte(bytes[colon]) { colon += 1 }
        guard colon > 0, colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else {
            throw .malformed("a header field's name is not a token followed by a colon")
        }
        var start = colon + 1
        var end = bytes.count
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        for index in start..<end where !HTTPSyntax.isValueByte(bytes[index]) {
            throw .malformed("a header field's value has a control character")
        }
        let first = line.startIndex
        let name = line[first..<first + colon]
        guard let value = String(validating: line[first + start..<first + end], as: UTF8.self)
        else { throw .malformed("a header field's value is not UTF-8") }
        return (lowered(name), value)
    }

    /// ASCII text in lower case.
    private static func lowered(_ name: ArraySlice<UInt8>) -> String {
        String(unsafeUninitializedCapacity: name.count) { buffer in
            for (index, byte) in name.enumerated() { buffer[index] = HTTPSyntax.lowered(byte) }
            return name.count
        }
    }
}

extension HTTPFields {
    /// How a body is delimited by these fields alone, or nothing when they do not say.
    ///
    /// - Throws: ``HTTPRefusal`` for every way in which two readers could disagree (HTTP-5):
    ///   both `Transfer-Encoding` and `Content-Length`, a coding other than one `chunked`,
    ///   a length that is not plain digits, lengths that differ.
    func framing(isVersion10: Bool) throws(HTTPRefusal) -> HTTPBodyFraming? {
        let codings = values("transfer-encoding")
        let lengths = values("content-length")
        if !codings.isEmpty {
            guard lengths.isEmpty else {
                throw .malformed("both Transfer-Encoding and Content-Length")
            }
            guard !isVersion10 else { throw .malformed("Transfer-Encoding in HTTP/1.0") }
            guard codings.count == 1, HTTPSyntax.equalNames(codings[0], "chunked") else {
                throw .unsupported("a transfer coding other than chunked")
            }
            return .chunked
        }
        guard let first = lengths.first else { return nil }
        guard let count = HTTPSyntax.decimal(first) else {
            throw .malformed("Content-Length is not a number")
        }
        guard lengths.allSatisfy({ $0 == first }) else {
            throw .malformed("two lengths that differ")
        }
        return .sized(count)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// Why a document has no canonical form, or is not read at all.
public enum CanonicalFailure: Error, Hashable, Sendable {
    /// The text is not the JSON that is accepted.
    case malformed(JSONFailure)
    /// A number that binary64 does not hold, or too long to be read.
    case numberOutOfRange(String)
}

/// The one byte string of a JSON value, by RFC 8785 (IDENTITY-1).
public enum CanonicalJSON {
    /// The most bytes of one credential, presentation or DID document: 1 MiB.
    ///
    /// A credential has a few kilobytes, a status list of a million entries at most 175 KiB of
    /// base64. Reading takes 16 times as much memory at most.
    public static let documentBytesMax = 1 << 20
    /// The most arrays and objects inside one another: 32; real credentials have six.
    public static let documentDepthMax = 32

    /// Reads a document as I-JSON (RFC 7493): UTF-8, no name twice, no lone surrogate, no number
    /// beyond binary64, within the limits.
    public static func read(
        _ bytes: [UInt8], bytesMax: Int = documentBytesMax
    ) throws(CanonicalFailure) -> JSON {
        let value: JSON
        do {
            value = try JSON(
                parsing: bytes, limits: JSONLimits(bytes: bytesMax, depth: documentDepthMax))
        } catch {
            throw .malformed(error)
        }
        try checkNumbers(of: value)
        return value
    }

    /// The canonical bytes. Cost: about 1 µs for every 200 bytes.
    ///
    /// - Throws: ``CanonicalFailure/numberOutOfRange(_:)`` for a number binary64 does not hold.
    public static func bytes(of value: JSON) throws(CanonicalFailure) -> [UInt8] {
        var writer = CanonicalWriter()
        try writer.write(value)
        return writer.bytes
    }

    private static func checkNumbers(of value: JSON) throws(CanonicalFailure) {
        switch value {
        case .null, .bool, .string: return
        case .number(let text):
            guard CanonicalNumber.text(of: text) != nil else { throw .numberOutOfRange(text) }
        case .array(let elements):
            for element in elements { try checkNumbers(of: element) }
        case .object(let members):
            for member in members { try checkNumbers(of: member.value) }
        }
    }

    /// Whether one name stands before another: by UTF-16 code units (RFC 8785 §3.2.3).
    ///
    /// UTF-8 gives the same order but for code points above U+FFFF, whose surrogates lie below
    /// U+E000: their first byte, 0xF0 or more, ranks between 0xED and 0xEE. Only first bytes can be
    /// so high, so the rank of single bytes decides.
    static func precedes(_ left: String, _ right: String) -> Bool {
        var left = left.utf8.makeIterator()
        var right = right.utf8.makeIterator()
        while let other = right.next() {
            guard let mine = left.next() else { return true }
            if mine != other { return rank(mine) < rank(other) }
        }
        return false
    }

    private static func rank(_ byte: UInt8) -> Int {
        switch byte {
        case 0xEE, 0xEF: 0x100 + Int(byte)
        default: Int(byte)
        }
    }
}

/// Writes a value without white space, its members sorted.
///
/// Strings are quoted as ECMA-262 quotes them (RFC 8785 §3.2.2.2), as `JSONWriter` does anyway.
private struct CanonicalWriter {
    private var writer = JSONWriter()

    var bytes: [UInt8] { writer.bytes }

    mutating func write(_ value: JSON) throws(CanonicalFailure) {
        switch value {
        case .null, .bool, .string: writer.value(value)
        case .number(let text):
            guard let canonical = CanonicalNumber.text(of: text) else {
                throw .numberOutOfRange(text)
            }
            writer.value(.number(canonical))
        case .array(let elements):
            writer.beginArray()
            for element in elements { try write(element) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members.sorted(by: { CanonicalJSON.precedes($0.name, $1.name) }) {
                writer.name(member.name)
                try write(member.value)
            }
            writer.endObject()
        }
    }
}

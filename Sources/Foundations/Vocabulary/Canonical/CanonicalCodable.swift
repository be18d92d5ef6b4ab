// SPDX-License-Identifier: Apache-2.0

/// A value with exactly one byte string: Binary Canonical Serialization (BCS).
///
/// Integers are little-endian and fixed in width, lengths and enum tags are ULEB128, structs are
/// their fields in order, options are one tag byte and the value. Everything signed or hashed uses
/// it.
///
/// Source: specs/encoding.md ENCODING-1.
public protocol CanonicalCodable: Sendable {
    /// Appends this value's canonical bytes.
    func encode(to encoder: inout CanonicalEncoder)

    /// Reads one value; bytes after it stay in the decoder.
    ///
    /// - Throws: ``CanonicalError`` when the bytes are not the one encoding of a value.
    init(from decoder: inout CanonicalDecoder) throws(CanonicalError)
}

extension CanonicalCodable {
    /// This value's canonical bytes.
    public var canonicalBytes: [UInt8] {
        var encoder = CanonicalEncoder()
        encode(to: &encoder)
        return encoder.bytes
    }

    /// Reads a value that must fill `bytes` exactly.
    ///
    /// - Throws: ``CanonicalError/trailingBytes(_:)`` when bytes remain, or what decoding throws.
    public init(canonicalBytes bytes: [UInt8]) throws(CanonicalError) {
        var decoder = CanonicalDecoder(bytes)
        try self.init(from: &decoder)
        try decoder.finish()
    }
}

/// Why bytes are not a canonical encoding.
public enum CanonicalError: Error, Equatable, Sendable {
    /// The bytes end before the value does; so many more were needed.
    case truncated(missing: Int)
    /// A ULEB128 length or tag is not in its shortest form or exceeds 32 bits.
    case badLength
    /// A length is above the limit stated for its field.
    case tooLong(length: Int, limit: Int)
    /// A Boolean or option byte is neither 0 nor 1.
    case badFlag(UInt8)
    /// No case of the enum has this tag.
    case unknownTag(UInt32)
    /// A string is not valid UTF-8.
    case badText
    /// A value is outside its type's range, with the name of the type.
    case outOfRange(String)
    /// So many bytes follow a value that should have ended the input.
    case trailingBytes(Int)
}

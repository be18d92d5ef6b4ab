// SPDX-License-Identifier: Apache-2.0

/// Reads canonical bytes; it accepts exactly what ``CanonicalEncoder`` writes.
///
/// Memory stays within a constant factor of the input: a length is checked against its limit and
/// against the bytes that remain before anything is reserved.
public struct CanonicalDecoder: Sendable {
    // What reads integers and values is inlinable, so that a caller in another module gets code for
    // its type instead of a call by witnesses for each byte.
    @usableFromInline let bytes: [UInt8]
    @usableFromInline var position: Int

    /// Starts at the first of `bytes`.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
    }

    /// How many bytes have not been read.
    @inlinable public var remaining: Int { bytes.count - position }

    /// Reads an integer of fixed width.
    @inlinable
    public mutating func read<Value: FixedWidthInteger>(
        _ type: Value.Type = Value.self
    ) throws(CanonicalError) -> Value {
        let width = MemoryLayout<Value>.size
        try need(width)
        var value = Value.zero
        bytes.withUnsafeBytes { bytes in
            for index in 0..<width {
                value |= Value(truncatingIfNeeded: bytes[position + index]) &<< Value(8 &* index)
            }
        }
        position += width
        return value
    }

    /// Reads a Boolean.
    @inlinable
    public mutating func readFlag() throws(CanonicalError) -> Bool {
        let byte = try read(UInt8.self)
        guard byte <= 1 else { throw .badFlag(byte) }
        return byte == 1
    }

    /// Reads a nested value.
    @inlinable
    public mutating func read<Value: CanonicalCodable>(
        _ type: Value.Type = Value.self
    ) throws(CanonicalError) -> Value {
        try Value(from: &self)
    }

    /// Reads a ULEB128 length and holds it to `limit`.
    @inlinable
    public mutating func readLength(limit: Int) throws(CanonicalError) -> Int {
        let length = try Int(readTag())
        guard length <= limit else { throw .tooLong(length: length, limit: limit) }
        return length
    }

    /// Reads an enum tag: shortest-form ULEB128 of at most 32 bits.
    @inlinable
    public mutating func readTag() throws(CanonicalError) -> UInt32 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            let byte = try read(UInt8.self)
            value |= UInt64(byte & 0x7f) << shift
            guard byte & 0x80 == 0 else { continue }
            guard byte != 0 || shift == 0, value <= UInt64(UInt32.max) else { throw .badLength }
            return UInt32(value)
        }
        throw .badLength
    }

    /// Reads `count` bytes as they are.
    @inlinable
    public mutating func readFixed(_ count: Int) throws(CanonicalError) -> [UInt8] {
        try need(count)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// Reads a length of at most `limit`, then that many bytes.
    @inlinable
    public mutating func readBytes(limit: Int) throws(CanonicalError) -> [UInt8] {
        try readFixed(readLength(limit: limit))
    }

    /// Reads a length in bytes of at most `limit`, then UTF-8.
    public mutating func readText(limit: Int) throws(CanonicalError) -> String {
        let utf8 = try readBytes(limit: limit)
        guard let text = String(validating: utf8, as: UTF8.self) else { throw .badText }
        return text
    }

    /// Reads a flag, then the value when it is set.
    @inlinable
    public mutating func readOptional<Value: CanonicalCodable>(
        _ type: Value.Type = Value.self
    ) throws(CanonicalError) -> Value? {
        guard try readFlag() else { return nil }
        return try read(type)
    }

    /// Reads a length of at most `limit`, then that many elements.
    @inlinable
    public mutating func readList<Element: CanonicalCodable>(
        _ type: Element.Type = Element.self, limit: Int
    ) throws(CanonicalError) -> [Element] {
        let count = try readLength(limit: limit)
        var list: [Element] = []
        list.reserveCapacity(min(count, remaining))
        for _ in 0..<count { try list.append(read(type)) }
        return list
    }

    /// Checks that nothing is left.
    @inlinable
    public func finish() throws(CanonicalError) {
        guard remaining == 0 else { throw .trailingBytes(remaining) }
    }

    @inlinable
    func need(_ count: Int) throws(CanonicalError) {
        guard count <= remaining else { throw .truncated(missing: count - remaining) }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Appends canonical bytes to one growing buffer.
public struct CanonicalEncoder: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Creates an empty encoder.
    ///
    /// - Parameter capacity: Bytes to reserve, when the size is known.
    public init(capacity: Int = 0) {
        if capacity > 0 { bytes.reserveCapacity(capacity) }
    }

    /// Appends an integer, little-endian, at its full width.
    public mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends a Boolean as one byte.
    public mutating func write(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    /// Appends a nested value.
    public mutating func write(_ value: some CanonicalCodable) {
        value.encode(to: &self)
    }

    /// Appends a length or an enum tag as ULEB128.
    public mutating func writeLength(_ length: Int) {
        precondition(length >= 0 && length <= Int(UInt32.max), "BCS lengths are 32 bits")
        var rest = UInt32(length)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends an enum tag.
    public mutating func writeTag(_ tag: UInt32) {
        writeLength(Int(tag))
    }

    /// Appends bytes as they are, without a length.
    public mutating func writeFixed(_ fixed: some Sequence<UInt8>) {
        bytes.append(contentsOf: fixed)
    }

    /// Appends a length, then the bytes.
    public mutating func writeBytes(_ variable: [UInt8]) {
        writeLength(variable.count)
        bytes.append(contentsOf: variable)
    }

    /// Appends a length in bytes, then UTF-8.
    public mutating func writeText(_ text: String) {
        writeLength(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends a tag byte, then the value when there is one.
    public mutating func writeOptional<Value: CanonicalCodable>(_ value: Value?) {
        write(value != nil)
        if let value { write(value) }
    }

    /// Appends a length, then each element.
    public mutating func writeList<Element: CanonicalCodable>(_ list: [Element]) {
        writeLength(list.count)
        for element in list { write(element) }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One field of a protobuf message.
struct ProtobufField: Sendable {
    /// What a field holds, by its wire type.
    enum Value: Sendable {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// Four or eight bytes that no message here uses.
        case fixed
    }

    let number: UInt64
    let value: Value

    /// The number, when it is one.
    func varint() throws(WireFailure) -> UInt64 {
        guard case .varint(let value) = value else { throw .malformed(.field) }
        return value
    }

    /// A small number, as enumerations are.
    func small() throws(WireFailure) -> Int {
        let value = try varint()
        guard value <= 0xffff else { throw .malformed(.field) }
        return Int(value)
    }

    /// The truth value, when it is one.
    func flag() throws(WireFailure) -> Bool { try varint() != 0 }

    /// The bytes, when they are no more than the limit.
    func bytes(max limit: Int) throws(WireFailure) -> [UInt8] { Array(try slice(max: limit)) }

    /// The bytes without a copy.
    func slice(max limit: Int) throws(WireFailure) -> ArraySlice<UInt8> {
        guard case .bytes(let value) = value else { throw .malformed(.field) }
        guard value.count <= limit else { throw .tooLong(limit: limit) }
        return value
    }

    /// The text, when it is UTF-8 of no more bytes than the limit.
    func text(max limit: Int) throws(WireFailure) -> String {
        let value = try slice(max: limit)
        guard let text = String(validating: value, as: UTF8.self) else { throw .malformed(.text) }
        return text
    }

    /// A reader of the message inside.
    func message(max limit: Int) throws(WireFailure) -> ProtobufReader {
        ProtobufReader(try slice(max: limit))
    }
}

/// Reads the fields of a protobuf message in the order they come.
///
/// The caller skips fields it does not know and counts repeated ones. Groups, which protobuf has
/// given up, are refused. Source: protobuf encoding guide; LIBP-2.
struct ProtobufReader: Sendable {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next field, or nothing at the end.
    mutating func next() throws(WireFailure) -> ProtobufField? {
        guard !rest.isEmpty else { return nil }
        let tag = try Varint.takeLoose(&rest)
        let number = tag >> 3
        // Numbers of fields have 29 bits.
        guard number > 0, number < 1 << 29 else { throw .malformed(.field) }
        switch tag & 7 {
        case 0: return ProtobufField(number: number, value: .varint(try Varint.takeLoose(&rest)))
        case 1: return try fixed(number, count: 8)
        case 2:
            let length = try Varint.takeLoose(&rest)
            guard length <= UInt64(rest.count) else { throw .truncated }
            let value = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            return ProtobufField(number: number, value: .bytes(value))
        case 5: return try fixed(number, count: 4)
        default: throw .malformed(.field)
        }
    }

    private mutating func fixed(
        _ number: UInt64, count: Int
    ) throws(WireFailure) -> ProtobufField {
        guard rest.count >= count else { throw .truncated }
        rest = rest.dropFirst(count)
        return ProtobufField(number: number, value: .fixed)
    }
}

extension Array {
    /// Adds one of a repeated field, up to a limit.
    mutating func append(_ element: Element, max limit: Int) throws(WireFailure) {
        guard count < limit else { throw .tooLong(limit: limit) }
        append(element)
    }
}

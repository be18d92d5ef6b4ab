// SPDX-License-Identifier: Apache-2.0

/// Reads the fields of a protocol buffers message, of which only varints and byte strings occur.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case bytes([UInt8])
    }

    private static let varintBytesMax = 10

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next field, or nothing at the end.
    mutating func next() throws(ICS23.Failure) -> (field: UInt64, value: Value)? {
        guard position < bytes.count else { return nil }
        let key = try varint()
        switch key & 7 {
        case 0: return (key >> 3, .number(try varint()))
        case 2:
            let count = try varint()
            guard count <= UInt64(bytes.count - position) else { throw .malformed("length") }
            position += Int(count)
            return (key >> 3, .bytes(Array(bytes[position - Int(count)..<position])))
        default: throw .malformed("wire type")
        }
    }

    private mutating func varint() throws(ICS23.Failure) -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<Self.varintBytesMax {
            guard position < bytes.count else { throw .malformed("varint") }
            let byte = bytes[position]
            position += 1
            if index == Self.varintBytesMax - 1, byte > 1 { throw .malformed("varint") }
            number |= UInt64(byte & 0x7f) << UInt64(7 * index)
            if byte & 0x80 == 0 { return number }
        }
        throw .malformed("varint")
    }
}

/// Writes a protocol buffers message; numbers of zero and empty byte strings are left out.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    static func varint(_ number: UInt64) -> [UInt8] {
        var rest = number
        var bytes: [UInt8] = []
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    mutating func write(_ field: UInt64, _ number: UInt64) {
        guard number != 0 else { return }
        bytes += Self.varint(field << 3) + Self.varint(number)
    }

    mutating func write(_ field: UInt64, _ string: [UInt8]) {
        if !string.isEmpty { writeMessage(field, string) }
    }

    /// Writes a nested message, which is there even when it is empty.
    mutating func writeMessage(_ field: UInt64, _ message: [UInt8]) {
        bytes += Self.varint(field << 3 | 2) + Self.varint(UInt64(message.count)) + message
    }
}

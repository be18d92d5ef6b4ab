// SPDX-License-Identifier: Apache-2.0

/// Writes the fields of a protobuf message in the order of the calls.
///
/// Callers write fields in the order of their numbers, so that a message has one form (LIBP-2).
struct ProtobufWriter: Sendable {
    /// The message so far.
    private(set) var bytes: [UInt8] = []

    /// Writes a number.
    mutating func varint(_ field: UInt64, _ value: UInt64) {
        Varint.append(field << 3, to: &bytes)
        Varint.append(value, to: &bytes)
    }

    /// Writes a truth value.
    mutating func flag(_ field: UInt64, _ value: Bool) { varint(field, value ? 1 : 0) }

    /// Writes bytes or a message.
    mutating func bytes(_ field: UInt64, _ value: some Collection<UInt8>) {
        Varint.append(field << 3 | 2, to: &bytes)
        Varint.append(UInt64(value.count), to: &bytes)
        bytes += value
    }

    /// Writes a text.
    mutating func text(_ field: UInt64, _ value: String) { bytes(field, Array(value.utf8)) }

    /// Writes a message that `body` fills in.
    mutating func message(_ field: UInt64, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        bytes(field, inner.bytes)
    }
}

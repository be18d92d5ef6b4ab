// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A lease, from the order that asked for it to the record of its end.
public struct LeaseID: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// Who may speak for a lease: the number rises when another provider takes over, and never falls.
/// Whoever shows a lower one has been replaced (LEASES-15).
public struct FencingToken: Quantity {
    /// The number.
    public let value: UInt64
    /// Gives the number its unit.
    public init(_ value: UInt64) { self.value = value }
}

/// A case that is one byte on the wire.
public protocol ByteCase: RawRepresentable, CanonicalCodable where RawValue == UInt8 {}

extension ByteCase {
    /// Appends the byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }

    /// Reads the byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let byte = try decoder.read(UInt8.self)
        guard let value = Self(rawValue: byte) else { throw .unknownTag(UInt32(byte)) }
        self = value
    }
}

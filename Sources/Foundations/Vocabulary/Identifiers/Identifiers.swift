// SPDX-License-Identifier: Apache-2.0

/// A named thirty-two-byte value: same bytes, its own type, so that no id stands for another.
public protocol Identifier32: CanonicalCodable, Hashable, Comparable, CustomStringConvertible {
    /// The bytes.
    var raw: Bytes32 { get }
    /// Names bytes.
    init(_ raw: Bytes32)
}

extension Identifier32 {
    /// Compares as bytes.
    public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }

    /// Appends the thirty-two bytes.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(raw) }

    /// Reads thirty-two bytes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        try self.init(decoder.read(Bytes32.self))
    }

    /// Sixty-four lower-case hexadecimal digits.
    public var description: String { Hexadecimal.encode(raw.bytes) }

    /// Reads sixty-four hexadecimal digits.
    public init?(hexadecimal text: String) {
        guard let bytes = Hexadecimal.decode(text), let raw = Bytes32(bytes) else { return nil }
        self.init(raw)
    }
}

/// A SHA-256 hash.
public struct Digest: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
    /// Thirty-two zero bytes: the parent of the first block, the root of an empty tree.
    public static let zero = Digest(.zero)
}

/// An account: the SHA-256 of a domain tag and its first public key (R38).
public struct AccountID: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// A chain: the SHA-256 of its genesis.
public struct ChainID: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// A job, which is also the order that asked for it.
public struct JobID: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// An Ed25519 public key as it is written: not yet known to be a point on the curve.
public struct PublicKey: Identifier32 {
    /// The bytes.
    public let raw: Bytes32
    /// Names bytes.
    public init(_ raw: Bytes32) { self.raw = raw }
}

/// An Ed25519 signature: R, then S (RFC 8032 §5.1.6).
public struct Signature: CanonicalCodable, Hashable {
    /// The encoded point R.
    public let point: Bytes32
    /// The little-endian scalar S.
    public let scalar: Bytes32

    /// Joins the two halves.
    public init(point: Bytes32, scalar: Bytes32) {
        self.point = point
        self.scalar = scalar
    }

    /// Takes exactly sixty-four bytes, or nothing.
    public init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard bytes.count == 64, let point = Bytes32(bytes.prefix(32)),
            let scalar = Bytes32(bytes.suffix(32))
        else { return nil }
        self.init(point: point, scalar: scalar)
    }

    /// The sixty-four bytes.
    public var bytes: [UInt8] { point.bytes + scalar.bytes }

    /// Appends the sixty-four bytes.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(point)
        encoder.write(scalar)
    }

    /// Reads sixty-four bytes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        point = try decoder.read()
        scalar = try decoder.read()
    }
}

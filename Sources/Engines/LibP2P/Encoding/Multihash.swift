// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// A digest that says which hash it is of.
///
/// Source: multiformats multihash; LIBP-5.
public struct Multihash: Hashable, Sendable {
    /// The code of the hash that is none: the digest is the content.
    public static let identityCode: UInt64 = 0x00
    /// The code of SHA-256.
    public static let sha256Code: UInt64 = 0x12
    /// The longest digest: SHA-512's.
    public static let digestBytesMax = 64

    /// Which hash.
    public let code: UInt64
    /// What it gave.
    public let digest: [UInt8]

    /// Names a digest of at most ``digestBytesMax`` bytes.
    ///
    /// - Throws: ``WireFailure/tooLong(limit:)``, and ``WireFailure/malformed(_:)`` for a SHA-256
    ///   that has not 32 bytes.
    public init(code: UInt64, digest: [UInt8]) throws(WireFailure) {
        guard digest.count <= Self.digestBytesMax else {
            throw .tooLong(limit: Self.digestBytesMax)
        }
        guard code != Self.sha256Code || digest.count == 32 else { throw .malformed(.multihash) }
        self.code = code
        self.digest = digest
    }

    /// The SHA-256 of bytes.
    public init(sha256Of bytes: [UInt8]) {
        code = Self.sha256Code
        digest = SHA256.hash(bytes).raw.bytes
    }

    /// Takes one from the front of `bytes`.
    ///
    /// - Throws: ``WireFailure``.
    public init(taking bytes: inout ArraySlice<UInt8>) throws(WireFailure) {
        let code = try Varint.take(&bytes)
        let length = try Varint.take(&bytes)
        guard length <= UInt64(Self.digestBytesMax) else {
            throw .tooLong(limit: Self.digestBytesMax)
        }
        guard bytes.count >= Int(length) else { throw .truncated }
        try self.init(code: code, digest: Array(bytes.prefix(Int(length))))
        bytes = bytes.dropFirst(Int(length))
    }

    /// Reads bytes that hold one and nothing else.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        var rest = bytes[...]
        try self.init(taking: &rest)
        guard rest.isEmpty else { throw .malformed(.multihash) }
    }

    /// Code, length, digest.
    public var bytes: [UInt8] {
        Varint.encode(code) + Varint.encode(UInt64(digest.count)) + digest
    }
}

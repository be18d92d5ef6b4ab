// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A peer's public key of any of the four kinds.
///
/// Source: libp2p peer-ids specification; LIBP-8.
public struct IdentityKey: Hashable, Sendable {
    /// The kind, with its number on the wire.
    public enum Kind: Int, Sendable {
        case rsa = 0
        case ed25519 = 1
        case secp256k1 = 2
        case ecdsa = 3
    }

    /// The longest key with its frame of four bytes, twice over.
    public static let encodedBytesMax = ForeignKey.encodingBytesMax + 16

    /// Its kind.
    public let kind: Kind
    /// The key as its kind writes it.
    public let data: [UInt8]

    /// An Ed25519 key.
    public init(_ key: PublicKey) {
        kind = .ed25519
        data = key.raw.bytes
    }

    /// Reads the protobuf `PublicKey`: type, then data, and nothing else.
    ///
    /// - Throws: ``WireFailure`` also when the key itself is not one.
    public init(encoded: [UInt8]) throws(WireFailure) {
        guard encoded.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var reader = ProtobufReader(encoded)
        guard let first = try reader.next(), first.number == 1,
            let kind = try Kind(rawValue: first.small()),
            let second = try reader.next(), second.number == 2
        else { throw .malformed(.key) }
        self.kind = kind
        data = try second.bytes(max: Self.encodedBytesMax)
        // One form alone, or one key would have several names.
        guard self.encoded == encoded, isWellFormed else { throw .malformed(.key) }
    }

    /// The protobuf `PublicKey`.
    public var encoded: [UInt8] {
        var writer = ProtobufWriter()
        writer.varint(1, UInt64(kind.rawValue))
        writer.bytes(2, data)
        return writer.bytes
    }

    /// Whether `signature` is this key's over `message`.
    public func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let foreign else {
            guard let key = ed25519, let signature = Signature(signature) else { return false }
            return key.accepts(signature, over: message)
        }
        return foreign.accepts(signature, over: message)
    }

    /// The key, when it is an Ed25519 one.
    public var ed25519: PublicKey? {
        guard kind == .ed25519, let raw = Bytes32(data) else { return nil }
        return PublicKey(raw)
    }

    private var isWellFormed: Bool { foreign?.isWellFormed ?? (data.count == Bytes32.count) }

    private var foreign: ForeignKey? {
        switch kind {
        case .rsa: .rsa(subjectPublicKeyInfo: data)
        case .ecdsa: .ecdsa(subjectPublicKeyInfo: data)
        case .secp256k1: .secp256k1(point: data)
        case .ed25519: nil
        }
    }
}

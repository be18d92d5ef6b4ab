// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A public key that a DID document may name, of the kinds that are understood (IDENTITY-3).
public enum VerificationKey: Hashable, Sendable {
    /// Ed25519: signs, and is what this house issues with.
    case ed25519(PublicKey)
    /// X25519: agrees on secrets, signs nothing.
    case x25519(Bytes32)
    /// ECDSA over SHA-256 on P-256: the compressed point of 33 bytes.
    case p256([UInt8])
    /// ECDSA over SHA-256 on secp256k1: the compressed point of 33 bytes.
    case secp256k1([UInt8])

    /// Why a text is not a key.
    public enum Failure: Error, Hashable, Sendable {
        /// Not base58 behind the letter z, or too long.
        case notMultibase
        /// A key of a kind that is not understood, or without a kind.
        case unknownKind
        /// Of another length, or no compressed point, for its kind.
        case malformed
    }

    private static let pointBytes = 33

    /// The codes of the kinds in the multicodec table, as unsigned varints.
    private var prefix: [UInt8] {
        switch self {
        case .ed25519: [0xED, 0x01]
        case .x25519: [0xEC, 0x01]
        case .p256: [0x80, 0x24]
        case .secp256k1: [0xE7, 0x01]
        }
    }

    /// The key itself.
    public var bytes: [UInt8] {
        switch self {
        case .ed25519(let key): key.raw.bytes
        case .x25519(let key): key.bytes
        case .p256(let point), .secp256k1(let point): point
        }
    }

    /// Kind and key, as a Multikey holds them (Controlled Identifiers 1.0 §2.2.2).
    public var multicodec: [UInt8] { prefix + bytes }

    /// The key as `publicKeyMultibase` writes it. Cost: about 2 µs.
    public var multibase: String { "z" + Base58.encode(multicodec) }

    /// Reads `publicKeyMultibase`.
    ///
    /// - Throws: ``Failure``.
    public init(multibase text: some StringProtocol) throws(Failure) {
        let text = Substring(text)
        guard text.utf8.first == UInt8(ascii: "z"),
            let bytes = Base58.decode(text.dropFirst().utf8)
        else { throw .notMultibase }
        try self.init(multicodec: bytes)
    }

    /// Reads kind and key.
    ///
    /// - Throws: ``Failure/unknownKind``, ``Failure/malformed``.
    public init(multicodec bytes: [UInt8]) throws(Failure) {
        let key = Array(bytes.dropFirst(2))
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xED, 0x01): self = .ed25519(PublicKey(try Self.thirtyTwo(key)))
        case (0xEC, 0x01): self = .x25519(try Self.thirtyTwo(key))
        case (0x80, 0x24): self = .p256(try Self.point(key))
        case (0xE7, 0x01): self = .secp256k1(try Self.point(key))
        default: throw .unknownKind
        }
    }

    private static func thirtyTwo(_ bytes: [UInt8]) throws(Failure) -> Bytes32 {
        guard let key = Bytes32(bytes) else { throw .malformed }
        return key
    }

    private static func point(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        guard bytes.count == pointBytes, bytes[0] == 2 || bytes[0] == 3 else { throw .malformed }
        return bytes
    }
}

extension VerificationKey {
    /// Whether `signature` of 64 bytes is this key's over `message`; for the curves of ECDSA it is
    /// r, then s (RFC 7518 §3.4).
    ///
    /// Cost: about 40 µs for Ed25519, 150 µs for the others.
    public func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        switch self {
        case .ed25519(let key):
            guard let signature = Signature(signature) else { return false }
            return key.accepts(signature, over: message)
        case .x25519: return false
        case .p256(let point):
            guard let sequence = Self.sequence(of: signature) else { return false }
            return ForeignKey.ecdsa(subjectPublicKeyInfo: Self.p256Frame + point)
                .accepts(sequence, over: message)
        case .secp256k1(let point):
            guard let sequence = Self.sequence(of: signature) else { return false }
            return ForeignKey.secp256k1(point: point).accepts(sequence, over: message)
        }
    }

    // SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING } round a compressed point.
    private static let p256Frame: [UInt8] = [
        0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08,
        0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00,
    ]

    /// r and s as X.509 writes them: a sequence of two integers.
    private static func sequence(of signature: [UInt8]) -> [UInt8]? {
        guard signature.count == 64 else { return nil }
        let content = integer(signature[..<32]) + integer(signature[32...])
        return [0x30, UInt8(content.count)] + content
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var magnitude = Array(bytes.drop { $0 == 0 })
        if magnitude.first.map({ $0 >= 0x80 }) ?? true { magnitude.insert(0, at: 0) }
        return [0x02, UInt8(magnitude.count)] + magnitude
    }
}

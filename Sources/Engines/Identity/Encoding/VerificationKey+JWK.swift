// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Vocabulary

extension VerificationKey {
    /// Reads a public JSON Web Key (RFC 7517, RFC 8037) of a kind that is understood.
    ///
    /// - Throws: ``Failure/unknownKind``, ``Failure/malformed``; the latter too for a private key,
    ///   which has no place among public ones.
    public init(jwk: JSON) throws(Failure) {
        guard jwk["d"] == nil else { throw .malformed }
        switch (jwk["kty"]?.text, jwk["crv"]?.text) {
        case ("OKP", "Ed25519"):
            self = try Self(multicodec: [0xED, 0x01] + Self.part("x", of: jwk))
        case ("OKP", "X25519"): self = try Self(multicodec: [0xEC, 0x01] + Self.part("x", of: jwk))
        case ("EC", "P-256"): self = .p256(try Self.compressed(jwk))
        case ("EC", "secp256k1"): self = .secp256k1(try Self.compressed(jwk))
        default: throw .unknownKind
        }
    }

    /// The key as a JSON Web Key; nothing on the curves of ECDSA, whose points are compressed.
    public var jwk: JSON? {
        switch self {
        case .ed25519(let key):
            ["kty": "OKP", "crv": "Ed25519", "x": .string(Base64URL.encode(key.raw.bytes))]
        case .x25519(let key):
            ["kty": "OKP", "crv": "X25519", "x": .string(Base64URL.encode(key.bytes))]
        case .p256, .secp256k1: nil
        }
    }

    private static func part(_ name: String, of jwk: JSON) throws(Failure) -> [UInt8] {
        guard let text = jwk[name]?.text, let bytes = Base64URL.decode(text), bytes.count == 32
        else { throw .malformed }
        return bytes
    }

    /// The sign of y, then x. Whether the two lie on the curve shows when a signature is decided:
    /// the point read from x and the sign is then another, or none.
    private static func compressed(_ jwk: JSON) throws(Failure) -> [UInt8] {
        let vertical = try part("y", of: jwk)
        return [2 + (vertical[31] & 1)] + (try part("x", of: jwk))
    }
}

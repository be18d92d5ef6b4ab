// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// A public key of another kind than Ed25519, for deciding signatures of strangers who have one.
///
/// It is read and asked through OpenSSL. Nothing of the ledger depends on its verdicts: other
/// libraries may decide edge cases another way (CRYPTO-16).
public enum ForeignKey: Hashable, Sendable {
    /// RSA with PKCS #1 v1.5 over SHA-256: the key as a SubjectPublicKeyInfo (RFC 5280 §4.1), of
    /// ``rsaBitsMin`` to ``rsaBitsMax`` bits.
    case rsa(subjectPublicKeyInfo: [UInt8])
    /// ECDSA over SHA-256 on a NIST curve: the key as a SubjectPublicKeyInfo.
    case ecdsa(subjectPublicKeyInfo: [UInt8])
    /// ECDSA over SHA-256 on secp256k1: the point in SEC 1 form, 33 or 65 bytes.
    case secp256k1(point: [UInt8])

    /// The shortest modulus that is believed.
    public static let rsaBitsMin = 2_048
    /// The longest modulus that is worth its time: a check costs about 0.5 ms.
    public static let rsaBitsMax = 8_192
    /// The longest encoding that is read: 8,192 bits of modulus and 64 bytes of frame, twice over.
    public static let encodingBytesMax = 2_304
    /// The longest signature: that of the longest modulus.
    public static let signatureBytesMax = rsaBitsMax / 8

    // SEQUENCE { SEQUENCE { id-ecPublicKey, secp256k1 }, BIT STRING } around a point (SEC 1 §C.3).
    private static let secp256k1Algorithm: [UInt8] = [
        0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81,
        0x04, 0x00, 0x0a,
    ]

    /// Whether the bytes are a key of this kind within the limits.
    public var isWellFormed: Bool { withKey { _ in true } ?? false }

    /// Whether `signature` is this key's over `message`.
    ///
    /// Cost: about 50 µs for RSA of 2,048 bits, 150 µs for the curves.
    public func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard !signature.isEmpty, signature.count <= Self.signatureBytesMax else { return false }
        return withKey { key in
            guard let context = EVP_MD_CTX_new() else { return false }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else {
                return false
            }
            return EVP_DigestVerify(
                context, signature, signature.count, message, message.count) == 1
        } ?? false
    }

    // Reads the key for the length of one call; nothing when it is malformed or out of limits.
    private func withKey(_ body: (OpaquePointer) -> Bool) -> Bool? {
        let encoding = encoding
        guard encoding.count <= Self.encodingBytesMax else { return nil }
        let key = encoding.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var next = buffer.baseAddress
            guard let key = d2i_PUBKEY(nil, &next, buffer.count) else { return nil }
            guard next == buffer.baseAddress?.advanced(by: buffer.count) else {
                EVP_PKEY_free(key)
                return nil
            }
            return key
        }
        ERR_clear_error()
        guard let key else { return nil }
        defer { EVP_PKEY_free(key) }
        guard isOfItsKind(key) else { return nil }
        return body(key)
    }

    private func isOfItsKind(_ key: OpaquePointer) -> Bool {
        switch self {
        case .rsa:
            (Self.rsaBitsMin...Self.rsaBitsMax).contains(Int(EVP_PKEY_get_bits(key)))
                && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA
        case .ecdsa, .secp256k1: EVP_PKEY_get_base_id(key) == EVP_PKEY_EC
        }
    }

    private var encoding: [UInt8] {
        switch self {
        case .rsa(let bytes), .ecdsa(let bytes): return bytes
        case .secp256k1(let point):
            guard point.count == 33 || point.count == 65 else { return [] }
            let bits: [UInt8] = [0x03, UInt8(point.count + 1), 0x00] + point
            let content = Self.secp256k1Algorithm + bits
            return [0x30, UInt8(content.count)] + content
        }
    }
}

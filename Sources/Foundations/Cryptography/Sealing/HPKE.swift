// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Hybrid public key encryption to the holder of an X25519 key, base mode (RFC 9180): DHKEM(X25519,
/// HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 (CRYPTO-17).
///
/// Whoever knows the public key can seal; who sealed is not shown. One message a key that is made
/// for it, so no nonce is ever used twice.
public enum HPKE {
    /// How many bytes longer than its plaintext a sealed message is: a public key and a tag.
    public static let overheadCount = Bytes32.count + ChaCha20Poly1305.tagCount

    /// Seals a message: a fresh public key, then the ciphertext. Cost: about 60 µs and the bytes.
    ///
    /// - Parameters:
    ///   - ephemeral: A key made from fresh random bytes for this message alone.
    ///   - info: What the message is for; whoever opens must say the same.
    /// - Throws: ``AgreementFailure/degenerateKey`` when the recipient's key has small order.
    public static func seal(
        _ plaintext: [UInt8], to recipient: Bytes32, ephemeral: AgreementKey, info: [UInt8],
        associatedData: [UInt8] = []
    ) throws(AgreementFailure) -> [UInt8] {
        let shared = try ephemeral.sharedSecret(with: recipient)
        let schedule = Schedule(shared, ephemeral.publicKey, recipient, info)
        return ephemeral.publicKey.bytes
            + ChaCha20Poly1305.seal(
                plaintext, key: schedule.key, nonce: schedule.nonce,
                associatedData: associatedData)
    }

    /// Opens what ``seal(_:to:ephemeral:info:associatedData:)`` gave.
    ///
    /// - Throws: ``OpeningFailure/forged`` when it was sealed to another key, for something else,
    ///   with other associated data, or was changed.
    public static func open(
        _ sealed: [UInt8], with key: AgreementKey, info: [UInt8], associatedData: [UInt8] = []
    ) throws(OpeningFailure) -> [UInt8] {
        guard sealed.count >= overheadCount, let sender = Bytes32(sealed.prefix(Bytes32.count)),
            let shared = try? key.sharedSecret(with: sender)
        else { throw .forged }
        let schedule = Schedule(shared, sender, key.publicKey, info)
        return try ChaCha20Poly1305.open(
            Array(sealed.dropFirst(Bytes32.count)), key: schedule.key, nonce: schedule.nonce,
            associatedData: associatedData)
    }

    /// Key and nonce of one message (RFC 9180 §4.1, §5.1).
    private struct Schedule {
        let key: Bytes32
        let nonce: [UInt8]

        // Of the numbers of RFC 9180 §7: the KEM 0x0020, the KDF 0x0001, the AEAD 0x0003.
        private static let kem = Array("KEM".utf8) + [0x00, 0x20]
        private static let suite = Array("HPKE".utf8) + [0x00, 0x20, 0x00, 0x01, 0x00, 0x03]
        private static let baseMode: [UInt8] = [0]

        init(_ shared: Bytes32, _ sender: Bytes32, _ recipient: Bytes32, _ info: [UInt8]) {
            let agreed = Self.extract(Self.kem, salt: [], "eae_prk", shared.bytes)
            let secret = Self.expand(
                Self.kem, agreed, "shared_secret", sender.bytes + recipient.bytes, Bytes32.count)
            let context =
                Self.baseMode + Self.extract(Self.suite, salt: [], "psk_id_hash", []).bytes
                + Self.extract(Self.suite, salt: [], "info_hash", info).bytes
            let root = Self.extract(Self.suite, salt: secret, "secret", [])
            let bytes = Self.expand(Self.suite, root, "key", context, Bytes32.count)
            guard let key = Bytes32(bytes) else { preconditionFailure("32 bytes were made") }
            self.key = key
            nonce = Self.expand(
                Self.suite, root, "base_nonce", context, ChaCha20Poly1305.nonceCount)
        }

        private static func extract(
            _ suite: [UInt8], salt: [UInt8], _ label: String, _ secret: [UInt8]
        ) -> Bytes32 {
            HKDF.extract(
                salt: salt, secret: Array("HPKE-v1".utf8) + suite + Array(label.utf8) + secret)
        }

        private static func expand(
            _ suite: [UInt8], _ key: Bytes32, _ label: String, _ info: [UInt8], _ count: Int
        ) -> [UInt8] {
            let length = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
            return HKDF.expand(
                key, info: length + Array("HPKE-v1".utf8) + suite + Array(label.utf8) + info,
                count: count)
        }
    }
}

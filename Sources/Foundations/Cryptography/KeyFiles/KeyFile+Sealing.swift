// SPDX-License-Identifier: Apache-2.0
import CSodium
import Vocabulary

extension KeyFile {
    /// Seals a key with a passphrase.
    ///
    /// Cost: that of `limits`, and their memory while it runs.
    ///
    /// - Parameters:
    ///   - passphrase: Of any length, as UTF-8.
    ///   - salt: ``saltCount`` fresh random bytes.
    ///   - nonce: ``nonceCount`` fresh random bytes.
    /// - Returns: The bytes of the file.
    /// - Throws: ``KeyFileFailure/notEnoughMemory(kibibytes:)``.
    public static func seal(
        key: SigningKey, passphrase: [UInt8], salt: [UInt8], nonce: [UInt8],
        limits: DerivationLimits = .standard
    ) throws(KeyFileFailure) -> [UInt8] {
        let file = try sealing(
            key, as: key.publicKey, passphrase: passphrase, salt: salt, nonce: nonce,
            limits: limits)
        return file.bytes
    }

    /// Seals a key under a public key, which ``open(passphrase:)`` holds it to.
    static func sealing(
        _ key: SigningKey, as publicKey: PublicKey, passphrase: [UInt8], salt: [UInt8],
        nonce: [UInt8], limits: DerivationLimits
    ) throws(KeyFileFailure) -> KeyFile {
        precondition(salt.count == saltCount, "a salt has 16 bytes")
        precondition(nonce.count == nonceCount, "a nonce has 24 bytes")
        var file = KeyFile(
            publicKey: publicKey, limits: limits, salt: salt, nonce: nonce, sealedSeed: [])
        let sealingKey = try file.sealingKey(from: passphrase)
        let header = file.header
        var sealedSeed = [UInt8](repeating: 0, count: sealedSeedCount)
        key.withSeed { seed in
            _ = sealingKey.withBytes {
                crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &sealedSeed, nil, seed, UInt64(SigningKey.seedCount), header,
                    UInt64(header.count), nil, nonce, $0)
            }
        }
        file.sealedSeed = sealedSeed
        return file
    }

    /// Opens what ``seal(key:passphrase:salt:nonce:limits:)`` gave.
    ///
    /// Cost: that of the file's limits, and their memory while it runs.
    ///
    /// - Throws: ``KeyFileFailure``; ``KeyFileFailure/wrongPassphrase`` also when the header or
    ///   the seal was changed.
    public static func open(
        _ bytes: [UInt8], passphrase: [UInt8]
    ) throws(KeyFileFailure) -> SigningKey {
        try KeyFile(reading: bytes).open(passphrase: passphrase)
    }

    /// Opens a file that has been read.
    ///
    /// - Throws: As ``open(_:passphrase:)``.
    public func open(passphrase: [UInt8]) throws(KeyFileFailure) -> SigningKey {
        let sealingKey = try sealingKey(from: passphrase)
        let header = header
        var status: CInt = -1
        let seed = SecretBytes(count: SigningKey.seedCount) { out in
            status = sealingKey.withBytes {
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    out.firstByte, nil, nil, sealedSeed, UInt64(sealedSeed.count), header,
                    UInt64(header.count), nonce, $0)
            }
        }
        guard status == 0 else { throw .wrongPassphrase }
        let key = SigningKey(seed: seed)
        guard key.publicKey == publicKey else {
            throw .damaged(reason: "the sealed key is not that of the public key")
        }
        return key
    }

    /// Argon2id of the passphrase: 32 bytes for XChaCha20-Poly1305.
    private func sealingKey(from passphrase: [UInt8]) throws(KeyFileFailure) -> SecretBytes {
        let phrase = SecretBytes(copying: passphrase)
        var status: CInt = -1
        let key = SecretBytes(count: Bytes32.count) { out in
            status = phrase.withBytes { start in
                start.withMemoryRebound(to: CChar.self, capacity: phrase.count) {
                    crypto_pwhash(
                        out.firstByte, UInt64(Bytes32.count), $0, UInt64(phrase.count), salt,
                        UInt64(limits.passes), limits.memoryKibibytes * 1_024,
                        crypto_pwhash_ALG_ARGON2ID13)
                }
            }
        }
        guard status == 0 else { throw .notEnoughMemory(kibibytes: limits.memoryKibibytes) }
        return key
    }
}

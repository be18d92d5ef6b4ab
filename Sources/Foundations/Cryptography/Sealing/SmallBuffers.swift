// SPDX-License-Identifier: Apache-2.0
import CSodium
import Vocabulary

/// ChaCha20-Poly1305 by libsodium: no set-up cost, so the faster one for short messages.
enum SmallBuffers {
    static func seal(
        _ plaintext: [UInt8], _ key: Bytes32, _ nonce: [UInt8], _ associatedData: [UInt8]
    ) -> [UInt8] {
        CryptographyLibrary.start()
        let count = plaintext.count + ChaCha20Poly1305.tagCount
        var sealed = [UInt8](repeating: 0, count: count)
        crypto_aead_chacha20poly1305_ietf_encrypt(
            &sealed, nil, plaintext, UInt64(plaintext.count),
            associatedData, UInt64(associatedData.count), nil, nonce, key.bytes)
        return sealed
    }

    /// The plaintext, or nothing when the tag is wrong. `sealed` holds at least a tag.
    static func open(
        _ sealed: [UInt8], _ key: Bytes32, _ nonce: [UInt8], _ associatedData: [UInt8]
    ) -> [UInt8]? {
        CryptographyLibrary.start()
        let count = sealed.count - ChaCha20Poly1305.tagCount
        var plaintext = [UInt8](repeating: 0, count: count)
        let status = crypto_aead_chacha20poly1305_ietf_decrypt(
            &plaintext, nil, nil, sealed, UInt64(sealed.count),
            associatedData, UInt64(associatedData.count), nonce, key.bytes)
        return status == 0 ? plaintext : nil
    }
}

// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

extension PublicKey {
    /// Whether `signature` is this key's over `message`.
    public func accepts(_ signature: Signature, over message: [UInt8]) -> Bool {
        CryptographyLibrary.start()
        return crypto_sign_verify_detached(
            signature.bytes, message, UInt64(message.count), raw.bytes) == 0
    }
}

extension AccountID {
    /// The account of a first public key.
    public init(of key: PublicKey) {
        self.init(SHA256.hash(Array("atoll/account/1".utf8) + key.raw.bytes).raw)
    }
}

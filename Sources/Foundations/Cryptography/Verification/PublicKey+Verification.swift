// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension PublicKey {
    /// Whether `signature` is this key's over `message`, by the rule of CRYPTO-2 (ZIP-215).
    ///
    /// Cost: about 37 µs for a good signature, 90 µs for a bad one.
    public func accepts(_ signature: Signature, over message: [UInt8]) -> Bool {
        Ed25519Verifier.accepts(signature, by: self, over: message)
    }
}

extension AccountID {
    /// The account of a first public key (ENCODING-11).
    public init(of key: PublicKey) {
        self.init(key.digest(domain: "atoll/account/1").raw)
    }
}

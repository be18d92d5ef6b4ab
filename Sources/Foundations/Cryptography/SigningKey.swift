// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

/// An Ed25519 private key (RFC 8032). It never prints, logs or encodes itself.
public struct SigningKey: Sendable {
    // libsodium's form: the 32-byte seed, then the 32-byte public key.
    private let expanded: [UInt8]

    /// The key others check signatures with.
    public let publicKey: PublicKey

    /// Derives the key from a 32-byte seed.
    ///
    /// - Returns: Nothing when `seed` has another length.
    public init?(seed: [UInt8]) {
        guard seed.count == 32 else { return nil }
        CryptographyLibrary.start()
        var expanded = [UInt8](repeating: 0, count: 64)
        var public32 = [UInt8](repeating: 0, count: 32)
        crypto_sign_seed_keypair(&public32, &expanded, seed)
        guard let raw = Bytes32(public32) else { return nil }
        publicKey = PublicKey(raw)
        self.expanded = expanded
    }

    /// The 32-byte seed, for a key file only.
    package var seed: [UInt8] { Array(expanded.prefix(32)) }

    /// Signs a message. The same key and message always give the same signature.
    public func sign(_ message: [UInt8]) -> Signature {
        var bytes = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&bytes, nil, message, UInt64(message.count), expanded)
        guard let signature = Signature(bytes) else { preconditionFailure("64 bytes were made") }
        return signature
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// The public key only.
    public var description: String { "SigningKey(public: \(publicKey))" }

    /// Nothing, so that dump() shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

/// An Ed25519 private key (RFC 8032). It never prints, logs or encodes itself.
///
/// Copies share one secret, which is wiped when the last of them ends (CRYPTO-12).
public struct SigningKey: Sendable {
    // libsodium's form: the 32-byte seed, then the 32-byte public key.
    private let expanded: SecretBytes

    /// The key others check signatures with.
    public let publicKey: PublicKey

    /// The length of a seed in bytes.
    public static let seedCount = 32

    /// Derives the key from a 32-byte seed.
    ///
    /// - Returns: Nothing when `seed` has another length.
    public init?(seed: [UInt8]) {
        guard seed.count == Self.seedCount else { return nil }
        CryptographyLibrary.start()
        var public32 = [UInt8](repeating: 0, count: Bytes32.count)
        expanded = SecretBytes(count: Self.seedCount + Bytes32.count) { secret in
            crypto_sign_seed_keypair(&public32, secret.firstByte, seed)
        }
        guard let raw = Bytes32(public32) else { return nil }
        publicKey = PublicKey(raw)
    }

    /// The 32-byte seed, for a key file only.
    package var seed: [UInt8] {
        expanded.withBytes { Array(UnsafeBufferPointer(start: $0, count: Self.seedCount)) }
    }

    /// Signs a message. The same key and message always give the same signature (CRYPTO-1).
    public func sign(_ message: [UInt8]) -> Signature {
        var bytes = [UInt8](repeating: 0, count: 64)
        _ = expanded.withBytes {
            crypto_sign_detached(&bytes, nil, message, UInt64(message.count), $0)
        }
        guard let signature = Signature(bytes) else { preconditionFailure("64 bytes were made") }
        return signature
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The public key only.
    public var description: String { "SigningKey(public: \(publicKey))" }

    /// The public key only.
    public var debugDescription: String { description }

    /// Nothing, so that dump() shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

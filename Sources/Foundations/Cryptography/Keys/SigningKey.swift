// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

/// An Ed25519 private key (RFC 8032, CRYPTO-1). It never prints, logs or encodes itself.
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
        self.init(seed: SecretBytes(copying: seed))
    }

    /// Derives the key from a seed of ``seedCount`` bytes.
    init(seed: SecretBytes) {
        precondition(seed.count == Self.seedCount, "a seed has 32 bytes")
        var secret: SecretBytes?
        let public32 = Bytes32 { public32 in
            secret = SecretBytes(count: Self.seedCount + Bytes32.count) { expanded in
                _ = seed.withBytes {
                    crypto_sign_seed_keypair(public32.firstByte, expanded.firstByte, $0)
                }
            }
        }
        guard let secret else { preconditionFailure("the closure above has run") }
        expanded = secret
        publicKey = PublicKey(public32)
    }

    /// The 32-byte seed, for showing it to its owner only; the copy is the caller's to keep short.
    package var seed: [UInt8] {
        withSeed { Array(UnsafeBufferPointer(start: $0, count: Self.seedCount)) }
    }

    /// The seed, for the length of one call.
    func withSeed<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        expanded.withBytes(body)
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

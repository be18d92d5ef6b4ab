// SPDX-License-Identifier: Apache-2.0
import CSodium
public import Vocabulary

/// An X25519 private key (RFC 7748). It never prints, logs or encodes itself.
///
/// Copies share one secret, which is wiped when the last of them ends (CRYPTO-12).
public struct AgreementKey: Sendable {
    private let secret: SecretBytes

    /// What the other side needs for the same shared secret: a u-coordinate, little-endian.
    public let publicKey: Bytes32

    /// Takes 32 random bytes; clamping them is part of each use (RFC 7748 §5).
    public init(seed: Bytes32) {
        self.init(SecretBytes(copying: seed.bytes))
    }

    /// Takes 32 random bytes.
    ///
    /// - Returns: Nothing when `seed` has another length.
    public init?(seed: [UInt8]) {
        guard seed.count == Bytes32.count else { return nil }
        self.init(SecretBytes(copying: seed))
    }

    /// Shares a secret of 32 bytes.
    init(_ secret: SecretBytes) {
        self.secret = secret
        publicKey = secret.withBytes { scalar in
            Bytes32 { out in
                _ = crypto_scalarmult_base(out.firstByte, scalar)
            }
        }
    }

    /// The secret both sides of a pair of keys can compute. Cost: about 30 µs.
    ///
    /// It is not uniform: derive keys from it with ``HKDF``.
    ///
    /// - Throws: ``AgreementFailure/degenerateKey`` when the other key has small order, so that
    ///   the result would be zero whatever this key is (CRYPTO-6).
    public func sharedSecret(with other: Bytes32) throws(AgreementFailure) -> Bytes32 {
        var status: CInt = -1
        let shared = secret.withBytes { scalar in
            Bytes32 { out in
                status = crypto_scalarmult(
                    out.firstByte, scalar, other.bytes)
            }
        }
        guard status == 0, !ConstantTime.areEqual(shared.bytes, Bytes32.zero.bytes) else {
            throw .degenerateKey
        }
        return shared
    }
}

/// Why two keys give no shared secret.
public enum AgreementFailure: Error, Equatable, Sendable {
    /// The other key is one of the few points of small order.
    case degenerateKey
}

extension AgreementKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The public key only.
    public var description: String {
        "AgreementKey(public: \(Hexadecimal.encode(publicKey.bytes)))"
    }

    /// The public key only.
    public var debugDescription: String { description }

    /// Nothing, so that dump() shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

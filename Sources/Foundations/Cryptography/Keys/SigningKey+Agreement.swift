// SPDX-License-Identifier: Apache-2.0
import CSodium

extension SigningKey {
    /// The X25519 key of the same secret (RFC 7748 §4.1), whose public half is
    /// ``Vocabulary/PublicKey/agreementKey`` of this key's. Cost: about 50 µs.
    public var agreementKey: AgreementKey {
        // libsodium's conversion reads the seed alone: the clamped first half of its SHA-512.
        let scalar = withSeed { seed in
            SecretBytes(count: Self.seedCount) { out in
                _ = crypto_sign_ed25519_sk_to_curve25519(out.firstByte, seed)
            }
        }
        return AgreementKey(scalar)
    }
}

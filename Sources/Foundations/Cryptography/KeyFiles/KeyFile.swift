// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A signing key sealed with a passphrase, as the bytes of a small text file (CRYPTO-9).
///
/// Nine lines of `name: value`; the public key is readable, the seed is not:
///
///     atoll-key: 1
///     public-key: 03a1…                  64 digits
///     derivation: argon2id
///     passes: 3
///     memory-kibibytes: 65536
///     salt: 5c80…                        32 digits
///     cipher: xchacha20-poly1305
///     nonce: 77f1…                       48 digits
///     sealed-seed: 9be2…                 96 digits
///
/// Everything here is a function of bytes. The caller brings the random salt and nonce, and
/// writes the file with permission 0600.
public struct KeyFile: Hashable, Sendable {
    /// The key that the sealed one belongs to, readable without the passphrase. Only
    /// ``open(_:passphrase:)`` proves it.
    public let publicKey: PublicKey

    /// What opening costs.
    public let limits: DerivationLimits

    let salt: [UInt8]
    let nonce: [UInt8]
    var sealedSeed: [UInt8]

    /// The length of a salt in bytes.
    public static let saltCount = 16

    /// The length of a nonce in bytes.
    public static let nonceCount = 24

    /// The most bytes a file may have: 1,024, twice what version 1 writes.
    public static let fileBytesMax = 1_024

    /// The one version this program writes and reads.
    static let version = "1"

    /// The seed's 32 bytes and a tag of 16.
    static let sealedSeedCount = 48

    /// The file's text before the sealed seed, which the seal binds (CRYPTO-11).
    var header: [UInt8] {
        Array(
            """
            atoll-key: \(Self.version)
            public-key: \(publicKey)
            derivation: argon2id
            passes: \(limits.passes)
            memory-kibibytes: \(limits.memoryKibibytes)
            salt: \(Hexadecimal.encode(salt))
            cipher: xchacha20-poly1305
            nonce: \(Hexadecimal.encode(nonce))

            """.utf8)
    }

    /// The whole file.
    public var bytes: [UInt8] {
        header + Array("sealed-seed: \(Hexadecimal.encode(sealedSeed))\n".utf8)
    }
}

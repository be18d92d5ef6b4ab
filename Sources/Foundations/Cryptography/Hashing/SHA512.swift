// SPDX-License-Identifier: Apache-2.0
import CSodium

/// SHA-512 (FIPS 180-4), by libsodium.
public enum SHA512 {
    /// The bytes of a hash.
    public static let bytes = 64

    /// The hash of all bytes at once.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Self.bytes)
        crypto_hash_sha512(&hash, bytes, UInt64(bytes.count))
        return hash
    }
}

// SPDX-License-Identifier: Apache-2.0
import CCrypto
public import Vocabulary

/// SHA-256 (FIPS 180-4), by OpenSSL, which uses the processor's SHA instructions.
public struct SHA256: ~Copyable {
    private var state = SHA256_CTX()

    /// Starts an empty hash.
    public init() { SHA256_Init(&state) }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { SHA256_Update(&state, $0.baseAddress, $0.count) }
    }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&state, bytes.baseAddress, bytes.count)
    }

    /// Adds the thirty-two bytes of a hash.
    public mutating func update(_ digest: Digest) {
        digest.raw.withUnsafeBytes { _ = SHA256_Update(&state, $0.baseAddress, $0.count) }
    }

    /// Ends the hash; the value must not be used after.
    public mutating func finish() -> Digest {
        Digest(
            Bytes32 { out in
                SHA256_Final(out.firstByte, &state)
            })
    }

    /// The hash of all bytes at once.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }
}

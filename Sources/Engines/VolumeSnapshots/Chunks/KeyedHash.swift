// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// HMAC with SHA-256 (RFC 2104) by OpenSSL's SHA-256, which uses the processor's instructions: for
/// long contents some times as fast as `HMACSHA256`, whose results it gives.
struct KeyedHash: Sendable {
    private static let blockBytes = 64
    private let inner: [UInt8]
    private let outer: [UInt8]

    /// - Parameter key: At most 64 bytes.
    init(key: [UInt8]) {
        precondition(key.count <= Self.blockBytes, "longer keys would be hashed first")
        let padded = key + [UInt8](repeating: 0, count: Self.blockBytes - key.count)
        inner = padded.map { $0 ^ 0x36 }
        outer = padded.map { $0 ^ 0x5C }
    }

    func hash(_ content: UnsafeRawBufferPointer) -> Bytes32 {
        var hasher = SHA256()
        hasher.update(inner)
        hasher.update(content)
        var around = SHA256()
        around.update(outer)
        around.update(hasher.finish())
        return around.finish().raw
    }
}

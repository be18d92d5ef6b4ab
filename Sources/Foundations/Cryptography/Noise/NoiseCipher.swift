// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// One direction's key and nonce counter: the CipherState of the Noise framework.
///
/// Source: Noise specification revision 34 §5.1, §12.3.
public struct NoiseCipher: Sendable {
    /// The largest Noise message in bytes (§3).
    public static let messageBytesMax = 65_535
    /// How much longer than its plaintext a message is.
    public static let tagBytes = 16
    /// The largest plaintext: a message without its tag.
    public static let plaintextBytesMax = messageBytesMax - tagBytes

    let key: Bytes32
    private var nonce: UInt64

    /// Starts at nonce zero.
    init(key: Bytes32) {
        self.init(key: key, nonce: 0)
    }

    /// Starts at any nonce: for showing what happens at the last one.
    init(key: Bytes32, nonce: UInt64) {
        self.key = key
        self.nonce = nonce
    }

    /// Seals the next message.
    ///
    /// - Throws: ``NoiseFailure/noncesExhausted`` before the reserved nonce 2^64 - 1 would be used,
    ///   ``NoiseFailure/badLength(_:)`` above ``plaintextBytesMax``.
    public mutating func seal(
        _ plaintext: [UInt8], associatedData: [UInt8] = []
    ) throws(NoiseFailure) -> [UInt8] {
        guard plaintext.count <= Self.plaintextBytesMax else { throw .badLength(plaintext.count) }
        let nonce = try takeNonce()
        return ChaCha20Poly1305.seal(
            plaintext, key: key, nonce: nonce, associatedData: associatedData)
    }

    /// Opens the next message: each only once, and only in order.
    ///
    /// - Throws: ``NoiseFailure/forged``, ``NoiseFailure/noncesExhausted``,
    ///   ``NoiseFailure/badLength(_:)`` below a tag's length or above ``messageBytesMax``.
    public mutating func open(
        _ sealed: [UInt8], associatedData: [UInt8] = []
    ) throws(NoiseFailure) -> [UInt8] {
        guard sealed.count >= Self.tagBytes, sealed.count <= Self.messageBytesMax else {
            throw .badLength(sealed.count)
        }
        let nonce = try takeNonce()
        do {
            return try ChaCha20Poly1305.open(
                sealed, key: key, nonce: nonce, associatedData: associatedData)
        } catch {
            throw .forged
        }
    }

    private mutating func takeNonce() throws(NoiseFailure) -> [UInt8] {
        Self.bytes(ofNonce: try takeNonces(1))
    }

    /// Uses up so many nonces; the first of them.
    mutating func takeNonces(_ count: Int) throws(NoiseFailure) -> UInt64 {
        guard UInt64.max - nonce >= UInt64(count) else { throw .noncesExhausted }
        defer { nonce += UInt64(count) }
        return nonce
    }

    /// Four zero bytes, then the counter, little-endian (§12.3).
    static func bytes(ofNonce nonce: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 12)
        for index in 0..<8 { bytes[4 + index] = UInt8(truncatingIfNeeded: nonce >> (8 * index)) }
        return bytes
    }
}

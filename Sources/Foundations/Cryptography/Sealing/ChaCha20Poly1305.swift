// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Authenticated encryption: ChaCha20-Poly1305 with 96-bit nonces (RFC 8439).
///
/// One key must never seal two messages with the same nonce (CRYPTO-7).
public enum ChaCha20Poly1305 {
    /// The length of a nonce in bytes.
    public static let nonceCount = 12

    /// How many bytes longer than its plaintext a sealed message is.
    public static let tagCount = 16

    /// The ciphertext of `plaintext`, then a tag over it and `associatedData`.
    ///
    /// - Parameter nonce: Twelve bytes, never used before with `key`.
    public static func seal(
        _ plaintext: [UInt8], key: Bytes32, nonce: [UInt8], associatedData: [UInt8] = []
    ) -> [UInt8] {
        precondition(nonce.count == nonceCount, "a nonce has 12 bytes")
        return plaintext.count < LargeBuffers.bytesMin
            ? SmallBuffers.seal(plaintext, key, nonce, associatedData)
            : LargeBuffers.seal(plaintext, key, nonce, associatedData)
    }

    /// The plaintext of what ``seal(_:key:nonce:associatedData:)`` gave.
    ///
    /// - Throws: ``OpeningFailure/forged`` when the bytes, the associated data, the nonce or the
    ///   key are not those of the sealing; ``OpeningFailure/badNonce`` when the nonce has not
    ///   twelve bytes.
    public static func open(
        _ sealed: [UInt8], key: Bytes32, nonce: [UInt8], associatedData: [UInt8] = []
    ) throws(OpeningFailure) -> [UInt8] {
        guard nonce.count == nonceCount else { throw .badNonce }
        guard sealed.count >= tagCount else { throw .forged }
        let opened =
            sealed.count < LargeBuffers.bytesMin
            ? SmallBuffers.open(sealed, key, nonce, associatedData)
            : LargeBuffers.open(sealed, key, nonce, associatedData)
        guard let opened else { throw .forged }
        return opened
    }
}

/// Why a sealed message does not open.
public enum OpeningFailure: Error, Equatable, Sendable {
    /// The tag is not that of these bytes under this key and nonce.
    case forged
    /// The nonce has the wrong length.
    case badNonce
}

// SPDX-License-Identifier: Apache-2.0

extension NoiseCipher {
    /// The bytes of a length that stands before each message on a stream.
    public static let lengthBytes = 2

    /// Seals bytes in as few messages as they need, each behind its length of two bytes,
    /// big-endian.
    ///
    /// Cost: one allocation, whatever the number of messages.
    ///
    /// - Throws: ``NoiseFailure/noncesExhausted``.
    public mutating func sealFrames(_ plaintext: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        let pieceMax = Self.plaintextBytesMax
        let count = (plaintext.count + pieceMax - 1) / pieceMax
        let nonce = try takeNonces(count)
        return ChaCha20Poly1305.sealFrames(
            plaintext, pieceBytesMax: pieceMax, key: key, firstNonce: nonce)
    }

    /// Opens all whole messages of a stream that begin at `position`, and moves it behind them.
    ///
    /// - Throws: ``NoiseFailure/forged``, ``NoiseFailure/noncesExhausted``,
    ///   ``NoiseFailure/badLength(_:)`` of a message shorter than a tag.
    public mutating func openFrames(
        _ stream: [UInt8], from position: inout Int
    ) throws(NoiseFailure) -> [UInt8] {
        var frames: [Range<Int>] = []
        var next = position
        while stream.count - next >= Self.lengthBytes {
            let length = Int(stream[next]) << 8 | Int(stream[next + 1])
            guard length >= Self.tagBytes else { throw .badLength(length) }
            let start = next + Self.lengthBytes
            guard stream.count - start >= length else { break }
            frames.append(start..<start + length)
            next = start + length
        }
        guard !frames.isEmpty else { return [] }
        let nonce = try takeNonces(frames.count)
        guard
            let opened = ChaCha20Poly1305.openFrames(stream, frames, key: key, firstNonce: nonce)
        else { throw .forged }
        position = next
        return opened
    }
}

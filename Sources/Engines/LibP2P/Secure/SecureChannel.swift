// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// Cuts a stream into Noise messages, each behind two bytes of length, big-endian.
///
/// Source: libp2p noise specification, "Wire Format"; LIBP-12.
struct NoiseFrames: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    /// Adds what has arrived.
    mutating func append(_ bytes: [UInt8]) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        }
        buffer += bytes
    }

    /// The next whole message, which must have at least `bytesMin` bytes.
    mutating func next(bytesMin: Int) throws(NoiseFailure) -> [UInt8]? {
        guard buffer.count - start >= 2 else { return nil }
        let length = Int(buffer[start]) << 8 | Int(buffer[start + 1])
        guard length >= bytesMin else { throw .badLength(length) }
        guard buffer.count - start >= 2 + length else { return nil }
        let message = Array(buffer[start + 2..<start + 2 + length])
        start += 2 + length
        if start > NoiseCipher.messageBytesMax {
            buffer.removeFirst(start)
            start = 0
        }
        return message
    }

    /// A message behind its length.
    static func frame(_ message: [UInt8]) -> [UInt8] {
        [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }
}

/// A stream of bytes sealed in both directions.
struct SecureChannel: Sendable {
    private var session: NoiseSession
    private var frames: NoiseFrames

    /// Goes on from a handshake, with the bytes that arrived behind it.
    init(session: NoiseSession, frames: NoiseFrames) {
        self.session = session
        self.frames = frames
    }

    /// Seals bytes in as few messages as they need.
    mutating func seal(_ bytes: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        var sealed: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let end = min(position + NoiseCipher.plaintextBytesMax, bytes.count)
            let isWhole = position == 0 && end == bytes.count
            let piece = isWhole ? bytes : Array(bytes[position..<end])
            sealed += NoiseFrames.frame(try session.sending.seal(piece))
            position = end
        }
        return sealed
    }

    /// Opens what has arrived as far as messages are whole.
    mutating func receive(_ bytes: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        frames.append(bytes)
        var opened: [UInt8] = []
        while let message = try frames.next(bytesMin: NoiseCipher.tagBytes) {
            opened += try session.receiving.open(message)
        }
        return opened
    }
}

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

    /// What has arrived behind the last whole message.
    var rest: [UInt8] { Array(buffer[start...]) }

    /// A message behind its length.
    static func frame(_ message: [UInt8]) -> [UInt8] {
        [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }
}

/// A stream of bytes sealed in both directions.
struct SecureChannel: Sendable {
    private var session: NoiseSession
    private var arrived: [UInt8]

    /// Goes on from a handshake, with the bytes that arrived behind it.
    init(session: NoiseSession, frames: NoiseFrames) {
        self.session = session
        arrived = frames.rest
    }

    /// Seals bytes in as few messages as they need.
    mutating func seal(_ bytes: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        bytes.isEmpty ? [] : try session.sending.sealFrames(bytes)
    }

    /// Opens what has arrived as far as messages are whole.
    mutating func receive(_ bytes: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        // Usually whole messages arrive together: then nothing is copied before it is opened.
        if arrived.isEmpty { arrived = bytes } else { arrived += bytes }
        var position = 0
        let opened = try session.receiving.openFrames(arrived, from: &position)
        if position == arrived.count {
            arrived = []
        } else if position > 0 {
            arrived.removeFirst(position)
        }
        return opened
    }
}

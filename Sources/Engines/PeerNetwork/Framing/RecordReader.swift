// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// From the bytes of a stream to frames: cutting, opening, assembling.
struct RecordReader: Sendable {
    private var buffer = RecordBuffer()
    private var cipher: NoiseCipher
    private var assembler: FrameAssembler

    /// Reads what the peer seals with the other end of `cipher`.
    init(cipher: NoiseCipher, messageBytesMax: Int) {
        self.cipher = cipher
        assembler = FrameAssembler(messageBytesMax: messageBytesMax)
    }

    /// Takes bytes and returns the frames they complete, in order.
    ///
    /// - Throws: ``DisconnectReason/recordForged``, ``DisconnectReason/malformedRecord``,
    ///   ``DisconnectReason/messageTooLong(length:limit:)``,
    ///   ``DisconnectReason/noncesExhausted``; nothing may be read after.
    mutating func receive(_ bytes: [UInt8]) throws(DisconnectReason) -> [Frame] {
        buffer.append(bytes)
        var frames: [Frame] = []
        while let sealed = try buffer.next() {
            let record: [UInt8]
            do {
                record = try cipher.open(sealed)
            } catch {
                throw error == .noncesExhausted ? .noncesExhausted : .recordForged
            }
            try assembler.receive(record, into: &frames)
        }
        return frames
    }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// From records' plaintexts to the bytes of one write.
struct RecordWriter: Sendable {
    private var cipher: NoiseCipher

    /// Seals with this side's key.
    init(cipher: NoiseCipher) {
        self.cipher = cipher
    }

    /// Seals records, each of at most ``NoiseCipher/plaintextBytesMax`` bytes, into one buffer.
    ///
    /// - Throws: ``DisconnectReason/noncesExhausted``.
    mutating func seal(_ records: [[UInt8]]) throws(DisconnectReason) -> [UInt8] {
        var output: [UInt8] = []
        let overhead = RecordBuffer.lengthBytes + NoiseCipher.tagBytes
        output.reserveCapacity(records.reduce(0) { $0 + $1.count + overhead })
        for record in records {
            let sealed: [UInt8]
            do {
                sealed = try cipher.seal(record)
            } catch {
                throw .noncesExhausted
            }
            output.append(UInt8(truncatingIfNeeded: sealed.count >> 8))
            output.append(UInt8(truncatingIfNeeded: sealed.count))
            output += sealed
        }
        return output
    }

    /// Seals one frame that fits in a record by itself.
    mutating func seal(_ frame: Frame) throws(DisconnectReason) -> [UInt8] {
        try seal([SendQueue.record(of: frame)])
    }
}

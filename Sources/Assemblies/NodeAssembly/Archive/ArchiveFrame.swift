// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// The pieces of an archive file (ARCHIVE-6): kind (1 byte), length (4, little-endian), body, and
/// the first 8 bytes of the seal.
///
/// The seal is SHA-256 over the seal before it, kind, length and body; the first seal is SHA-256 of
/// the mark. So a piece that is changed, lost, added or moved breaks the seal at its place.
enum ArchiveFrame {
    /// The first eight bytes of every archive.
    static let mark = Array("ATOLLAR1".utf8)
    static let headerBytes = 5
    static let sealBytes = 8
    /// The most bytes of a body: a genesis file of 16 MiB; a block has at most 4 MiB of payload
    /// and 0.9 MiB of proof.
    static let bodyBytesMax = 16 << 20

    enum Kind: UInt8 {
        /// The last piece: how many blocks there are, and the last one's hash.
        case end = 0
        /// The first piece: the genesis file.
        case genesis = 1
        /// A final block with its proof.
        case block = 2
        /// After the last block of an epoch, when more blocks follow: how the epoch ended.
        case epoch = 3
    }

    /// The seals of pieces in order.
    struct Seal {
        private var state = SHA256.hash(mark)

        /// Seals the next piece.
        mutating func advance(header: [UInt8], body: [UInt8]) -> [UInt8] {
            var hash = SHA256()
            hash.update(state.raw.bytes)
            hash.update(header)
            hash.update(body)
            state = hash.finish()
            return Array(state.raw.bytes.prefix(sealBytes))
        }
    }

    static func header(_ kind: Kind, bodyBytes: Int) -> [UInt8] {
        let length = UInt32(bodyBytes)
        return [kind.rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    }

    /// What the last piece says.
    struct End: CanonicalCodable, Hashable {
        let blocks: UInt64
        let last: Digest

        init(blocks: UInt64, last: Digest) {
            self.blocks = blocks
            self.last = last
        }

        func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(blocks)
            encoder.write(last)
        }

        init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            blocks = try decoder.read()
            last = try decoder.read()
        }
    }
}

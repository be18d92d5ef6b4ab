// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Asks a peer for a range of a blob.
struct BlobRequest: CanonicalCodable {
    /// The most bytes of one range: 256 KiB, four records of the transport.
    static let countMax: UInt32 = 256 << 10

    let digest: Digest
    let offset: UInt64
    let count: UInt32

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(digest)
        encoder.write(offset)
        encoder.write(count)
    }

    init(digest: Digest, offset: UInt64, count: UInt32) {
        self.digest = digest
        self.offset = offset
        self.count = count
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        digest = try decoder.read()
        offset = try decoder.read()
        count = try decoder.read()
        guard count <= Self.countMax else {
            throw .tooLong(length: Int(count), limit: Int(Self.countMax))
        }
    }
}

/// A range of a blob, with the size of the whole.
struct BlobRange: CanonicalCodable {
    let size: UInt64
    let bytes: [UInt8]

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(size)
        encoder.writeBytes(bytes)
    }

    init(size: UInt64, bytes: [UInt8]) {
        self.size = size
        self.bytes = bytes
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        size = try decoder.read()
        bytes = try decoder.readBytes(limit: Int(BlobRequest.countMax))
    }

    /// Whether this is all that was asked for: a peer that gives a byte at a time would hold a
    /// download up for ever.
    func isWhole(for request: BlobRequest) -> Bool {
        guard request.offset <= size else { return false }
        return UInt64(bytes.count) == min(UInt64(request.count), size - request.offset)
    }
}

/// Where missing blobs come from.
protocol BlobSource: Sendable {
    /// Peers to ask, the likeliest first.
    func holders() async -> [PublicKey]
    /// Asks one peer for a range; nil when it has no such blob or does not answer.
    func range(_ request: BlobRequest, from peer: PublicKey) async -> BlobRange?
}

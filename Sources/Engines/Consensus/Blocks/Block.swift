// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A header and the payload it commits to; the two always agree.
public struct Block: Hashable, Sendable {
    /// The most bytes one payload may hold: 4 MiB, a second of a 32 Mbit/s link.
    public static let payloadBytesMax = 4 << 20

    /// What is signed.
    public let header: BlockHeader
    /// What consensus carries without reading it.
    public let payload: [UInt8]
    /// The header's hash.
    public let hash: Digest

    /// Joins a header and its payload.
    ///
    /// - Returns: Nothing when the payload is too long or is not the one the header names.
    public init?(header: BlockHeader, payload: [UInt8]) {
        guard payload.count <= Self.payloadBytesMax else { return nil }
        guard Self.digest(of: payload) == header.payloadDigest else { return nil }
        self.header = header
        self.payload = payload
        hash = header.hash
    }

    /// The digest a header must carry for a payload.
    public static func digest(of payload: [UInt8]) -> Digest { SHA256.hash(payload) }

    /// Compares the headers, which commit to the payloads.
    public static func == (left: Block, right: Block) -> Bool { left.hash == right.hash }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension Block: CanonicalCodable {
    /// Appends the header, then the payload.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(header)
        encoder.writeBytes(payload)
    }

    /// Reads a header and the payload it names.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let header = try decoder.read(BlockHeader.self)
        let payload = try decoder.readBytes(limit: Self.payloadBytesMax)
        guard let block = Block(header: header, payload: payload) else {
            throw .outOfRange("Block")
        }
        self = block
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// One link of a lane: a signed header and the payload it commits to (LANES-1).
///
/// A batch from the wire is not checked yet: neither its signature nor its payload's digest. The
/// machine checks both, once, and only when it has a use for the batch.
public struct Batch: Hashable, Sendable {
    /// The most bytes one payload may hold: 512 KiB, 4 ms of a link of 1 Gbit/s.
    public static let payloadBytesMax = 512 << 10
    /// The most bytes of one batch: header (122), signature (64), length (3) and payload.
    public static let bytesMax = BatchHeader.encodedBytes + 64 + 3 + payloadBytesMax

    /// The header and its owner's signature.
    public let signed: SignedBatchHeader
    /// What the lane carries without reading it.
    public let payload: [UInt8]
    /// The header's hash.
    public let hash: Digest

    /// The header alone.
    public var header: BatchHeader { signed.header }
    /// Where the batch stands.
    public var tip: LaneTip {
        LaneTip(lane: header.lane, height: header.height, hash: hash)
    }

    /// Joins a signed header and a payload without checking either against the other.
    public init(signed: SignedBatchHeader, payload: [UInt8]) {
        self.signed = signed
        self.payload = payload
        hash = signed.header.hash
    }

    /// Makes and signs the batch after `parent` in the lane of `key`.
    ///
    /// - Parameter payload: 1 to ``payloadBytesMax`` bytes.
    public init(
        _ payload: [UInt8], transactionCount: UInt32, after parent: LaneTip, chain: ChainID,
        epoch: Epoch, by key: SigningKey
    ) {
        let header = BatchHeader(
            chain: chain, epoch: epoch, lane: parent.lane, height: parent.height + 1,
            parent: parent.hash, payloadDigest: SHA256.hash(payload),
            transactionCount: transactionCount, payloadBytes: UInt32(payload.count))
        self.init(signed: SignedBatchHeader(header, by: key), payload: payload)
    }

    /// Whether the payload is the one the header names. Cost: one hash of the payload.
    public var isIntact: Bool {
        payload.count == Int(header.payloadBytes)
            && SHA256.hash(payload) == header.payloadDigest
    }

    /// Compares headers and signatures; the header commits to the payload.
    public static func == (left: Batch, right: Batch) -> Bool {
        left.hash == right.hash && left.signed.signature == right.signed.signature
    }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension Batch: CanonicalCodable {
    /// Appends the signed header, then the payload.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(signed)
        encoder.writeBytes(payload)
    }

    /// Reads a batch whose payload has the length that its header states.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let signed = try decoder.read(SignedBatchHeader.self)
        let payload = try decoder.readBytes(limit: Self.payloadBytesMax)
        guard payload.count == Int(signed.header.payloadBytes) else { throw .outOfRange("Batch") }
        self.init(signed: signed, payload: payload)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// What a lane's owner signs about one batch: its place in the lane and what it carries (LANES-1).
public struct BatchHeader: Hashable, Sendable {
    /// The chain the lane belongs to.
    public var chain: ChainID
    /// The epoch the lane belongs to; every epoch has new lanes.
    public var epoch: Epoch
    /// The owner's place in the epoch's validator set.
    public var lane: UInt16
    /// Its place in the lane; the first batch has height 1.
    public var height: UInt64
    /// The hash of the batch before; ``Digest/zero`` for the first.
    public var parent: Digest
    /// The SHA-256 of the payload.
    public var payloadDigest: Digest
    /// How many transactions the owner says the payload holds; a hint that nothing rests on.
    public var transactionCount: UInt32
    /// The length of the payload, 1 to ``Batch/payloadBytesMax``.
    public var payloadBytes: UInt32

    /// Gathers the fields.
    public init(
        chain: ChainID, epoch: Epoch, lane: UInt16, height: UInt64, parent: Digest,
        payloadDigest: Digest, transactionCount: UInt32, payloadBytes: UInt32
    ) {
        self.chain = chain
        self.epoch = epoch
        self.lane = lane
        self.height = height
        self.parent = parent
        self.payloadDigest = payloadDigest
        self.transactionCount = transactionCount
        self.payloadBytes = payloadBytes
    }

    /// The hash that names the batch.
    public var hash: Digest { digest(domain: "atoll/batch/1") }

    /// What the owner signs: the header under a tag of its own.
    public var signedBytes: [UInt8] { signedBytes(domain: "atoll/lane/1") }

    /// Whether the fields agree with each other, whatever the lane holds.
    var isPlausible: Bool {
        guard height > 0, (height == 1) == (parent == .zero) else { return false }
        return payloadBytes > 0 && payloadBytes <= UInt32(Batch.payloadBytesMax)
    }
}

extension BatchHeader: CanonicalCodable {
    /// The bytes of one header: 32 + 8 + 2 + 8 + 32 + 32 + 4 + 4.
    public static let encodedBytes = 122

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(epoch)
        encoder.write(lane)
        encoder.write(height)
        encoder.write(parent)
        encoder.write(payloadDigest)
        encoder.write(transactionCount)
        encoder.write(payloadBytes)
    }

    /// Reads the fields in order.
    ///
    /// - Throws: ``CanonicalError/outOfRange(_:)`` when the fields do not agree with each other.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        lane = try decoder.read()
        height = try decoder.read()
        parent = try decoder.read()
        payloadDigest = try decoder.read()
        transactionCount = try decoder.read()
        payloadBytes = try decoder.read()
        guard isPlausible else { throw .outOfRange("BatchHeader") }
    }
}

/// A batch's header with its owner's signature: what two batches of one height leave as proof.
public struct SignedBatchHeader: CanonicalCodable, Hashable {
    /// What was signed.
    public let header: BatchHeader
    /// The owner's signature over ``BatchHeader/signedBytes``.
    public let signature: Signature

    /// Joins the parts without checking them.
    public init(header: BatchHeader, signature: Signature) {
        self.header = header
        self.signature = signature
    }

    /// Signs a header.
    public init(_ header: BatchHeader, by key: SigningKey) {
        self.init(header: header, signature: key.sign(header.signedBytes))
    }

    /// What has to be verified: that `owner` signed this.
    func claim(of owner: PublicKey) -> SignatureClaim {
        SignatureClaim(key: owner, signature: signature, message: header.signedBytes)
    }

    /// Appends the header, then the signature.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(header)
        encoder.write(signature)
    }

    /// Reads a signed header without checking the signature.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        header = try decoder.read()
        signature = try decoder.read()
    }
}

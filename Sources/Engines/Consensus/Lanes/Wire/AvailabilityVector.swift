// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// What one validator newly holds in all lanes, signed once (LANES-6).
///
/// Each entry says: I hold this batch and every batch of its lane from the last ordered one to it,
/// checked and durable.
public struct AvailabilityVector: Hashable, Sendable {
    /// The most entries: sixteen for each of 128 lanes. 2048 · 42 bytes are 84 KiB.
    public static let entriesMax = 16 * ValidatorSet.validatorsMax

    /// The chain.
    public let chain: ChainID
    /// The epoch of the lanes.
    public let epoch: Epoch
    /// The author's place in the validator set.
    public let validator: UInt16
    /// Rises with each vector of one life of its author. A link that is behind may drop an older
    /// vector for a newer one: what was in it comes again (LANES-7).
    public let sequence: UInt64
    /// Batches held, rising by lane and then by height.
    public let entries: [LaneTip]
    /// The author's signature over ``signedBytes``.
    public let signature: Signature

    /// Joins the parts without checking them.
    public init(
        chain: ChainID, epoch: Epoch, validator: UInt16, sequence: UInt64, entries: [LaneTip],
        signature: Signature
    ) {
        self.chain = chain
        self.epoch = epoch
        self.validator = validator
        self.sequence = sequence
        self.entries = entries
        self.signature = signature
    }

    /// Signs what `key` holds.
    public init(
        _ entries: [LaneTip], sequence: UInt64, chain: ChainID, epoch: Epoch, validator: UInt16,
        by key: SigningKey
    ) {
        let bytes = Self.signedBytes(
            chain: chain, epoch: epoch, validator: validator, sequence: sequence, entries: entries)
        self.init(
            chain: chain, epoch: epoch, validator: validator, sequence: sequence, entries: entries,
            signature: key.sign(bytes))
    }

    /// What the author signs: all fields but the signature, under a tag of their own.
    public var signedBytes: [UInt8] {
        Self.signedBytes(
            chain: chain, epoch: epoch, validator: validator, sequence: sequence, entries: entries)
    }

    private static func signedBytes(
        chain: ChainID, epoch: Epoch, validator: UInt16, sequence: UInt64, entries: [LaneTip]
    ) -> [UInt8] {
        var encoder = CanonicalEncoder(capacity: 80 + entries.count * LaneTip.encodedBytes)
        encoder.writeFixed("atoll/availability/1".utf8)
        encoder.write(UInt8(0))
        encoder.write(chain)
        encoder.write(epoch)
        encoder.write(validator)
        encoder.write(sequence)
        encoder.writeList(entries)
        return encoder.bytes
    }

    /// Whether the entries rise.
    static func isOrdered(_ entries: [LaneTip]) -> Bool {
        zip(entries, entries.dropFirst()).allSatisfy {
            ($0.lane, $0.height) < ($1.lane, $1.height)
        }
    }
}

extension AvailabilityVector: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(epoch)
        encoder.write(validator)
        encoder.write(sequence)
        encoder.writeList(entries)
        encoder.write(signature)
    }

    /// Reads a vector without checking the signature.
    ///
    /// - Throws: ``CanonicalError/outOfRange(_:)`` when it is empty or its entries do not rise.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        validator = try decoder.read()
        sequence = try decoder.read()
        entries = try decoder.readList(limit: Self.entriesMax)
        signature = try decoder.read()
        guard !entries.isEmpty, Self.isOrdered(entries) else {
            throw .outOfRange("AvailabilityVector")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A provider's offer, and until when it holds the resources for it.
public struct LeaseBid: Hashable, Sendable, CanonicalCodable {
    /// Who offers.
    public let provider: AccountID
    /// What it asks for running the lease.
    public let prices: LeasePrices
    /// What it asks for a period of standing by.
    public let standbyRate: Amount
    /// With which key it signs receipts and snapshots.
    public let receiptKey: PublicKey
    /// The last moment at which it can be accepted.
    public let heldUntil: Timestamp

    /// Joins the fields.
    public init(
        provider: AccountID, prices: LeasePrices, standbyRate: Amount, receiptKey: PublicKey,
        heldUntil: Timestamp
    ) {
        self.provider = provider
        self.prices = prices
        self.standbyRate = standbyRate
        self.receiptKey = receiptKey
        self.heldUntil = heldUntil
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(provider)
        encoder.write(prices)
        encoder.write(standbyRate)
        encoder.write(receiptKey)
        encoder.write(heldUntil)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        provider = try decoder.read()
        prices = try decoder.read()
        standbyRate = try decoder.read()
        receiptKey = try decoder.read()
        heldUntil = try decoder.read()
    }
}

/// A provider that runs a lease or stands by.
public struct LeaseSeat: Hashable, Sendable, CanonicalCodable {
    /// Who.
    public let provider: AccountID
    /// Its prices as the one who runs it.
    public let prices: LeasePrices
    /// Its price for a period of standing by.
    public let standbyRate: Amount
    /// With which key it signs receipts and snapshots.
    public let receiptKey: PublicKey
    /// Until when its standing by is paid.
    public internal(set) var paidUntil: Timestamp
    /// The newest snapshot that it is known to have.
    public internal(set) var snapshot: SnapshotMark?

    init(_ bid: LeaseBid, at now: Timestamp) {
        provider = bid.provider
        prices = bid.prices
        standbyRate = bid.standbyRate
        receiptKey = bid.receiptKey
        paidUntil = now
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(provider)
        encoder.write(prices)
        encoder.write(standbyRate)
        encoder.write(receiptKey)
        encoder.write(paidUntil)
        encoder.writeOptional(snapshot)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        provider = try decoder.read()
        prices = try decoder.read()
        standbyRate = try decoder.read()
        receiptKey = try decoder.read()
        paidUntil = try decoder.read()
        snapshot = try decoder.readOptional()
    }
}

/// What the ledger keeps of a snapshot.
public struct SnapshotMark: Hashable, Sendable, CanonicalCodable {
    /// Its number.
    public let sequence: UInt64
    /// Its digest.
    public let digest: Digest
    /// Its size.
    public let bytes: UInt64
    /// When it was taken.
    public let takenAt: Timestamp

    /// The mark of a snapshot.
    public init(_ snapshot: VolumeSnapshot) {
        sequence = snapshot.sequence
        digest = snapshot.digest
        bytes = snapshot.bytes
        takenAt = snapshot.takenAt
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(sequence)
        encoder.write(digest)
        encoder.write(bytes)
        encoder.write(takenAt)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        sequence = try decoder.read()
        digest = try decoder.read()
        bytes = try decoder.read()
        takenAt = try decoder.read()
    }
}

/// What a provider has, and how much of it is held for others.
public struct ProviderCapacity: Hashable, Sendable, CanonicalCodable {
    /// What it declared.
    public internal(set) var declared: ResourceAmounts
    /// What bids and leases hold of it.
    public internal(set) var held: ResourceAmounts
    /// Where it is.
    public internal(set) var region: String
    /// What it states of itself, ascending.
    public internal(set) var attributes: [String]

    /// Joins the fields.
    public init(
        declared: ResourceAmounts, held: ResourceAmounts, region: String, attributes: [String]
    ) {
        self.declared = declared
        self.held = held
        self.region = region
        self.attributes = attributes
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(declared)
        encoder.write(held)
        encoder.writeText(region)
        encoder.writeNames(attributes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        declared = try decoder.read()
        held = try decoder.read()
        region = try decoder.readText(limit: ResourceAmounts.nameBytesMax)
        attributes = try decoder.readNames(limit: LeaseTerms.wordsMax)
    }
}

/// What became of a lease, written once when it ends and kept for ever.
public struct ClosedLease: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// Who asked and paid.
    public let tenant: AccountID
    /// The tenant's number for what belongs together.
    public let deployment: Bytes32
    /// The digest of what ran last.
    public let manifest: Digest
    /// Who ran it last; nobody when nobody began.
    public let provider: AccountID?
    /// The last token.
    public let token: FencingToken
    /// How many receipts were settled.
    public let receipts: UInt64
    /// The digest of the last of them.
    public let lastReceipt: Digest
    /// The asset of both sums.
    public let asset: AssetID
    /// What providers were paid.
    public let paid: Amount
    /// What the tenant got back.
    public let refund: Amount
    /// Why it ended.
    public let reason: CloseReason
    /// Who signed that; nothing when the law ended it.
    public let by: AccountID?
    /// When it was ordered.
    public let openedAt: Timestamp
    /// When it ended.
    public let closedAt: Timestamp

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(tenant)
        encoder.write(deployment)
        encoder.write(manifest)
        encoder.writeOptional(provider)
        encoder.write(token)
        encoder.write(receipts)
        encoder.write(lastReceipt)
        encoder.write(asset)
        encoder.write(paid)
        encoder.write(refund)
        encoder.write(reason)
        encoder.writeOptional(by)
        encoder.write(openedAt)
        encoder.write(closedAt)
    }
}

extension ClosedLease {
    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        tenant = try decoder.read()
        deployment = try decoder.read()
        manifest = try decoder.read()
        provider = try decoder.readOptional()
        token = try decoder.read()
        receipts = try decoder.read()
        lastReceipt = try decoder.read()
        asset = try decoder.read()
        paid = try decoder.read()
        refund = try decoder.read()
        reason = try decoder.read()
        by = try decoder.readOptional()
        openedAt = try decoder.read()
        closedAt = try decoder.read()
    }
}

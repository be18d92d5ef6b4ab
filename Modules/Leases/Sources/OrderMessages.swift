// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// A provider says what it has to lease (LEASES-2).
public struct DeclareCapacity: Hashable, Sendable, CanonicalCodable {
    /// What it has, all of it; zero to leave.
    public let capacity: ResourceAmounts
    /// Where it is, such as `eu-north`.
    public let region: String
    /// What it states of itself, ascending, such as `tier=2`.
    public let attributes: [String]

    /// Joins the fields.
    public init(capacity: ResourceAmounts, region: String, attributes: [String]) {
        self.capacity = capacity
        self.region = region
        self.attributes = attributes
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(capacity)
        encoder.writeText(region)
        encoder.writeNames(attributes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        capacity = try decoder.read()
        region = try decoder.readText(limit: ResourceAmounts.nameBytesMax)
        attributes = try decoder.readNames(limit: LeaseTerms.wordsMax)
    }
}

/// A tenant orders a lease and sets money aside for it (LEASES-3).
public struct OpenLease: Hashable, Sendable, CanonicalCodable {
    /// What is asked and offered.
    public let terms: LeaseTerms
    /// What is set aside at first.
    public let deposit: Amount

    /// Joins the fields.
    public init(terms: LeaseTerms, deposit: Amount) {
        self.terms = terms
        self.deposit = deposit
    }

    /// The id the lease gets when this message is executed in a transaction with that hash.
    public func lease(of sender: AccountID, transaction: Digest) -> LeaseID {
        var encoder = CanonicalEncoder()
        encoder.writeFixed("atoll/leases/lease/1".utf8)
        encoder.write(UInt8(0))
        encoder.write(sender)
        encoder.write(transaction)
        encoder.write(terms)
        return LeaseID(SHA256.hash(encoder.bytes).raw)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(terms)
        encoder.write(deposit)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        terms = try decoder.read()
        deposit = try decoder.read()
    }
}

/// A provider offers to run a lease or to stand by, and holds the resources (LEASES-4).
public struct BidForLease: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// What it asks for running it.
    public let prices: LeasePrices
    /// What it asks for a period of standing by.
    public let standbyRate: Amount
    /// With which key it will sign receipts and snapshots.
    public let receiptKey: PublicKey
    /// How long the bid holds.
    public let holdMilliseconds: UInt64

    /// Joins the fields.
    public init(
        lease: LeaseID, prices: LeasePrices, standbyRate: Amount, receiptKey: PublicKey,
        holdMilliseconds: UInt64
    ) {
        self.lease = lease
        self.prices = prices
        self.standbyRate = standbyRate
        self.receiptKey = receiptKey
        self.holdMilliseconds = holdMilliseconds
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(prices)
        encoder.write(standbyRate)
        encoder.write(receiptKey)
        encoder.write(holdMilliseconds)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        prices = try decoder.read()
        standbyRate = try decoder.read()
        receiptKey = try decoder.read()
        holdMilliseconds = try decoder.read()
    }
}

/// The tenant gives seats to bidders (LEASES-5).
public struct AcceptBids: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// While it is open the one who runs it and then those who stand by; later those who stand by.
    public let providers: [AccountID]

    /// The most providers of one message.
    public static let providersMax = 3

    /// Joins the fields.
    public init(lease: LeaseID, providers: [AccountID]) {
        self.lease = lease
        self.providers = providers
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.writeList(providers)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        providers = try decoder.readList(limit: Self.providersMax)
    }
}

/// The chosen provider has the manifest and begins (LEASES-6).
public struct StartLease: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// The token it was given.
    public let token: FencingToken

    /// Joins the fields.
    public init(lease: LeaseID, token: FencingToken) {
        self.lease = lease
        self.token = token
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(token)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        token = try decoder.read()
    }
}

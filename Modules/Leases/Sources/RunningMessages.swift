// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A provider says that it is there, for many leases at once (LEASES-7).
public struct RenewLeases: Hashable, Sendable, CanonicalCodable {
    /// Which leases it runs.
    public let leases: [LeaseRenewal]

    /// The most leases of one message.
    public static let leasesMax = 64

    /// Joins the fields.
    public init(leases: [LeaseRenewal]) {
        self.leases = leases
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeList(leases)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        leases = try decoder.readList(limit: Self.leasesMax)
    }
}

/// What both sides signed is paid (LEASES-10).
public struct SettleUsage: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// Receipts in their order.
    public let receipts: [CosignedReceipt]

    /// The most receipts of one message.
    public static let receiptsMax = 16

    /// Joins the fields.
    public init(lease: LeaseID, receipts: [CosignedReceipt]) {
        self.lease = lease
        self.receipts = receipts
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.writeList(receipts)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        receipts = try decoder.readList(limit: Self.receiptsMax)
    }
}

/// A provider claims the base price of time that its tenant signed nothing for (LEASES-11).
public struct ClaimBase: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// The token it has.
    public let token: FencingToken
    /// Until when.
    public let until: Timestamp

    /// Joins the fields.
    public init(lease: LeaseID, token: FencingToken, until: Timestamp) {
        self.lease = lease
        self.token = token
        self.until = until
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(token)
        encoder.write(until)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        token = try decoder.read()
        until = try decoder.read()
    }
}

/// The tenant says that a claim is not owed; the lease ends (LEASES-11).
public struct ContestClaim: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID

    /// Joins the fields.
    public init(lease: LeaseID) {
        self.lease = lease
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
    }
}

/// Anybody adds to a lease's funds (LEASES-13).
public struct TopUpLease: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// How much.
    public let amount: Amount

    /// Joins the fields.
    public init(lease: LeaseID, amount: Amount) {
        self.lease = lease
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        amount = try decoder.read()
    }
}

/// One lease that a provider renews.
public struct LeaseRenewal: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// The token it has.
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

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A standby has a snapshot of the volumes (LEASES-14).
public struct ReportSnapshot: Hashable, Sendable, CanonicalCodable {
    /// What it has, as its giver agrees.
    public let statement: AcknowledgedSnapshot

    /// Joins the fields.
    public init(statement: AcknowledgedSnapshot) {
        self.statement = statement
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(statement)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        statement = try decoder.read()
    }
}

/// A standby goes on where a silent provider stopped (LEASES-15).
public struct TakeOverLease: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// The token of the provider that is replaced.
    public let token: FencingToken
    /// The newest snapshot, where the ledger does not know it yet.
    public let statement: AcknowledgedSnapshot?

    /// Joins the fields.
    public init(lease: LeaseID, token: FencingToken, statement: AcknowledgedSnapshot? = nil) {
        self.lease = lease
        self.token = token
        self.statement = statement
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(token)
        encoder.writeOptional(statement)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        token = try decoder.read()
        statement = try decoder.readOptional()
    }
}

/// A provider says that it will take a lease back (LEASES-16).
public struct NoticeReclaim: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// The token it has.
    public let token: FencingToken
    /// Why.
    public let reason: CloseReason

    /// Joins the fields.
    public init(lease: LeaseID, token: FencingToken, reason: CloseReason) {
        self.lease = lease
        self.token = token
        self.reason = reason
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(token)
        encoder.write(reason)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        token = try decoder.read()
        reason = try decoder.read()
    }
}

/// The tenant or the provider ends a lease (LEASES-17).
public struct CloseLease: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// Why.
    public let reason: CloseReason

    /// Joins the fields.
    public init(lease: LeaseID, reason: CloseReason) {
        self.lease = lease
        self.reason = reason
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(reason)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        reason = try decoder.read()
    }
}

/// A standby leaves, or the tenant sends it away (LEASES-18).
public struct EndStandby: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// Who stands by no longer.
    public let standby: AccountID

    /// Joins the fields.
    public init(lease: LeaseID, standby: AccountID) {
        self.lease = lease
        self.standby = standby
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(standby)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        standby = try decoder.read()
    }
}

/// The tenant wants something else run in the same lease (LEASES-8).
public struct UpdateManifest: Hashable, Sendable, CanonicalCodable {
    /// The lease.
    public let lease: LeaseID
    /// The digest of it.
    public let manifest: Digest

    /// Joins the fields.
    public init(lease: LeaseID, manifest: Digest) {
        self.lease = lease
        self.manifest = manifest
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(manifest)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        manifest = try decoder.read()
    }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What a lease used in one stretch of time, as its provider counted and its tenant agreed; each
/// names the one before by its hash, so that there is only one chain (LEASES-10).
public struct UsageReceipt: Hashable, Sendable, CanonicalCodable {
    /// The chain of blocks.
    public let chain: ChainID
    /// The lease.
    public let lease: LeaseID
    /// Who counted.
    public let provider: AccountID
    /// The token under which it was.
    public let token: FencingToken
    /// From 1, without gaps.
    public let sequence: UInt64
    /// The digest of the receipt before; zero for the first.
    public let previous: Digest
    /// When the stretch began.
    public let from: Timestamp
    /// When it ended.
    public let until: Timestamp
    /// What was used.
    public let usage: UsageAmounts

    /// The domain tag of its signatures and of its digest.
    public static let domain = "atoll/leases/usage-receipt/1"

    /// Joins the fields.
    public init(
        chain: ChainID, lease: LeaseID, provider: AccountID, token: FencingToken,
        sequence: UInt64, previous: Digest, from: Timestamp, until: Timestamp,
        usage: UsageAmounts
    ) {
        self.chain = chain
        self.lease = lease
        self.provider = provider
        self.token = token
        self.sequence = sequence
        self.previous = previous
        self.from = from
        self.until = until
        self.usage = usage
    }

    /// What both sign.
    public var signedBytes: [UInt8] { signedBytes(domain: Self.domain) }
    /// What the next receipt names.
    public var digest: Digest { SHA256.hash(signedBytes) }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(lease)
        encoder.write(provider)
        encoder.write(token)
        encoder.write(sequence)
        encoder.write(previous)
        encoder.write(from)
        encoder.write(until)
        encoder.write(usage)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        lease = try decoder.read()
        provider = try decoder.read()
        token = try decoder.read()
        sequence = try decoder.read()
        previous = try decoder.read()
        from = try decoder.read()
        until = try decoder.read()
        usage = try decoder.read()
    }
}

/// A receipt with both signatures.
public struct CosignedReceipt: Hashable, Sendable, CanonicalCodable {
    /// What was used.
    public let receipt: UsageReceipt
    /// By the receipt key of the provider's bid.
    public let byProvider: Signature
    /// By the receipt key of the tenant's terms.
    public let byTenant: Signature

    /// Joins the fields.
    public init(_ receipt: UsageReceipt, byProvider: Signature, byTenant: Signature) {
        self.receipt = receipt
        self.byProvider = byProvider
        self.byTenant = byTenant
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(receipt)
        encoder.write(byProvider)
        encoder.write(byTenant)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        receipt = try decoder.read()
        byProvider = try decoder.read()
        byTenant = try decoder.read()
    }
}

/// What a standby has of a lease's volumes (LEASES-14).
public struct VolumeSnapshot: Hashable, Sendable, CanonicalCodable {
    /// The chain of blocks.
    public let chain: ChainID
    /// The lease.
    public let lease: LeaseID
    /// Who has it.
    public let standby: AccountID
    /// The token of the provider that gave it.
    public let token: FencingToken
    /// Rises with every snapshot of a lease.
    public let sequence: UInt64
    /// The digest of everything in it; zero when the lease keeps nothing.
    public let digest: Digest
    /// How large it is.
    public let bytes: UInt64
    /// When it was taken.
    public let takenAt: Timestamp

    /// The domain tag of its signature.
    public static let domain = "atoll/leases/volume-snapshot/1"

    /// Joins the fields.
    public init(
        chain: ChainID, lease: LeaseID, standby: AccountID, token: FencingToken,
        sequence: UInt64, digest: Digest, bytes: UInt64, takenAt: Timestamp
    ) {
        self.chain = chain
        self.lease = lease
        self.standby = standby
        self.token = token
        self.sequence = sequence
        self.digest = digest
        self.bytes = bytes
        self.takenAt = takenAt
    }

    /// What the provider signs.
    public var signedBytes: [UInt8] { signedBytes(domain: Self.domain) }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(lease)
        encoder.write(standby)
        encoder.write(token)
        encoder.write(sequence)
        encoder.write(digest)
        encoder.write(bytes)
        encoder.write(takenAt)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        lease = try decoder.read()
        standby = try decoder.read()
        token = try decoder.read()
        sequence = try decoder.read()
        digest = try decoder.read()
        bytes = try decoder.read()
        takenAt = try decoder.read()
    }
}

/// A snapshot that its giver agrees a standby has; the standby agrees by sending it.
public struct AcknowledgedSnapshot: Hashable, Sendable, CanonicalCodable {
    /// What the standby has.
    public let snapshot: VolumeSnapshot
    /// By the receipt key of the provider's bid.
    public let byProvider: Signature

    /// Joins the fields.
    public init(_ snapshot: VolumeSnapshot, byProvider: Signature) {
        self.snapshot = snapshot
        self.byProvider = byProvider
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(snapshot)
        encoder.write(byProvider)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        snapshot = try decoder.read()
        byProvider = try decoder.read()
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Leases
public import Vocabulary

/// Where a lease's chain of receipts stands: what the next receipt needs of the one before.
public struct ReceiptPlace: Hashable, Sendable {
    /// The lease.
    public let lease: LeaseID
    /// Who runs it.
    public let provider: AccountID
    /// The token under which it does.
    public let token: FencingToken
    /// The number of the last receipt; 0 when there is none.
    public let sequence: UInt64
    /// Its digest; zero when there is none.
    public let digest: Digest
    /// Until when use is settled or signed.
    public let until: Timestamp

    /// Joins the fields.
    public init(
        lease: LeaseID, provider: AccountID, token: FencingToken, sequence: UInt64,
        digest: Digest, until: Timestamp
    ) {
        self.lease = lease
        self.provider = provider
        self.token = token
        self.sequence = sequence
        self.digest = digest
        self.until = until
    }

    /// Where the ledger stands, or nothing when nobody runs the lease.
    public init?(_ record: LeaseRecord) {
        guard let seat = record.primary else { return nil }
        self.init(
            lease: record.lease, provider: seat.provider, token: record.token,
            sequence: record.receipts, digest: record.lastReceipt, until: record.settledUntil)
    }

    /// Where it stands after a receipt.
    public init(after receipt: UsageReceipt) {
        self.init(
            lease: receipt.lease, provider: receipt.provider, token: receipt.token,
            sequence: receipt.sequence, digest: receipt.digest, until: receipt.until)
    }
}

/// Makes and signs what both sides of a lease agree to; pure, without a gateway (LEASES-10,
/// LEASES-14).
public struct LeaseSigner: Sendable {
    /// The chain.
    public let chain: ChainID
    /// The receipt key: of the tenant's terms or of the provider's bid.
    public let key: SigningKey

    /// Joins a chain and a key.
    public init(chain: ChainID, key: SigningKey) {
        self.chain = chain
        self.key = key
    }

    /// The receipt that follows, for the time until `until`.
    public func receipt(
        after place: ReceiptPlace, until: Timestamp, usage: UsageAmounts
    ) -> UsageReceipt {
        UsageReceipt(
            chain: chain, lease: place.lease, provider: place.provider, token: place.token,
            sequence: place.sequence + 1, previous: place.digest, from: place.until,
            until: until, usage: usage)
    }

    /// This side's signature of a receipt.
    public func sign(_ receipt: UsageReceipt) -> Signature { key.sign(receipt.signedBytes) }

    /// Signs, as the tenant, a receipt that its provider signed, when it is the one that follows,
    /// says no more time than has passed, and its signature is that of the provider's receipt key.
    ///
    /// - Returns: Nothing when it is not to be signed. What was used is for the caller to judge.
    public func cosign(
        _ receipt: UsageReceipt, signed: Signature, by providerKey: PublicKey,
        after place: ReceiptPlace, now: Timestamp
    ) -> CosignedReceipt? {
        guard receipt.chain == chain, receipt.lease == place.lease,
            receipt.provider == place.provider, receipt.token == place.token,
            receipt.sequence == place.sequence + 1, receipt.previous == place.digest,
            receipt.from >= place.until, receipt.from < receipt.until, receipt.until <= now,
            providerKey.accepts(signed, over: receipt.signedBytes)
        else { return nil }
        return CosignedReceipt(receipt, byProvider: signed, byTenant: sign(receipt))
    }

    /// What a standby sends: that it has a snapshot, as this key of the provider agrees.
    public func acknowledge(_ snapshot: VolumeSnapshot) -> AcknowledgedSnapshot {
        AcknowledgedSnapshot(snapshot, byProvider: key.sign(snapshot.signedBytes))
    }
}

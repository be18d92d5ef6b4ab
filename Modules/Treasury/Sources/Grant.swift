// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Money that becomes its receiver's over time: vesting, a stream, an emission, a grant with
/// milestones.
public struct Grant: Hashable, Sendable, CanonicalCodable {
    /// Who gives it, and gets back what is revoked.
    public let grantor: AccountID
    /// Where it came from, and where a revoked part goes.
    public let source: Source
    /// Who receives.
    public let receiver: Source
    /// Of which asset.
    public let asset: AssetID
    /// The whole; when revoked, what had been earned by then.
    public internal(set) var total: Amount
    /// What has been paid.
    public internal(set) var claimed: Amount
    /// When which part is earned.
    public let schedule: Schedule
    /// Whether the grantor can take back what has not been earned.
    public let isRevocable: Bool
    /// When it was revoked.
    public internal(set) var revoked: Timestamp?
    /// Which milestones were found to be earned, as bits.
    public internal(set) var reached: UInt32

    init(_ order: CreateGrant, grantor: AccountID) {
        self.grantor = grantor
        source = order.source
        receiver = order.receiver
        asset = order.asset
        total = order.amount
        claimed = .zero
        schedule = order.schedule
        isRevocable = order.isRevocable
        reached = 0
    }

    /// What has been earned up to a time.
    public func earned(at now: Timestamp) -> Amount {
        revoked == nil ? schedule.given(of: total, at: now, reached: reached) : total
    }

    /// What lies in its chest.
    var held: Amount { total.subtracting(claimed) ?? .zero }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(grantor)
        encoder.write(source)
        encoder.write(receiver)
        encoder.write(asset)
        encoder.write(total)
        encoder.write(claimed)
        encoder.write(schedule)
        encoder.write(isRevocable)
        encoder.writeOptional(revoked)
        encoder.write(reached)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        grantor = try decoder.read()
        source = try decoder.read()
        receiver = try decoder.read()
        asset = try decoder.read()
        total = try decoder.read()
        claimed = try decoder.read()
        schedule = try decoder.read()
        isRevocable = try decoder.readFlag()
        revoked = try decoder.readOptional()
        reached = try decoder.read()
    }
}

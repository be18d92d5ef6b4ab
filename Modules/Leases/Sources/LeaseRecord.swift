// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A lease that has not ended, from its order on: everything that can still change about it. Its
/// terms lie apart, so that what changes often stays small.
public struct LeaseRecord: Hashable, Sendable {
    /// The lease.
    public let lease: LeaseID
    /// Who asked and pays.
    public let tenant: AccountID
    /// The block of the order.
    public let openedHeight: BlockHeight
    /// The time of the order.
    public let openedAt: Timestamp
    /// Everything that one provider holds for it.
    public let resources: ResourceAmounts
    /// How many standbys it shall have.
    public let standbysWanted: UInt8
    /// In which asset it is paid.
    public let asset: AssetID
    /// The period that its prices are for.
    public let periodMilliseconds: UInt64
    /// How long a renewal lasts.
    public let takeoverMilliseconds: UInt64
    /// Where it stands.
    public internal(set) var phase: LeasePhase
    /// The digest of what is to run now.
    public internal(set) var manifest: Digest
    /// What is left in its escrow.
    public internal(set) var funds: Amount
    /// What was paid to providers so far.
    public internal(set) var paid = Amount.zero
    /// Who may speak for it: rises with every takeover.
    public internal(set) var token = FencingToken(0)
    /// Held reservations, in the order they came.
    public internal(set) var bids: [LeaseBid] = []
    /// Who runs it.
    public internal(set) var primary: LeaseSeat?
    /// Who stands by, the first in line first.
    public internal(set) var standbys: [LeaseSeat] = []
    /// The last moment of the primary's last renewal.
    public internal(set) var aliveUntil = Timestamp(0)
    /// How many receipts were settled.
    public internal(set) var receipts: UInt64 = 0
    /// The digest of the last of them.
    public internal(set) var lastReceipt = Digest.zero
    /// Until when use is paid.
    public internal(set) var settledUntil = Timestamp(0)
    /// When it began, or went on after its funds had ended.
    public internal(set) var resumedAt = Timestamp(0)
    /// What a period of the primary costs, by the last receipt or by what was expected.
    public internal(set) var rate = Amount.zero
    /// What the primary claims without the tenant.
    public internal(set) var claim: BaseClaim?
    /// When the primary said it will be gone.
    public internal(set) var notice: Departure?
    /// That the primary has gone, and until when a standby may follow.
    public internal(set) var departure: Departure?
    /// Whether a claim was contested: no further one is taken.
    public internal(set) var isContested = false
    /// Whether the warning was given that funds end.
    public internal(set) var isWarned = false

    /// Until when it is left alone because its money could not move (LEASES-19).
    var postponedUntil: Timestamp?
    /// Under which time it lies in the index of what is due; kept by ``LeaseBook``.
    var indexedDue: Timestamp?
    /// Whether it lies in the index of what wants bids; kept by ``LeaseBook``.
    var isIndexedWanting = false

    /// The most bids that parameters may allow: a record then stays below 32 × 280 bytes of bids
    /// + 3 × 300 of seats + 1.2 KiB < 12 KiB.
    static let bidsMax = 32
    /// How long a lease is left alone when its money could not move: a minute.
    static let postponedMilliseconds: UInt64 = 60_000

    init(
        _ lease: LeaseID, of tenant: AccountID, height: BlockHeight, at now: Timestamp,
        terms: LeaseTerms, resources: ResourceAmounts, funds: Amount
    ) {
        self.lease = lease
        self.tenant = tenant
        openedHeight = height
        openedAt = now
        self.resources = resources
        standbysWanted = terms.standbys
        asset = terms.asset
        periodMilliseconds = terms.periodMilliseconds
        takeoverMilliseconds = terms.takeoverMilliseconds
        phase = .open(until: now.advanced(by: terms.decideMilliseconds))
        manifest = terms.manifest
        self.funds = funds
    }

    /// Whether a bid could get a seat.
    public var wantsBids: Bool {
        switch phase {
        case .open: true
        case .active: standbys.count < Int(standbysWanted)
        default: false
        }
    }

    /// Where a provider stands among the standbys.
    func standbyIndex(of provider: AccountID) -> Int? {
        standbys.firstIndex { $0.provider == provider }
    }

    /// Everybody who holds resources for it.
    public var holders: [AccountID] {
        bids.map(\.provider) + (primary.map { [$0.provider] } ?? []) + standbys.map(\.provider)
    }

    /// Until when use may be billed: now while it runs, else when it stopped.
    func billingEnd(at now: Timestamp) -> Timestamp {
        switch phase {
        case .paused(let since, _), .grace(let since, _): since
        case .closing(let note, _): note.billedUntil
        case .open, .reserved, .active: now
        }
    }
}

extension LeaseRecord: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lease)
        encoder.write(tenant)
        encoder.write(openedHeight)
        encoder.write(openedAt)
        encoder.write(resources)
        encoder.write(standbysWanted)
        encoder.write(asset)
        encoder.write(periodMilliseconds)
        encoder.write(takeoverMilliseconds)
        encoder.write(phase)
        encoder.write(manifest)
        encoder.write(funds)
        encoder.write(paid)
        encoder.write(token)
        encoder.writeList(bids)
        encoder.writeOptional(primary)
        encoder.writeList(standbys)
        encoder.write(aliveUntil)
        encoder.write(receipts)
        encoder.write(lastReceipt)
        encoder.write(settledUntil)
        encoder.write(resumedAt)
        encoder.write(rate)
        encoder.writeOptional(claim)
        encoder.writeOptional(notice)
        encoder.writeOptional(departure)
        encoder.write(isContested)
        encoder.write(isWarned)
        encoder.writeOptional(postponedUntil)
        encoder.writeOptional(indexedDue)
        encoder.write(isIndexedWanting)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lease = try decoder.read()
        tenant = try decoder.read()
        openedHeight = try decoder.read()
        openedAt = try decoder.read()
        resources = try decoder.read()
        standbysWanted = try decoder.read()
        asset = try decoder.read()
        periodMilliseconds = try decoder.read()
        takeoverMilliseconds = try decoder.read()
        phase = try decoder.read()
        manifest = try decoder.read()
        funds = try decoder.read()
        paid = try decoder.read()
        token = try decoder.read()
        bids = try decoder.readList(limit: Self.bidsMax)
        primary = try decoder.readOptional()
        standbys = try decoder.readList(limit: Int(LeaseTerms.standbysMax))
        aliveUntil = try decoder.read()
        receipts = try decoder.read()
        lastReceipt = try decoder.read()
        settledUntil = try decoder.read()
        resumedAt = try decoder.read()
        rate = try decoder.read()
        claim = try decoder.readOptional()
        notice = try decoder.readOptional()
        departure = try decoder.readOptional()
        isContested = try decoder.readFlag()
        isWarned = try decoder.readFlag()
        postponedUntil = try decoder.readOptional()
        indexedDue = try decoder.readOptional()
        isIndexedWanting = try decoder.readFlag()
    }
}

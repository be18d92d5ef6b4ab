// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A block's place and time.
public struct Moment: Hashable, Sendable, CanonicalCodable {
    /// The block's height.
    public let height: BlockHeight
    /// The block's time.
    public let time: Timestamp

    /// Joins place and time.
    public init(height: BlockHeight, time: Timestamp) {
        self.height = height
        self.time = time
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(time)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        time = try decoder.read()
    }
}

/// An order that has not ended: everything that can still change about a job.
public struct Order: Hashable, Sendable, CanonicalCodable {
    /// The job.
    public let job: JobID
    /// Who asked and pays.
    public let client: AccountID
    /// What was asked and offered.
    public let terms: OrderTerms
    /// When it was opened.
    public let opened: Moment
    /// Where it stands.
    public internal(set) var phase: OrderPhase = .open
    /// How many executions are wanted: the replicas, and one more for each dispute.
    public internal(set) var executionsWanted: UInt8
    /// Bids that wait for a lease, in the order they came.
    public internal(set) var bids: [Bid] = []
    /// Leases that stand, in the order they were granted.
    public internal(set) var leases: [Lease] = []
    /// Providers that lost their lease and may not bid again.
    public internal(set) var failed: [AccountID] = []

    /// Until when the order is left alone because its money could not move (MARKET-18).
    var postponedUntil: Timestamp?
    /// Under which time the order lies in the index of due orders; kept by ``OrderBook``.
    var indexedDue: Timestamp?
    /// Whether the order lies in the index of orders that want bids; kept by ``OrderBook``.
    var isIndexedWanting = false

    /// The most providers that may ever take part in one order: 64. A record then stays below
    /// 64 × 64 bytes of bids and failures + 5 × 400 bytes of leases + 2.5 KiB of terms < 9 KiB.
    static let participantsMax = 64

    /// The most leases that may stand at once; parameters cannot ask for more executions.
    static let leasesMax = 9

    /// How long an order is left alone when its money could not move: a minute.
    static let postponedMilliseconds: UInt64 = 60_000

    init(job: JobID, client: AccountID, terms: OrderTerms, opened: Moment) {
        self.job = job
        self.client = client
        self.terms = terms
        self.opened = opened
        executionsWanted = terms.replicas
    }

    /// Whether another bid could get a lease now.
    public var wantsBids: Bool { leases.count < Int(executionsWanted) }

    /// Whether a mismatch called for more executions than the client asked for.
    public var isDisputed: Bool { executionsWanted > terms.replicas }

    /// When something happens by itself next (MARKET-15).
    public var due: Timestamp {
        var due = terms.deadline
        if case .revealing(let by) = phase { due = min(due, by) }
        for lease in leases where lease.progress == .running { due = min(due, lease.dueBy) }
        if let postponedUntil { due = max(due, postponedUntil) }
        return due
    }

    /// Where `provider` stands among the leases.
    func leaseIndex(of provider: AccountID) -> Int? {
        leases.firstIndex { $0.provider == provider }
    }

    /// Whether `provider` has bid on this order, whatever became of the bid.
    func knows(_ provider: AccountID) -> Bool {
        bids.contains { $0.provider == provider } || leaseIndex(of: provider) != nil
            || failed.contains(provider)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(job)
        encoder.write(client)
        encoder.write(terms)
        encoder.write(opened)
        encoder.write(phase)
        encoder.write(executionsWanted)
        encoder.writeList(bids)
        encoder.writeList(leases)
        encoder.writeList(failed)
        encoder.writeOptional(postponedUntil)
        encoder.writeOptional(indexedDue)
        encoder.write(isIndexedWanting)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        job = try decoder.read()
        client = try decoder.read()
        terms = try decoder.read()
        opened = try decoder.read()
        phase = try decoder.read()
        executionsWanted = try decoder.read()
        bids = try decoder.readList(limit: Self.participantsMax)
        leases = try decoder.readList(limit: Self.leasesMax)
        failed = try decoder.readList(limit: Self.participantsMax)
        postponedUntil = try decoder.readOptional()
        indexedDue = try decoder.readOptional()
        isIndexedWanting = try decoder.readFlag()
    }
}

/// Where an order stands.
public enum OrderPhase: Hashable, Sendable, CanonicalCodable {
    /// It waits for enough bids.
    case open
    /// Leases were granted; not every result is committed.
    case running
    /// Every result is committed; providers show theirs until this moment.
    case revealing(by: Timestamp)

    /// Appends the tag and the time.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .open: encoder.writeTag(0)
        case .running: encoder.writeTag(1)
        case .revealing(let by):
            encoder.writeTag(2)
            encoder.write(by)
        }
    }

    /// Reads the tag and the time.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .open
        case 1: self = .running
        case 2: self = try .revealing(by: decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

/// A provider's offer to run one job, and the slot it reserves for it.
public struct Bid: Hashable, Sendable, CanonicalCodable {
    /// Who offers.
    public let provider: AccountID
    /// At what price.
    public let price: Price

    /// Joins the fields.
    public init(provider: AccountID, price: Price) {
        self.provider = provider
        self.price = price
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(provider)
        encoder.write(price)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        provider = try decoder.read()
        price = try decoder.read()
    }
}

/// A provider's duty to run one job.
public struct Lease: Hashable, Sendable, CanonicalCodable {
    /// Who runs the job.
    public let provider: AccountID
    /// At what price.
    public let price: Price
    /// When the lease was granted.
    public let assignedAt: Timestamp
    /// The last moment for the commitment.
    public let dueBy: Timestamp
    /// How far the provider is.
    public internal(set) var progress: LeaseProgress

    /// Joins the fields.
    public init(
        provider: AccountID, price: Price, assignedAt: Timestamp, dueBy: Timestamp,
        progress: LeaseProgress = .running
    ) {
        self.provider = provider
        self.price = price
        self.assignedAt = assignedAt
        self.dueBy = dueBy
        self.progress = progress
    }

    /// What the provider showed, when it has.
    var revealed: RevealedResult? {
        guard case .revealed(let revealed) = progress else { return nil }
        return revealed
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(provider)
        encoder.write(price)
        encoder.write(assignedAt)
        encoder.write(dueBy)
        encoder.write(progress)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        provider = try decoder.read()
        price = try decoder.read()
        assignedAt = try decoder.read()
        dueBy = try decoder.read()
        progress = try decoder.read()
    }
}

/// How far a lease is.
public enum LeaseProgress: Hashable, Sendable, CanonicalCodable {
    /// The provider works.
    case running
    /// The provider is bound to a result.
    case committed(Digest)
    /// The provider has shown its result.
    case revealed(RevealedResult)

    /// Appends the tag and what belongs to it.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .running: encoder.writeTag(0)
        case .committed(let commitment):
            encoder.writeTag(1)
            encoder.write(commitment)
        case .revealed(let result):
            encoder.writeTag(2)
            encoder.write(result)
        }
    }

    /// Reads the tag and what belongs to it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = .running
        case 1: self = try .committed(decoder.read())
        case 2: self = try .revealed(decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

/// A result as its provider showed it.
public struct RevealedResult: Hashable, Sendable, CanonicalCodable {
    /// The result.
    public let result: JobResult
    /// What hid it in the commitment.
    public let salt: Bytes32
    /// The provider's key.
    public let key: PublicKey
    /// The key's signature of the ``ResultStatement``.
    public let signature: Signature

    /// Joins the fields.
    public init(result: JobResult, salt: Bytes32, key: PublicKey, signature: Signature) {
        self.result = result
        self.salt = salt
        self.key = key
        self.signature = signature
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(result)
        encoder.write(salt)
        encoder.write(key)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        result = try decoder.read()
        salt = try decoder.read()
        key = try decoder.read()
        signature = try decoder.read()
    }
}

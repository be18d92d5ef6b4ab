// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What happened to a job. The subject of every event is the job.
public enum MarketEvent: Hashable, Sendable {
    /// An order is open; providers may bid.
    case orderOpened(client: AccountID, terms: OrderTerms)
    /// A provider bid and reserved a slot.
    case bidPlaced(Bid)
    /// A waiting bid was dropped because its provider is no longer active.
    case bidDropped(provider: AccountID)
    /// These providers must run the job now.
    case leasesGranted([Lease])
    /// A provider bound itself to a result.
    case resultCommitted(provider: AccountID)
    /// Every lease is committed: these providers must show their results until then.
    case resultsCommitted(revealBy: Timestamp, providers: [AccountID])
    /// A provider showed its result.
    case resultRevealed(provider: AccountID, resultDigest: Digest)
    /// A provider lost its lease.
    case leaseEnded(provider: AccountID, reason: LeaseEndReason)
    /// A lease is vacant and no bid waits: providers may bid.
    case bidsWanted(executionsWanted: UInt8)
    /// Results differ without a majority: one more execution decides.
    case disputeOpened(executionsWanted: UInt8)
    /// A provider lost a part of its bond.
    case providerSlashed(provider: AccountID, amount: Amount, reason: SlashReason)
    /// The order is due but its money could not move; it is tried again after this moment.
    case endingPostponed(until: Timestamp)
    /// The order ended; its receipt is in the state.
    case orderEnded(OrderEnding, client: AccountID, cost: Amount, refund: Amount)

    /// The stable number of the event. Each ending has its own.
    public var kind: UInt16 {
        switch self {
        case .orderOpened: 1
        case .bidPlaced: 2
        case .bidDropped: 3
        case .leasesGranted: 4
        case .resultCommitted: 5
        case .resultsCommitted: 6
        case .resultRevealed: 7
        case .leaseEnded: 8
        case .bidsWanted: 9
        case .disputeOpened: 10
        case .providerSlashed: 11
        case .endingPostponed: 12
        case .orderEnded(let ending, _, _, _): Self.firstEnding + UInt16(ending.rawValue)
        }
    }

    /// The stable name of the event, for streams people read.
    public var name: String {
        switch self {
        case .orderOpened: "orderOpened"
        case .bidPlaced: "bidPlaced"
        case .bidDropped: "bidDropped"
        case .leasesGranted: "leasesGranted"
        case .resultCommitted: "resultCommitted"
        case .resultsCommitted: "resultsCommitted"
        case .resultRevealed: "resultRevealed"
        case .leaseEnded: "leaseEnded"
        case .bidsWanted: "bidsWanted"
        case .disputeOpened: "disputeOpened"
        case .providerSlashed: "providerSlashed"
        case .endingPostponed: "endingPostponed"
        case .orderEnded(.settled, _, _, _): "orderSettled"
        case .orderEnded(.undetermined, _, _, _): "orderUndetermined"
        case .orderEnded(.expired, _, _, _): "orderExpired"
        case .orderEnded(.cancelled, _, _, _): "orderCancelled"
        }
    }

    /// The number of `orderSettled`; the other endings follow.
    static let firstEnding: UInt16 = 16

    /// This event as the ledger keeps it.
    public func event(about job: JobID) -> Event {
        var encoder = CanonicalEncoder()
        encode(to: &encoder)
        return Event(module: .market, kind: kind, subject: job.raw, payload: encoder.bytes)
    }

    private func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .orderOpened(let client, let terms):
            encoder.write(client)
            encoder.write(terms)
        case .bidPlaced(let bid): encoder.write(bid)
        case .bidDropped(let provider), .resultCommitted(let provider): encoder.write(provider)
        case .leasesGranted(let leases): encoder.writeList(leases)
        case .resultsCommitted(let revealBy, let providers):
            encoder.write(revealBy)
            encoder.writeList(providers)
        case .resultRevealed(let provider, let resultDigest):
            encoder.write(provider)
            encoder.write(resultDigest)
        case .leaseEnded(let provider, let reason):
            encoder.write(provider)
            encoder.write(reason)
        case .bidsWanted(let executions), .disputeOpened(let executions): encoder.write(executions)
        case .providerSlashed(let provider, let amount, let reason):
            encoder.write(provider)
            encoder.write(amount)
            encoder.write(reason)
        case .endingPostponed(let until): encoder.write(until)
        case .orderEnded(_, let client, let cost, let refund):
            encoder.write(client)
            encoder.write(cost)
            encoder.write(refund)
        }
    }

    /// Reads an event of the market.
    ///
    /// - Throws: ``CanonicalError`` when the event is another module's, of an unknown kind, or its
    ///   payload is not the one encoding of such an event.
    public init(_ event: Event) throws(CanonicalError) {
        guard event.module == .market else { throw .outOfRange("MarketEvent.module") }
        var decoder = CanonicalDecoder(event.payload)
        self = try Self.read(kind: event.kind, from: &decoder)
        try decoder.finish()
    }

    private static func read(
        kind: UInt16, from decoder: inout CanonicalDecoder
    ) throws(CanonicalError) -> MarketEvent {
        switch kind {
        case 1: return try .orderOpened(client: decoder.read(), terms: decoder.read())
        case 2: return try .bidPlaced(decoder.read())
        case 3: return try .bidDropped(provider: decoder.read())
        case 4: return try .leasesGranted(decoder.readList(limit: Order.leasesMax))
        case 5: return try .resultCommitted(provider: decoder.read())
        case 6:
            return try .resultsCommitted(
                revealBy: decoder.read(), providers: decoder.readList(limit: Order.leasesMax))
        case 7: return try .resultRevealed(provider: decoder.read(), resultDigest: decoder.read())
        case 8: return try .leaseEnded(provider: decoder.read(), reason: decoder.read())
        case 9: return try .bidsWanted(executionsWanted: decoder.read())
        case 10: return try .disputeOpened(executionsWanted: decoder.read())
        case 11:
            return try .providerSlashed(
                provider: decoder.read(), amount: decoder.read(), reason: decoder.read())
        case 12: return try .endingPostponed(until: decoder.read())
        default:
            guard kind >= firstEnding, let byte = UInt8(exactly: kind - firstEnding),
                let ending = OrderEnding(rawValue: byte)
            else { throw .unknownTag(UInt32(kind)) }
            return try .orderEnded(
                ending, client: decoder.read(), cost: decoder.read(), refund: decoder.read())
        }
    }
}

/// Why a provider lost its lease.
public enum LeaseEndReason: Hashable, Sendable, CanonicalCodable {
    /// It handed the lease back.
    case gaveUp(GiveUpReason)
    /// It did not commit in time.
    case commitTimedOut
    /// It did not show its result in time.
    case revealTimedOut

    /// Appends the tag and what belongs to it.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .gaveUp(let reason):
            encoder.writeTag(0)
            encoder.write(reason)
        case .commitTimedOut: encoder.writeTag(1)
        case .revealTimedOut: encoder.writeTag(2)
        }
    }

    /// Reads the tag and what belongs to it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .gaveUp(decoder.read())
        case 1: self = .commitTimedOut
        case 2: self = .revealTimedOut
        default: throw .unknownTag(tag)
        }
    }
}

/// Why a part of a bond was taken.
public enum SlashReason: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
    /// The provider's result contradicts a strict majority.
    case lied = 0
    /// The provider held a lease and let it run out.
    case timedOut = 1

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }

    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let byte = try decoder.read(UInt8.self)
        guard let value = Self(rawValue: byte) else { throw .unknownTag(UInt32(byte)) }
        self = value
    }
}

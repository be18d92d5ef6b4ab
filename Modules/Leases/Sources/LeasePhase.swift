// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Where a lease stands.
public enum LeasePhase: Hashable, Sendable, CanonicalCodable {
    /// Providers bid until then.
    case open(until: Timestamp)
    /// A provider was chosen and has until then to begin.
    case reserved(until: Timestamp)
    /// It runs and costs.
    case active
    /// Its funds ended: nothing runs, everything is kept.
    case paused(since: Timestamp, until: Timestamp)
    /// Only its volumes need be kept.
    case grace(since: Timestamp, until: Timestamp)
    /// It is over; what was co-signed can be settled until then.
    case closing(ClosingNote, until: Timestamp)

    /// The stable name, as people see it.
    public var name: String {
        switch self {
        case .open: "open"
        case .reserved: "reserved"
        case .active: "active"
        case .paused: "paused"
        case .grace: "grace"
        case .closing: "closing"
        }
    }

    /// When the phase ends by itself, if time alone ends it.
    public var until: Timestamp? {
        switch self {
        case .open(let until), .reserved(let until), .paused(_, let until), .grace(_, let until),
            .closing(_, let until):
            until
        case .active: nil
        }
    }

    /// Appends the tag and what belongs to it.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .open(let until):
            encoder.writeTag(0)
            encoder.write(until)
        case .reserved(let until):
            encoder.writeTag(1)
            encoder.write(until)
        case .active: encoder.writeTag(2)
        case .paused(let since, let until):
            encoder.writeTag(3)
            encoder.write(since)
            encoder.write(until)
        case .grace(let since, let until):
            encoder.writeTag(4)
            encoder.write(since)
            encoder.write(until)
        case .closing(let note, let until):
            encoder.writeTag(5)
            encoder.write(note)
            encoder.write(until)
        }
    }

    /// Reads the tag and what belongs to it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .open(until: decoder.read())
        case 1: self = try .reserved(until: decoder.read())
        case 2: self = .active
        case 3: self = try .paused(since: decoder.read(), until: decoder.read())
        case 4: self = try .grace(since: decoder.read(), until: decoder.read())
        case 5: self = try .closing(decoder.read(), until: decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

/// Why a lease is over, who said so, and until when use is billed.
public struct ClosingNote: Hashable, Sendable, CanonicalCodable {
    /// Why.
    public let reason: CloseReason
    /// Who signed it; nothing when the law ended it.
    public let by: AccountID?
    /// The last moment that may be billed.
    public let billedUntil: Timestamp
    /// What is written down about the provider at the end.
    public let evidence: LeaseEvidence

    /// Joins the fields.
    public init(
        reason: CloseReason, by: AccountID?, billedUntil: Timestamp, evidence: LeaseEvidence
    ) {
        self.reason = reason
        self.by = by
        self.billedUntil = billedUntil
        self.evidence = evidence
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(reason)
        encoder.writeOptional(by)
        encoder.write(billedUntil)
        encoder.write(evidence)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        reason = try decoder.read()
        by = try decoder.readOptional()
        billedUntil = try decoder.read()
        evidence = try decoder.read()
    }
}

/// That a provider goes, or has gone.
public struct Departure: Hashable, Sendable, CanonicalCodable {
    /// Why.
    public let reason: CloseReason
    /// Of a notice: when it goes. Of a departure: how long a standby may still follow.
    public let until: Timestamp
    /// What is written down about it.
    public let evidence: LeaseEvidence

    /// Joins the fields.
    public init(reason: CloseReason, until: Timestamp, evidence: LeaseEvidence) {
        self.reason = reason
        self.until = until
        self.evidence = evidence
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(reason)
        encoder.write(until)
        encoder.write(evidence)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        reason = try decoder.read()
        until = try decoder.read()
        evidence = try decoder.read()
    }
}

/// What a provider says it is owed, the base price alone, while its tenant signs nothing.
public struct BaseClaim: Hashable, Sendable, CanonicalCodable {
    /// When the time began.
    public let from: Timestamp
    /// When it ended.
    public let until: Timestamp
    /// What it comes to.
    public let amount: Amount
    /// The last moment at which the tenant may contest it.
    public let contestBy: Timestamp

    /// Joins the fields.
    public init(from: Timestamp, until: Timestamp, amount: Amount, contestBy: Timestamp) {
        self.from = from
        self.until = until
        self.amount = amount
        self.contestBy = contestBy
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(from)
        encoder.write(until)
        encoder.write(amount)
        encoder.write(contestBy)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        from = try decoder.read()
        until = try decoder.read()
        amount = try decoder.read()
        contestBy = try decoder.read()
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// A common purse of any assets with one owner: a council, the governance, a person.
public struct TreasuryPool: Hashable, Sendable, CanonicalCodable {
    /// What people call it: 1 to 64 bytes.
    public let name: String
    /// Who spends.
    public internal(set) var owner: AccountID

    /// The most bytes of a name.
    public static let nameBytesMax = 64

    init(name: String, owner: AccountID) {
        self.name = name
        self.owner = owner
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(owner)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readText(limit: Self.nameBytesMax)
        owner = try decoder.read()
    }
}

/// How much of an asset a pool may spend in a period (TREASURY-4).
public struct OutflowLimit: Hashable, Sendable, CanonicalCodable {
    /// How much.
    public internal(set) var amount: Amount
    /// How long a period is, in milliseconds.
    public internal(set) var period: UInt64
    /// When the present period began.
    public internal(set) var start: Timestamp
    /// What has been spent in it.
    public internal(set) var spent: Amount
    /// A higher limit that was asked for.
    public internal(set) var raised: Amount?
    /// From when on it holds.
    public internal(set) var raisedFrom: Timestamp

    init(amount: Amount, period: UInt64, start: Timestamp) {
        self.amount = amount
        self.period = period
        self.start = start
        spent = .zero
        raisedFrom = Timestamp(0)
    }

    /// Enters the period of a time: a new one starts with the first spending after the last.
    mutating func enter(_ now: Timestamp) {
        if let higher = raised, now >= raisedFrom {
            amount = higher
            raised = nil
        }
        guard now >= start.advanced(by: period) else { return }
        start = now
        spent = .zero
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(amount)
        encoder.write(period)
        encoder.write(start)
        encoder.write(spent)
        encoder.writeOptional(raised)
        encoder.write(raisedFrom)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        amount = try decoder.read()
        period = try decoder.read()
        start = try decoder.read()
        spent = try decoder.read()
        raised = try decoder.readOptional()
        raisedFrom = try decoder.read()
    }
}

/// Where money comes from, or goes to.
public enum Source: Hashable, Sendable, CanonicalCodable {
    /// An account's balance.
    case account(AccountID)
    /// A pool.
    case pool(UInt64)

    /// Appends the tag and the name.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .account(let account):
            encoder.writeTag(0)
            encoder.write(account)
        case .pool(let number):
            encoder.writeTag(1)
            encoder.write(number)
        }
    }

    /// Reads the tag and the name.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .account(decoder.read())
        case 1: self = try .pool(decoder.read())
        default: throw .unknownTag(tag)
        }
    }
}

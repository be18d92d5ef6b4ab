// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What the rate of a role's asset depends on (EXCHANGE-9).
public struct WindowTerms: Hashable, Sendable, CanonicalCodable {
    /// How much of the asset is converted in a usual period: demand is one then.
    public let target: Amount
    /// How much of the asset usually exists: scarcity is one then.
    public let reference: Amount

    /// Describes the terms.
    public init(target: Amount, reference: Amount) {
        self.target = target
        self.reference = reference
    }

    var isValid: Bool { target > .zero && reference > .zero }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(target)
        encoder.write(reference)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        target = try decoder.read()
        reference = try decoder.read()
    }
}

/// Where a role's asset becomes native units, at a rate that is the same for a whole period: so it
/// pays neither to split a conversion nor to be the first (CO-08).
public struct RoleWindow: Hashable, Sendable, CanonicalCodable {
    /// The terms.
    public internal(set) var terms: WindowTerms
    /// When the present period began.
    public internal(set) var since: Timestamp
    /// What was converted in the period before.
    public internal(set) var before: Amount
    /// What was converted in this period.
    public internal(set) var now: Amount
    /// What existed of the asset when this period began.
    public internal(set) var supply: Amount

    /// The bounds of demand and of scarcity, in millionths: a half and two.
    public static let bounds: ClosedRange<UInt128> = 500_000...2_000_000
    private static let million: UInt128 = 1_000_000

    /// Opens a window; its first period has a demand of one.
    init(_ terms: WindowTerms, at time: Timestamp, supply: Amount) {
        self.terms = terms
        since = time
        before = terms.target
        now = .zero
        self.supply = supply
    }

    /// Goes over to the period of a time.
    mutating func enter(_ time: Timestamp, period: UInt64, supply: Amount) {
        let passed = time.value < since.value ? 0 : (time.value - since.value) / period
        guard passed > 0 else { return }
        before = passed == 1 ? now : .zero
        now = .zero
        self.supply = supply
        since = since.advanced(by: passed * period)
    }

    private static func ratio(_ part: Amount, _ whole: Amount) -> UInt128 {
        guard whole > .zero else { return bounds.upperBound }
        let ratio = part.scaled(by: million, over: whole.units)?.units ?? bounds.upperBound
        return min(max(ratio, bounds.lowerBound), bounds.upperBound)
    }

    /// How much less than usual was converted in the period before, in millionths.
    public var demand: UInt128 { Self.ratio(terms.target, before) }
    /// How much less than usual existed when the period began, in millionths.
    public var scarcity: UInt128 { Self.ratio(terms.reference, supply) }
    /// Native units for a unit of the asset, in millionths: a quarter to four.
    public var rate: UInt64 { UInt64(demand * scarcity / Self.million) }

    /// What converting an amount gives, rounded down.
    public func worth(of amount: Amount) -> Amount? {
        amount.scaled(by: UInt128(rate), over: Self.million)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(terms)
        encoder.write(since)
        encoder.write(before)
        encoder.write(now)
        encoder.write(supply)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        terms = try decoder.read()
        since = try decoder.read()
        before = try decoder.read()
        now = try decoder.read()
        supply = try decoder.read()
    }
}

/// How much all conversions together may pay in a year (CO-03, R16).
public struct Emission: Hashable, Sendable, CanonicalCodable {
    /// So much a year, for so many years.
    public struct Row: Hashable, Sendable, CanonicalCodable {
        /// For how many years.
        public let years: UInt64
        /// How much in each.
        public let amount: Amount

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(years)
            encoder.write(amount)
        }

        init(years: UInt64, amount: Amount) {
            self.years = years
            self.amount = amount
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            years = try decoder.read()
            amount = try decoder.read()
        }
    }

    /// When the first year began.
    public let start: Timestamp
    /// The rows in order; the last one goes on for ever.
    public let rows: [Row]
    /// The year of `paid`, from 0.
    public internal(set) var year: UInt64
    /// What was paid in it.
    public internal(set) var paid: Amount

    /// The most rows.
    public static let rowsMax = 16
    /// A year has 365.25 days.
    public static let yearMilliseconds: UInt64 = 31_557_600_000

    init(start: Timestamp, rows: [Row]) {
        self.start = start
        self.rows = rows
        year = 0
        paid = .zero
    }

    /// Goes over to the year of a time.
    mutating func enter(_ time: Timestamp) {
        let now = (max(time, start).value - start.value) / Self.yearMilliseconds
        guard now > year else { return }
        year = now
        paid = .zero
    }

    /// What this year pays in all.
    public var yearly: Amount {
        var end: UInt64 = 0
        for row in rows {
            end += row.years
            if year < end { return row.amount }
        }
        return rows.last?.amount ?? Amount(.max)
    }

    /// What may still be paid this year.
    public var left: Amount { yearly.subtracting(paid) ?? .zero }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(start)
        encoder.writeList(rows)
        encoder.write(year)
        encoder.write(paid)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        start = try decoder.read()
        rows = try decoder.readList(limit: Self.rowsMax)
        year = try decoder.read()
        paid = try decoder.read()
    }
}

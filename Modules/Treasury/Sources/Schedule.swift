// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// When parts of a grant become its receiver's: a pure function of time (TREASURY-6).
public enum Schedule: Hashable, Sendable {
    /// Evenly after a cliff.
    case curve(Curve)
    /// Stretch after stretch, each evenly: emissions.
    case stretches(start: Timestamp, [Stretch])
    /// Parts in millionths, each when somebody finds that it is earned.
    case milestones([UInt64])

    /// Evenly after a cliff. Times are milliseconds.
    public struct Curve: Hashable, Sendable, CanonicalCodable {
        /// When it begins.
        public let start: Timestamp
        /// What is given at once, in millionths.
        public let atStart: UInt64
        /// How long nothing more is given.
        public let cliff: UInt64
        /// In how long the rest is given: after the cliff, or with it when it accrues.
        public let duration: UInt64
        /// Given in whole periods of this length; 0 is every moment.
        public let period: UInt64
        /// How much later each part can be claimed than it is earned.
        public let lock: UInt64
        /// Whether the cliff is a part of the duration, at whose end all of its part comes at once.
        public let accrues: Bool

        /// Describes a curve.
        public init(
            start: Timestamp, atStart: UInt64 = 0, cliff: UInt64 = 0, duration: UInt64,
            period: UInt64 = 0, lock: UInt64 = 0, accrues: Bool = false
        ) {
            self.start = start
            self.atStart = atStart
            self.cliff = cliff
            self.duration = duration
            self.period = period
            self.lock = lock
            self.accrues = accrues
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(start)
            encoder.write(atStart)
            encoder.write(cliff)
            encoder.write(duration)
            encoder.write(period)
            encoder.write(lock)
            encoder.write(accrues)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            start = try decoder.read()
            atStart = try decoder.read()
            cliff = try decoder.read()
            duration = try decoder.read()
            period = try decoder.read()
            lock = try decoder.read()
            accrues = try decoder.readFlag()
        }
    }

    /// So much in so long, evenly.
    public struct Stretch: Hashable, Sendable, CanonicalCodable {
        /// How long, in milliseconds.
        public let duration: UInt64
        /// How much of the whole, in millionths.
        public let share: UInt64

        /// Describes a stretch.
        public init(duration: UInt64, share: UInt64) {
            self.duration = duration
            self.share = share
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.write(duration)
            encoder.write(share)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            duration = try decoder.read()
            share = try decoder.read()
        }
    }

    /// The most stretches or milestones.
    public static let rowsMax = 32
    static let million: UInt64 = 1_000_000
    /// A hundred years: the longest of any time in a schedule.
    static let timeMax: UInt64 = 100 * 31_557_600_000

    /// Whether times and shares make sense.
    var isValid: Bool {
        switch self {
        case .curve(let curve):
            [curve.cliff, curve.duration, curve.period, curve.lock].allSatisfy {
                $0 <= Self.timeMax
            } && curve.atStart <= Self.million && curve.start.value <= .max / 2
                && (!curve.accrues || curve.cliff <= curve.duration)
        case .stretches(let start, let rows):
            (1...Self.rowsMax).contains(rows.count) && start.value <= .max / 2
                && rows.allSatisfy { $0.duration <= Self.timeMax && $0.share <= Self.million }
                && rows.reduce(0) { $0 + $1.share } == Self.million
        case .milestones(let shares):
            (1...Self.rowsMax).contains(shares.count)
                && shares.allSatisfy { (1...Self.million).contains($0) }
                && shares.reduce(0, +) == Self.million
        }
    }

    /// What of a whole is the receiver's at a time, never less than before.
    ///
    /// - Parameter reached: Which milestones were found to be earned, as bits.
    public func given(of total: Amount, at now: Timestamp, reached: UInt32) -> Amount {
        switch self {
        case .curve(let curve): curve.given(of: total, at: now)
        case .stretches(let start, let rows): Self.given(rows, since: start, of: total, at: now)
        case .milestones(let shares):
            Self.share(
                total,
                shares.enumerated().reduce(0) { sum, row in
                    sum + (reached & (1 << UInt32(row.offset)) == 0 ? 0 : row.element)
                })
        }
    }

    private static func given(
        _ rows: [Stretch], since start: Timestamp, of total: Amount, at now: Timestamp
    ) -> Amount {
        guard now > start else { return .zero }
        var passed = now.value - start.value
        var whole: UInt64 = 0
        for row in rows {
            guard passed < row.duration else {
                passed -= row.duration
                whole += row.share
                continue
            }
            let part = total.scaled(
                by: UInt128(row.share) * UInt128(passed),
                over: UInt128(million) * UInt128(row.duration))
            return share(total, whole).adding(part ?? .zero) ?? total
        }
        return total
    }

    static func share(_ amount: Amount, _ partsPerMillion: UInt64) -> Amount {
        amount.scaled(by: UInt128(partsPerMillion), over: UInt128(million)) ?? .zero
    }
}

extension Schedule.Curve {
    fileprivate func given(of total: Amount, at time: Timestamp) -> Amount {
        guard time >= start.advanced(by: lock) else { return .zero }
        let passed = time.value - lock - start.value
        let first = Schedule.share(total, atStart)
        guard passed >= cliff, let rest = total.subtracting(first) else { return first }
        var run = accrues ? passed : passed - cliff
        guard run < duration else { return total }
        if period > 0 { run -= run % period }
        let part = rest.scaled(by: UInt128(run), over: UInt128(duration)) ?? .zero
        return first.adding(part) ?? total
    }
}

extension Schedule: CanonicalCodable {
    /// Appends the tag and the schedule.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .curve(let curve):
            encoder.writeTag(0)
            encoder.write(curve)
        case .stretches(let start, let rows):
            encoder.writeTag(1)
            encoder.write(start)
            encoder.writeList(rows)
        case .milestones(let shares):
            encoder.writeTag(2)
            encoder.writeLength(shares.count)
            for share in shares { encoder.write(share) }
        }
    }

    /// Reads the tag and the schedule.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 0: self = try .curve(decoder.read())
        case 1: self = try .stretches(start: decoder.read(), decoder.readList(limit: Self.rowsMax))
        case 2:
            let count = try decoder.readLength(limit: Self.rowsMax)
            var shares: [UInt64] = []
            for _ in 0..<count { try shares.append(decoder.read()) }
            self = .milestones(shares)
        default: throw .unknownTag(tag)
        }
    }
}

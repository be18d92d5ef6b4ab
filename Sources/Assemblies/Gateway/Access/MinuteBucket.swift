// SPDX-License-Identifier: Apache-2.0

/// How much of something somebody may have a minute, requests or base units of fees: a bucket that
/// fills evenly and holds one minute's.
struct MinuteBucket: Sendable {
    /// The most requests a minute that can be asked for.
    static let requestsMax: UInt64 = 1_000_000
    /// The most base units a minute: 10³³ times ``cost`` stays below 2¹²⁸.
    static let unitsMax: UInt128 = 1_000_000_000_000_000_000_000_000_000_000_000

    let perMinute: UInt128
    /// What is in it, in sixty-thousandths of one.
    private var level: UInt128
    private var filledMilliseconds: UInt64

    /// A full bucket.
    init(perMinute: UInt128, now milliseconds: UInt64) {
        self.perMinute = min(perMinute, Self.unitsMax)
        level = self.perMinute * Self.cost
        filledMilliseconds = milliseconds
    }

    /// What one takes: the milliseconds of a minute, so that a bucket fills by `perMinute` each
    /// millisecond.
    private static let cost: UInt128 = 60_000

    /// Takes so many out, at most ``perMinute``.
    ///
    /// - Returns: Nothing when they were there, else the seconds until they are.
    mutating func take(_ count: UInt128 = 1, now milliseconds: UInt64) -> UInt64? {
        let passed = min(
            UInt128(milliseconds - min(milliseconds, filledMilliseconds)), Self.cost)
        level = min(perMinute * Self.cost, level + passed * perMinute)
        filledMilliseconds = milliseconds
        let wanted = min(count, perMinute) * Self.cost
        guard level >= wanted else {
            let missing = wanted - level
            return max(1, UInt64((missing / max(1, perMinute) + 999) / 1_000))
        }
        level -= wanted
        return nil
    }

    /// Puts back what was taken for nothing.
    mutating func putBack(_ count: UInt128) {
        level = min(perMinute * Self.cost, level + min(count, perMinute) * Self.cost)
    }
}

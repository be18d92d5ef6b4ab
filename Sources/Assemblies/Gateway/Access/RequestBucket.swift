// SPDX-License-Identifier: Apache-2.0

/// How many requests a minute somebody may make: a bucket that fills evenly and holds one minute's.
struct RequestBucket: Sendable {
    /// The most requests a minute that can be asked for.
    static let perMinuteMax: UInt64 = 1_000_000

    let perMinute: UInt64
    /// What is in it, in sixty-thousandths of a request.
    private var level: UInt64
    private var filledMilliseconds: UInt64

    /// A full bucket.
    init(perMinute: UInt64, now milliseconds: UInt64) {
        self.perMinute = min(perMinute, Self.perMinuteMax)
        level = self.perMinute * Self.cost
        filledMilliseconds = milliseconds
    }

    /// What one request takes: the milliseconds of a minute, so that a bucket fills by `perMinute`
    /// each millisecond.
    private static let cost: UInt64 = 60_000

    /// Takes one request out.
    ///
    /// - Returns: Nothing when there was one, else the seconds until there is.
    mutating func take(now milliseconds: UInt64) -> UInt64? {
        let passed = min(milliseconds - min(milliseconds, filledMilliseconds), Self.cost)
        level = min(perMinute * Self.cost, level + passed * perMinute)
        filledMilliseconds = milliseconds
        guard level >= Self.cost else {
            let missing = Self.cost - level
            return max(1, (missing / max(1, perMinute) + 999) / 1_000)
        }
        level -= Self.cost
        return nil
    }
}

// SPDX-License-Identifier: Apache-2.0
import Effects

/// The moments of a load: evenly spread over its stretch.
struct Ticks {
    private let end: Instant
    private let step: UInt64
    private(set) var next: Instant?

    init(_ load: Scenario.Load, start: Instant) {
        let first = start.advanced(by: load.during.lowerBound * 1_000_000)
        end = start.advanced(by: load.during.upperBound * 1_000_000)
        step = 1_000_000_000 / max(load.perSecond, 1)
        next = first
    }

    /// Ticks once for every moment that has come.
    mutating func take(until now: Instant) -> Int {
        var count = 0
        while let due = next, due <= now {
            count += 1
            let following = due.advanced(by: step)
            next = following < end ? following : nil
        }
        return count
    }
}

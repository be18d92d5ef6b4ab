// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The only clock a program sees: it starts at the order's time and moves when it is read.
///
/// All of WASI's clocks show it (EXECUTION-WASM-5).
struct VirtualClock {
    /// What one reading adds, which is also the resolution a program is told: a microsecond.
    static let stepNanoseconds: UInt64 = 1_000
    /// Realtime, monotonic, process time, thread time.
    static let clocks: UInt32 = 4

    /// Nanoseconds since 1970.
    private(set) var nanoseconds: UInt64

    init(startTime: Timestamp) {
        let (product, overflow) = startTime.value.multipliedReportingOverflow(by: 1_000_000)
        nanoseconds = overflow ? .max : product
    }

    /// The time, one step later than at the last reading.
    mutating func read() -> UInt64 {
        advance(by: Self.stepNanoseconds)
        return nanoseconds
    }

    /// Lets time pass; it stops at its end and never wraps.
    mutating func advance(by duration: UInt64) {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration)
        nanoseconds = overflow ? .max : sum
    }

    /// Lets time pass up to a moment, unless that has passed.
    mutating func advance(to moment: UInt64) {
        nanoseconds = max(nanoseconds, moment)
    }
}

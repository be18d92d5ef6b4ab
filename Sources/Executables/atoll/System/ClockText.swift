// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Times as people read them (RFC 3339, UTC).
enum ClockText {
    /// Such as `2026-11-20T05:39:00.125Z`.
    static func utc(_ time: Timestamp) -> String {
        let seconds = time.value / 1_000
        let date = civil(days: Int(seconds / 86_400))
        let rest = seconds % 86_400
        let clock = "\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
        let fraction = String(1_000 + time.value % 1_000).dropFirst()
        return
            "\(date.year)-\(two(UInt64(date.month)))-\(two(UInt64(date.day)))T\(clock).\(fraction)Z"
    }

    private static func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// The Gregorian date of a day counted from 1970 (Howard Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms").
    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Times as people read them (RFC 3339, UTC).
enum ClockText {
    /// Such as `2026-11-20T05:39:00.125Z`.
    static func utc(_ time: Timestamp) -> String {
        let seconds = time.value / 1_000
        let date = CivilDate(daysSince1970: Int(seconds / 86_400))
        let rest = seconds % 86_400
        let clock = "\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
        let fraction = String(1_000 + time.value % 1_000).dropFirst()
        return
            "\(date.year)-\(two(UInt64(date.month)))-\(two(UInt64(date.day)))T\(clock).\(fraction)Z"
    }

    private static func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

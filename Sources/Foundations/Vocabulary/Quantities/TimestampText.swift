// SPDX-License-Identifier: Apache-2.0

extension Timestamp {
    /// The time as people read it (RFC 3339, UTC), such as `2026-11-20T05:39:00.125Z`.
    public var utc: String {
        let seconds = value / 1_000
        let date = CivilDate(daysSince1970: Int(seconds / 86_400))
        let rest = seconds % 86_400
        let clock =
            "\(Self.two(rest / 3_600)):\(Self.two(rest / 60 % 60)):\(Self.two(rest % 60))"
        let fraction = String(1_000 + value % 1_000).dropFirst()
        let day = "\(date.year)-\(Self.two(UInt64(date.month)))-\(Self.two(UInt64(date.day)))"
        return "\(day)T\(clock).\(fraction)Z"
    }

    private static func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

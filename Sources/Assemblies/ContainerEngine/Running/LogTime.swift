// SPDX-License-Identifier: Apache-2.0

/// Moments as clients and logs write them.
enum LogTime {
    /// Nanoseconds since 1970 of `2026-11-20T12:00:00.123456789Z`, of the same with an offset, or
    /// of seconds with a fraction; nil for what is neither or lies before 1970 or after 2500.
    static func nanoseconds(_ text: String) -> UInt64? {
        text.contains("T") ? moment(text) : seconds(Substring(text))
    }

    private static func seconds(_ text: Substring) -> UInt64? {
        let parts = text.split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ UInt64($0) }), whole < 16_725_225_600 else {
            return nil
        }
        let digits = parts.count == 2 ? parts[1].prefix(9) : ""
        guard digits.allSatisfy(\.isNumber) else { return nil }
        let padded = digits + String(repeating: "0", count: 9 - digits.count)
        return whole * 1_000_000_000 + (UInt64(padded) ?? 0)
    }

    private static func moment(_ text: String) -> UInt64? {
        let halves = text.split(separator: "T", maxSplits: 1)
        let date = halves[0].split(separator: "-").map { UInt64($0) }
        guard halves.count == 2, date.count == 3, let year = date[0], let month = date[1],
            let day = date[2], (1970...2499).contains(year), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        let zone = halves[1].firstIndex { "Zz+-".contains($0) } ?? halves[1].endIndex
        let clock = halves[1][..<zone].split(separator: ":")
        guard (2...3).contains(clock.count), let hour = UInt64(clock[0]),
            let minute = UInt64(clock[1]), hour < 24, minute < 60,
            let second = clock.count == 3 ? seconds(clock[2]) : 0, second < 61_000_000_000
        else { return nil }
        let whole = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60
        return shifted(whole * 1_000_000_000 + second, by: halves[1][zone...])
    }

    /// Takes an offset such as `+01:00` away.
    private static func shifted(_ time: UInt64, by zone: Substring) -> UInt64? {
        guard let sign = zone.first, sign != "Z", sign != "z" else { return time }
        let parts = zone.dropFirst().split(separator: ":").map { UInt64($0) }
        guard parts.count == 2, let hours = parts[0], let minutes = parts[1], hours < 24,
            minutes < 60
        else { return nil }
        let offset = (hours * 3_600 + minutes * 60) * 1_000_000_000
        if sign == "-" { return time + offset }
        return time >= offset ? time - offset : nil
    }

    /// Days since 1970 of a date of the Gregorian calendar (H. Hinnant, days_from_civil).
    private static func days(_ year: UInt64, _ month: UInt64, _ day: UInt64) -> UInt64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let inEra = shifted - era * 400
        let inYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = inEra * 365 + inEra / 4 - inEra / 100 + inYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

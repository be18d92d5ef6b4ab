// SPDX-License-Identifier: Apache-2.0

/// A second of the common calendar, counted from the beginning of 1970, without leap seconds.
public struct Moment: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    public let seconds: Int64

    /// A moment so many seconds after 1970 began.
    public init(seconds: Int64) { self.seconds = seconds }

    /// The longest text: to the nanosecond, with an offset.
    public static let textBytesMax = 40

    /// Earlier ones first.
    public static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    /// Reads `dateTimeStamp` of XML Schema 1.1 as the data model of credentials uses it: a date, a
    /// time, and `Z` or an offset. Fractions of a second are cut off.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (20...Self.textBytesMax).contains(bytes.count), bytes[4] == UInt8(ascii: "-"),
            bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            (1...12).contains(month), day >= 1, day <= Self.days(of: month, year),
            hour < 24, minute < 60, second < 60,
            let offset = Self.offset(bytes[19...])
        else { return nil }
        let days = Self.daysBefore(year, month) + day - 1
        seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    }

    /// `2026-11-20T10:19:15Z`, for years from 0 to 9999.
    public var description: String {
        let day = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
        let rest = seconds - day * 86_400
        var year = 1970 + day / 366
        while Self.daysBefore(year + 1, 1) <= day { year += 1 }
        while Self.daysBefore(year, 1) > day { year -= 1 }
        var month: Int64 = 12
        while Self.daysBefore(year, month) > day { month -= 1 }
        let date = day - Self.daysBefore(year, month) + 1
        return Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(date, 2) + "T"
            + Self.padded(rest / 3_600, 2) + ":" + Self.padded(rest / 60 % 60, 2) + ":"
            + Self.padded(rest % 60, 2) + "Z"
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value.magnitude)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard digit &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }

    /// Seconds of the offset behind the seconds and their fraction.
    private static func offset(_ tail: ArraySlice<UInt8>) -> Int64? {
        var tail = tail
        if tail.first == UInt8(ascii: ".") {
            let fraction = tail.dropFirst().prefix { $0 &- UInt8(ascii: "0") < 10 }
            guard !fraction.isEmpty else { return nil }
            tail = tail.dropFirst(1 + fraction.count)
        }
        let zone = Array(tail)
        if zone == [UInt8(ascii: "Z")] { return 0 }
        guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
            zone[3] == UInt8(ascii: ":"), let hours = number(zone[1..<3]),
            let minutes = number(zone[4..<6]), minutes < 60, hours * 60 + minutes <= 14 * 60
        else { return nil }
        return (zone[0] == UInt8(ascii: "+") ? 1 : -1) * (hours * 60 + minutes) * 60
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970 to the first of a month, by the Gregorian calendar.
    private static func daysBefore(_ year: Int64, _ month: Int64) -> Int64 {
        // Years begin in March, so that the leap day is a year's last.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}

// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Writes moments as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
enum DateField {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The text of a moment given in seconds since 1970.
    static func text(unixSeconds: UInt64) -> String {
        let day = Int(unixSeconds / 86_400)
        let second = Int(unixSeconds % 86_400)
        let date = CivilDate(daysSince1970: day)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map(twoDigits)
        return "\(days[day % 7]), \(twoDigits(date.day)) \(months[date.month - 1]) \(date.year) "
            + clock.joined(separator: ":") + " GMT"
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

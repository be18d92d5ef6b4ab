// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// Times of day, on some days of the week, at a fixed distance from universal time (IDENTITY-19).
public struct OperatingHours: Hashable, Sendable {
    /// The minute of the day at which they begin, 0 to 1,439.
    public let fromMinute: Int64
    /// The minute at which they end, 1 to 1,440; before the beginning when they go past midnight.
    public let toMinute: Int64
    /// The days on which they begin: 1 for Monday to 7 for Sunday.
    public let days: Set<Int64>
    /// Minutes ahead of universal time, -720 to 840.
    public let offsetMinutes: Int64

    /// Reads `{"from", "to", "days", "offset"}`; the last two may be left out: every day, in
    /// universal time.
    public init?(reading json: JSON) {
        guard json.members != nil, let from = json["from"]?.signed, let to = json["to"]?.signed,
            (0..<1_440).contains(from), (1...1_440).contains(to), from != to
        else { return nil }
        let listed = json["days"].map { $0.elements?.compactMap(\.signed) ?? [] } ?? Array(1...7)
        guard !listed.isEmpty, listed.count == json["days"]?.elements?.count ?? 7,
            listed.allSatisfy({ (1...7).contains($0) })
        else { return nil }
        let offset = json["offset"] == nil ? 0 : json["offset"]?.signed
        guard let offset, (-720...840).contains(offset) else { return nil }
        fromMinute = from
        toMinute = to
        days = Set(listed)
        offsetMinutes = offset
    }

    /// Whether a moment lies within.
    public func contains(_ moment: Moment) -> Bool {
        let minutes = Self.floor(moment.seconds, 60) + offsetMinutes
        let day = Self.floor(minutes, 1_440)
        let minute = minutes - day * 1_440
        if fromMinute < toMinute {
            return isOpen(day) && fromMinute <= minute && minute < toMinute
        }
        return isOpen(day) && fromMinute <= minute || isOpen(day - 1) && minute < toMinute
    }

    /// Whether hours begin on a day, counted from 1970, which began on a Thursday.
    private func isOpen(_ day: Int64) -> Bool {
        days.contains(((day + 3) % 7 + 7) % 7 + 1)
    }

    private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        let quotient = value / unit
        return value % unit < 0 ? quotient - 1 : quotient
    }
}

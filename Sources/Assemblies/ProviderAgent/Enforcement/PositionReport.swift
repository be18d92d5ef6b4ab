// SPDX-License-Identifier: Apache-2.0
public import Identity
import JSONText

public import struct Identity.Moment

/// Where a machine was, and when, as a receiver of satellite navigation writes it
/// (PROVIDER-14).
public struct PositionReport: Hashable, Sendable {
    /// The longest sentence of NMEA 0183.
    public static let sentenceBytesMax = 82

    /// Where.
    public let place: Place
    /// When.
    public let moment: Moment

    /// Joins place and time.
    public init(place: Place, moment: Moment) {
        self.place = place
        self.moment = moment
    }

    /// Reads `{"latitudeE7", "longitudeE7", "time"}`, or the last whole `RMC` sentence of a text;
    /// nothing when there is none.
    public init?(reading bytes: [UInt8]) {
        if let json = try? JSON(parsing: bytes) {
            guard let latitude = json["latitudeE7"]?.signed,
                let longitude = json["longitudeE7"]?.signed,
                let place = Place(latitudeE7: latitude, longitudeE7: longitude),
                let moment = json["time"]?.text.flatMap({ Moment($0) })
            else { return nil }
            self.init(place: place, moment: moment)
            return
        }
        let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        for line in lines.reversed() {
            guard let report = Self(sentence: line) else { continue }
            self = report
            return
        }
        return nil
    }

    /// Reads `$GPRMC,hhmmss.ss,A,ddmm.mmmm,N,dddmm.mmmm,E,…,ddmmyy,…*hh` of any talker; nothing
    /// without a valid fix or with a wrong checksum.
    init?(sentence line: ArraySlice<UInt8>) {
        guard line.count <= Self.sentenceBytesMax, line.first == UInt8(ascii: "$"),
            let star = line.lastIndex(of: UInt8(ascii: "*"))
        else { return nil }
        let body = line[(line.startIndex + 1)..<star]
        let sum = String(decoding: line[(star + 1)...], as: UTF8.self)
        guard sum.utf8.count == 2, UInt8(sum, radix: 16) == body.reduce(0, ^) else { return nil }
        let fields = String(decoding: body, as: UTF8.self)
            .split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count >= 10, fields[0].utf8.count == 5, fields[0].hasSuffix("RMC"),
            fields[2] == "A",
            let latitude = Self.degrees(fields[3], fields[4], positive: "N", negative: "S"),
            let longitude = Self.degrees(fields[5], fields[6], positive: "E", negative: "W"),
            let place = Place(latitudeE7: latitude, longitudeE7: longitude),
            let moment = Self.moment(time: fields[1], date: fields[9])
        else { return nil }
        self.init(place: place, moment: moment)
    }

    /// Degrees and minutes as ten-millionths of a degree, in whole numbers, rounded down.
    private static func degrees(
        _ text: Substring, _ side: Substring, positive: String, negative: String
    ) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, whole.utf8.count >= 3, isDigits(whole),
            let number = Int64(whole)
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= 9, isDigits(fraction) else { return nil }
        let padded = fraction + String(repeating: "0", count: 9 - fraction.utf8.count)
        guard number % 100 < 60, let billionths = Int64(padded) else { return nil }
        let minutesE9 = number % 100 * 1_000_000_000 + billionths
        let value = number / 100 * 10_000_000 + minutesE9 / 6_000
        if side == positive { return value }
        return side == negative ? -value : nil
    }

    private static func isDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    /// `hhmmss` and `ddmmyy` of this century.
    private static func moment(time: Substring, date: Substring) -> Moment? {
        guard time.utf8.count >= 6, date.utf8.count == 6, isDigits(time.prefix(6)), isDigits(date)
        else { return nil }
        func two(_ text: Substring, _ place: Int) -> Substring {
            text.dropFirst(place).prefix(2)
        }
        return Moment(
            "20\(two(date, 4))-\(two(date, 2))-\(two(date, 0))T"
                + "\(two(time, 0)):\(two(time, 2)):\(two(time, 4))Z")
    }
}

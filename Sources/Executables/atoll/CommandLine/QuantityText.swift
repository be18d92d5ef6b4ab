// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Numbers as people type and read them.
enum QuantityText {
    /// A size in bytes: `64MiB`, `1GiB`, `512k`, `1000000`; powers of 1,024 whatever the letters.
    static func bytes(_ text: String) -> UInt64? {
        scaled(
            text,
            units: [
                ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("k", 1 << 10),
                ("m", 1 << 20), ("g", 1 << 30), ("b", 1), ("", 1),
            ])
    }

    /// A count: `5G`, `200M`, `1000000`, `1_000_000`; powers of 1,000.
    static func count(_ text: String) -> UInt64? {
        scaled(
            text,
            units: [
                ("k", 1_000), ("m", 1_000_000), ("g", 1_000_000_000), ("t", 1_000_000_000_000),
                ("", 1),
            ])
    }

    /// A span of time in milliseconds: `90`, `90s`, `1500ms`, `2m`, `1h`, `7d`.
    static func milliseconds(_ text: String) -> UInt64? {
        scaled(
            text,
            units: [
                ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
                ("", 1_000),
            ])
    }

    private static func scaled(_ text: String, units: [(suffix: String, factor: UInt64)]) -> UInt64?
    {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "_") }
        let suffix = text.dropFirst(digits.count).lowercased()
        guard let first = digits.first, first != "_",
            let number = UInt64(digits.filter { $0 != "_" }),
            let unit = units.first(where: { $0.suffix == suffix })
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : product
    }

    /// A number with commas: `1,234,567`.
    static func grouped(_ number: UInt64) -> String {
        let digits = Array("\(number)")
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// The first digits of an id, enough for people to tell a few apart.
    static func short(_ identifier: some Identifier32) -> String {
        String("\(identifier)".prefix(12))
    }
}

extension Invocation {
    /// A quantity from an option.
    ///
    /// - Throws: A ``CommandFailure`` that names the option and how its value is written.
    func quantity(
        _ name: String, default fallback: UInt64, in range: ClosedRange<UInt64>,
        such example: String,
        read: (String) -> UInt64?
    ) throws -> UInt64 {
        guard let text = value(name) else { return fallback }
        guard let number = read(text), range.contains(number) else {
            throw CommandFailure(
                status: .misused,
                what: "--\(name) is '\(text)'; it takes a value such as \(example), "
                    + "from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// An amount in whole units from an option.
    func amount(_ name: String) throws -> Amount? {
        guard let text = value(name) else { return nil }
        guard let amount = Amount(text) else {
            throw CommandFailure(
                status: .misused,
                what: "--\(name) is '\(text)'; it takes an amount such as 1.5")
        }
        return amount
    }
}

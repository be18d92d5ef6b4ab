// SPDX-License-Identifier: Apache-2.0

/// Quantities as deployment files write them, without floating point (DEPLOY-6).
public enum FileQuantities {
    /// A decimal as thousandths of its unit, rounded up: `0.5` is 500.
    static func thousandths(_ text: some StringProtocol) -> UInt64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = digits(parts[0].isEmpty ? "0" : parts[0]) else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard !(parts[0].isEmpty && parts.count == 1), !fraction.isEmpty, fraction.count <= 18,
            fraction.utf8.allSatisfy(isDigit)
        else { return nil }
        let shown = String(fraction.prefix(3))
        let padded = shown + String(repeating: "0", count: 3 - shown.count)
        let isCut = fraction.dropFirst(3).contains { $0 != "0" }
        guard let part = UInt64(padded) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return nil }
        let (sum, isTooLarge) = product.addingReportingOverflow(part + (isCut ? 1 : 0))
        return isTooLarge ? nil : sum
    }

    /// Processors: `0.5`, `2`, or thousandths as `500m`; more than none.
    public static func milliProcessors(_ text: String) -> UInt64? {
        let value = text.hasSuffix("m") ? digits(text.dropLast()) : thousandths(text)
        guard let value, (1...DeploymentLimits.milliProcessorsMax).contains(value) else {
            return nil
        }
        return value
    }

    /// Bytes as compose files write them: `512m`, `1.5gb`, `64KiB`; powers of 1,024 whatever the
    /// letters.
    public static func bytes(_ text: String) -> UInt64? {
        scaled(
            text.lowercased(),
            [
                ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
                ("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("tb", 1 << 40),
                ("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30), ("t", 1 << 40), ("b", 1), ("", 1),
            ])
    }

    /// Bytes as Akash's users write them, whatever the letters: `512Mi` in powers of 1,024, `512M`
    /// and `512MB` of 1,000.
    public static func decimalBytes(_ text: String) -> UInt64? {
        let letters = text.lowercased()
        let isDecimal = letters.hasSuffix("b") && letters.dropLast().last?.isLetter == true
        return scaled(
            isDecimal ? String(letters.dropLast()) : letters,
            [
                ("ki", 1 << 10), ("mi", 1 << 20), ("gi", 1 << 30), ("ti", 1 << 40),
                ("pi", 1 << 50), ("k", 1_000), ("m", 1_000_000), ("g", 1_000_000_000),
                ("t", 1_000_000_000_000), ("p", 1_000_000_000_000_000), ("", 1),
            ])
    }

    /// A span of time in milliseconds: `1m30s`, `500ms`, `1.5h`; of a bare number seconds.
    public static func milliseconds(_ text: String) -> UInt64? {
        if let seconds = digits(text) { return product(seconds, 1_000) }
        var rest = text[...]
        var total: UInt64 = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0 == "." || ($0.isASCII && $0.isNumber) }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let factor = factors[String(unit)], let value = thousandths(number),
                let scaled = product(value, factor)
            else { return nil }
            // In nanoseconds; a rest below a millisecond counts as one.
            let (sum, overflow) = total.addingReportingOverflow(scaled)
            guard !overflow else { return nil }
            total = sum
        }
        return text.isEmpty ? nil : total / 1_000_000 + (total % 1_000_000 == 0 ? 0 : 1)
    }

    /// What a thousandth of a unit has in nanoseconds; of units below a microsecond there is none.
    private static let factors: [String: UInt64] = [
        "us": 1, "µs": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000,
        "d": 86_400_000_000,
    ]

    private static func scaled(_ text: String, _ units: [(String, UInt64)]) -> UInt64? {
        let number = text.prefix { $0 == "." || ($0.isASCII && $0.isNumber) }
        let suffix = text.dropFirst(number.count)
        guard let unit = units.first(where: { $0.0 == suffix }),
            let thousandths = thousandths(number), let scaled = product(thousandths, unit.1)
        else { return nil }
        let bytes = scaled / 1_000 + (scaled % 1_000 == 0 ? 0 : 1)
        return bytes <= DeploymentLimits.bytesMax ? bytes : nil
    }

    private static func product(_ left: UInt64, _ right: UInt64) -> UInt64? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : product
    }

    private static func digits(_ text: some StringProtocol) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else { return nil }
        return UInt64(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A sum of one asset in base units; one whole unit is 10^18 base units.
///
/// Arithmetic is checked: an operation that would leave the range says so instead of wrapping.
public struct Amount: Hashable, Comparable, Sendable {
    /// Base units.
    public let units: UInt128

    /// Base units in one whole unit: 10^18.
    public static let unitsPerWhole: UInt128 = 1_000_000_000_000_000_000

    /// Nothing.
    public static let zero = Amount(0)

    /// So many base units.
    public init(_ units: UInt128) { self.units = units }

    /// So many whole units.
    public init(whole: UInt64) { units = UInt128(whole) * Self.unitsPerWhole }

    /// The sum, or nothing when it exceeds 128 bits.
    public func adding(_ other: Amount) -> Amount? {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        return overflow ? nil : Amount(sum)
    }

    /// The difference, or nothing when `other` is larger.
    public func subtracting(_ other: Amount) -> Amount? {
        units >= other.units ? Amount(units - other.units) : nil
    }

    /// The product, or nothing when it exceeds 128 bits.
    public func multiplied(by factor: UInt64) -> Amount? {
        let (product, overflow) = units.multipliedReportingOverflow(by: UInt128(factor))
        return overflow ? nil : Amount(product)
    }

    /// `self × numerator ÷ denominator`, rounded down, with the product held in 256 bits.
    ///
    /// - Returns: Nothing when the quotient exceeds 128 bits or the denominator is zero.
    public func scaled(by numerator: UInt128, over denominator: UInt128) -> Amount? {
        guard denominator > 0 else { return nil }
        let product = units.multipliedFullWidth(by: numerator)
        guard product.high < denominator else { return nil }
        return Amount(denominator.dividingFullWidth(product).quotient)
    }

    /// `self × numerator ÷ denominator`, rounded up, with the product held in 256 bits.
    ///
    /// - Returns: Nothing when the quotient exceeds 128 bits or the denominator is zero.
    public func scaledUp(by numerator: UInt128, over denominator: UInt128) -> Amount? {
        guard denominator > 0 else { return nil }
        let product = units.multipliedFullWidth(by: numerator)
        guard product.high < denominator else { return nil }
        let (quotient, remainder) = denominator.dividingFullWidth(product)
        return Amount(quotient).adding(Amount(remainder > 0 ? 1 : 0))
    }

    /// Compares base units.
    public static func < (left: Amount, right: Amount) -> Bool { left.units < right.units }
}

extension Amount: CanonicalCodable {
    /// Appends sixteen bytes, little-endian.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(units) }

    /// Reads sixteen bytes.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        units = try decoder.read()
    }
}

extension Amount: CustomStringConvertible {
    /// Whole units as a decimal without trailing zeros: `1.5`, `0.000001`, `20`.
    public var description: String {
        let whole = units / Self.unitsPerWhole
        var fraction = units % Self.unitsPerWhole
        guard fraction > 0 else { return "\(whole)" }
        var digits = 18
        while fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        let text = "\(fraction)"
        return "\(whole)." + String(repeating: "0", count: digits - text.count) + text
    }

    /// Reads whole units with at most 18 decimals, as ``description`` writes them.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Self.digits(parts[0]) else { return nil }
        let fractionText = parts.count == 2 ? parts[1] : "0"
        guard fractionText.count <= 18, var fraction = Self.digits(fractionText) else { return nil }
        for _ in fractionText.count..<18 { fraction *= 10 }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: Self.unitsPerWhole)
        guard !overflow, let sum = Amount(scaled).adding(Amount(fraction)) else { return nil }
        self = sum
    }

    private static func digits(_ text: Substring) -> UInt128? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return UInt128(text)
    }
}

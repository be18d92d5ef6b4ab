// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a provider asks for one execution of a task, in base units of one asset.
///
/// The units are those of the capability: fuel for `wasm/1`.
public struct Tariff: Hashable, Sendable, CanonicalCodable {
    /// Paid for every execution, whatever its outcome.
    public let base: Amount
    /// Paid for each million units used, in proportion and rounded up.
    public let perMillionUnits: Amount

    /// How many units ``perMillionUnits`` buys.
    public static let unitsPerRate: UInt64 = 1_000_000

    /// Joins the two parts.
    public init(base: Amount, perMillionUnits: Amount) {
        self.base = base
        self.perMillionUnits = perMillionUnits
    }

    /// What an execution costs: base + ⌈units × rate ÷ 1,000,000⌉, exact to 256 bits.
    ///
    /// - Returns: Nothing when the cost exceeds 128 bits.
    public func bill(for units: UInt64) -> Amount? {
        perMillionUnits.scaledUp(by: UInt128(units), over: UInt128(Self.unitsPerRate))?.adding(base)
    }

    /// The same tariff in proportion, such that so many units cost at most `price`.
    ///
    /// - Returns: Nothing when they cost no more already.
    public func lowered(to price: Amount, for units: UInt64) -> Tariff? {
        guard let bill = bill(for: units), price < bill,
            let base = base.scaled(by: price.units, over: bill.units),
            let rest = price.subtracting(base),
            // Rounded down, so that what is billed rounded up stays below.
            let rate = units == 0
                ? perMillionUnits
                : rest.scaled(by: UInt128(Self.unitsPerRate), over: UInt128(units))
        else { return nil }
        return Tariff(base: base, perMillionUnits: min(rate, perMillionUnits))
    }

    /// What a million units cost: the figure by which offers are listed (DISCOVERY-10). A sum that
    /// exceeds 128 bits is listed as the largest.
    public var listPrice: Amount { bill(for: Self.unitsPerRate) ?? Amount(.max) }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(base)
        encoder.write(perMillionUnits)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        base = try decoder.read()
        perMillionUnits = try decoder.read()
    }
}

/// A capability and what it costs.
public struct ServiceOffer: Hashable, Sendable, CanonicalCodable {
    /// What is done.
    public let capability: Capability
    /// At which price.
    public let tariff: Tariff

    /// Joins the fields.
    public init(_ capability: Capability, _ tariff: Tariff) {
        self.capability = capability
        self.tariff = tariff
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(capability)
        encoder.write(tariff)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        capability = try decoder.read()
        tariff = try decoder.read()
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a provider asks for one execution, in base units of the order's asset.
public struct Price: Hashable, Sendable, CanonicalCodable {
    /// Paid for every execution, whatever its outcome.
    public let base: Amount
    /// Paid for each million units of fuel used, in proportion and rounded up.
    public let perMillionFuel: Amount

    /// How many units of fuel ``perMillionFuel`` buys.
    public static let fuelPerRate: UInt128 = 1_000_000

    /// Joins the two parts.
    public init(base: Amount, perMillionFuel: Amount) {
        self.base = base
        self.perMillionFuel = perMillionFuel
    }

    /// What an execution costs: base + ⌈fuel × rate ÷ 1,000,000⌉, exact to 256 bits (MARKET-9).
    ///
    /// - Returns: Nothing when the cost exceeds 128 bits.
    public func bill(for fuel: Fuel) -> Amount? {
        perMillionFuel.scaledUp(by: UInt128(fuel.value), over: Self.fuelPerRate)?.adding(base)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(base)
        encoder.write(perMillionFuel)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        base = try decoder.read()
        perMillionFuel = try decoder.read()
    }
}

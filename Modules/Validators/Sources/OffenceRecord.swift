// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What is remembered of a punished offence, so that one shown later in the same epoch can raise it
/// (VALIDATORS-14).
public struct OffenceRecord: Hashable, Sendable, CanonicalCodable {
    /// When it was punished.
    public let height: BlockHeight
    /// What the offender's votes weighed in the epoch.
    public let weight: UInt64
    /// The bond before it was punished.
    public let bond: Amount
    /// The grant before it was punished.
    public let granted: UInt64
    /// How many millionths of both have been taken.
    public internal(set) var partsPerMillion: UInt64

    /// How many millionths of its stake an offence costs beside others of its epoch.
    ///
    /// - Parameters:
    ///   - base: What it costs alone.
    ///   - factor: How many millionths are added for all of the epoch's weight.
    ///   - others: The weight of the epoch's other offenders.
    ///   - total: The weight of the epoch's set, above zero.
    static func partsPerMillion(
        base: UInt64, factor: UInt64, others: UInt64, total: UInt64
    ) -> UInt64 {
        let added = UInt128(factor) * UInt128(others) / UInt128(max(total, 1))
        return UInt64(min(UInt128(base) + added, UInt128(ValidatorsParameters.million)))
    }

    /// What a bond of this record's size loses in all at a rate, rounded down.
    func bondLoss(at partsPerMillion: UInt64) -> Amount {
        bond.scaled(by: UInt128(partsPerMillion), over: UInt128(ValidatorsParameters.million))
            ?? bond
    }

    /// What a grant of this record's size loses in all at a rate, rounded up: a grant of one unit
    /// is lost by the first offence that costs anything.
    func grantLoss(at partsPerMillion: UInt64) -> UInt64 {
        let million = UInt128(ValidatorsParameters.million)
        return UInt64((UInt128(granted) * UInt128(partsPerMillion) + million - 1) / million)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(height)
        encoder.write(weight)
        encoder.write(bond)
        encoder.write(granted)
        encoder.write(partsPerMillion)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        height = try decoder.read()
        weight = try decoder.read()
        bond = try decoder.read()
        granted = try decoder.read()
        partsPerMillion = try decoder.read()
    }

    init(
        height: BlockHeight, weight: UInt64, bond: Amount, granted: UInt64, partsPerMillion: UInt64
    ) {
        self.height = height
        self.weight = weight
        self.bond = bond
        self.granted = granted
        self.partsPerMillion = partsPerMillion
    }
}

// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/exchange`; part of the state.
public struct ExchangeParameters: Hashable, Sendable {
    /// The least fee of a new pool, in millionths.
    public var feeMin: UInt64 = 100
    /// The most fee of a new pool, in millionths.
    public var feeMax: UInt64 = 50_000
    /// The least that is converted at once (CO-08).
    public var conversionMin = Amount(whole: 1_000)
    /// How long a rate of conversion holds.
    public var periodMilliseconds: UInt64 = 86_400_000

    /// The figures of a chain whose genesis names none: fees of .01 % to 5 %, periods of a day.
    public static let standard = ExchangeParameters()

    static let names = ["feeMin", "feeMax", "conversionMin", "periodMilliseconds"]
    /// A hundred years.
    static let timeMax: UInt64 = 100 * Emission.yearMilliseconds

    /// The standard figures.
    public init() {}

    /// Reads the figures of a part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ object: GenesisObject) throws(GenesisFailure) {
        self.init()
        feeMin = try object.unsigned("feeMin", in: 0...500_000, standard: feeMin)
        feeMax = try object.unsigned("feeMax", in: 0...500_000, standard: feeMax)
        guard feeMin <= feeMax else {
            throw object.failure("feeMin", "must not exceed feeMax")
        }
        conversionMin = try object.amount("conversionMin", standard: conversionMin)
        guard conversionMin > .zero else {
            throw object.failure("conversionMin", "must be above zero")
        }
        periodMilliseconds = try object.unsigned(
            "periodMilliseconds", in: 1...Self.timeMax, standard: periodMilliseconds)
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        [
            "feeMin": JSON(feeMin), "feeMax": JSON(feeMax),
            "conversionMin": .string("\(conversionMin)"),
            "periodMilliseconds": JSON(periodMilliseconds),
        ]
    }
}

extension ExchangeParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(feeMin)
        encoder.write(feeMax)
        encoder.write(conversionMin)
        encoder.write(periodMilliseconds)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        feeMin = try decoder.read()
        feeMax = try decoder.read()
        conversionMin = try decoder.read()
        periodMilliseconds = try decoder.read()
    }
}

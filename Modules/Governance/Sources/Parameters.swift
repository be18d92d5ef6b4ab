// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/governance`; part of the state.
public struct GovernanceParameters: Hashable, Sendable {
    /// The least deposit of a proposal.
    public var depositMin = Amount(whole: 100)
    /// The least stake of who proposes.
    public var proposerMin = Amount(whole: 1_000)
    /// How many open proposals double the deposit.
    public var throttle: UInt64 = 8
    /// Which share of the votes cast, in millionths, vetoes.
    public var vetoPartsPerMillion: UInt64 = 333_334
    /// How near its end voting is made longer when the quorum is only then reached.
    public var lateMilliseconds: UInt64 = 86_400_000
    /// How long after it passed a proposal may still be done.
    public var expiryMilliseconds: UInt64 = 14 * 86_400_000
    /// When an emergency's changes are undone unless ratified.
    public var lapseMilliseconds: UInt64 = 48 * 3_600_000
    /// Which share of the weight must be ready for an upgrade, in millionths.
    public var readyPartsPerMillion: UInt64 = 666_667

    /// The figures of a chain whose genesis names none.
    public static let standard = GovernanceParameters()

    /// The standard figures.
    public init() {}

    static let names = [
        "depositMin", "proposerMin", "throttle", "vetoPartsPerMillion", "lateMilliseconds",
        "expiryMilliseconds", "lapseMilliseconds", "readyPartsPerMillion",
    ]

    /// Ten years: the longest of any time here.
    static let timeMax: UInt64 = 10 * 31_557_600_000

    /// Reads the figures of a part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init(_ object: GenesisObject) throws(GenesisFailure) {
        let time = 0...Self.timeMax
        depositMin = try object.amount("depositMin", standard: depositMin)
        proposerMin = try object.amount("proposerMin", standard: proposerMin)
        throttle = try object.unsigned("throttle", in: 1...1_000, standard: throttle)
        vetoPartsPerMillion = try object.unsigned(
            "vetoPartsPerMillion", in: 1...1_000_000, standard: vetoPartsPerMillion)
        lateMilliseconds = try object.unsigned(
            "lateMilliseconds", in: time, standard: lateMilliseconds)
        expiryMilliseconds = try object.unsigned(
            "expiryMilliseconds", in: time, standard: expiryMilliseconds)
        lapseMilliseconds = try object.unsigned(
            "lapseMilliseconds", in: time, standard: lapseMilliseconds)
        readyPartsPerMillion = try object.unsigned(
            "readyPartsPerMillion", in: 500_001...1_000_000, standard: readyPartsPerMillion)
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        [
            "depositMin": .string("\(depositMin)"), "proposerMin": .string("\(proposerMin)"),
            "throttle": JSON(throttle), "vetoPartsPerMillion": JSON(vetoPartsPerMillion),
            "lateMilliseconds": JSON(lateMilliseconds),
            "expiryMilliseconds": JSON(expiryMilliseconds),
            "lapseMilliseconds": JSON(lapseMilliseconds),
            "readyPartsPerMillion": JSON(readyPartsPerMillion),
        ]
    }

    /// What a proposal must pay in while so many are open: doubled for each `throttle` of them, at
    /// most twenty times.
    func deposit(open: UInt64) -> Amount {
        depositMin.multiplied(by: 1 << min(open / throttle, 20)) ?? Amount(.max)
    }
}

extension GovernanceParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(depositMin)
        encoder.write(proposerMin)
        for figure in [
            throttle, vetoPartsPerMillion, lateMilliseconds, expiryMilliseconds,
            lapseMilliseconds, readyPartsPerMillion,
        ] { encoder.write(figure) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        depositMin = try decoder.read()
        proposerMin = try decoder.read()
        throttle = try decoder.read()
        vetoPartsPerMillion = try decoder.read()
        lateMilliseconds = try decoder.read()
        expiryMilliseconds = try decoder.read()
        lapseMilliseconds = try decoder.read()
        readyPartsPerMillion = try decoder.read()
    }
}

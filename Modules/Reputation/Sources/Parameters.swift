// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// How evidence weighs in the score, from genesis `/modules/reputation`; part of the state.
///
/// score = ⌊1,000 × (good + prior) ÷ (good + bad + 2 × prior)⌋, where good is the number of
/// completed jobs and bad the weighted sum of the others (REPUTATION-3).
public struct ReputationWeights: Hashable, Sendable {
    /// How many completed jobs one lie outweighs.
    public var lied: UInt32
    /// How many completed jobs one lease that ran out outweighs.
    public var timedOut: UInt32
    /// How many completed jobs one lease handed back outweighs.
    public var abandoned: UInt32
    /// How many good and how many bad jobs a newcomer is taken to have done.
    public var prior: UInt32

    /// The weights of a chain whose genesis names none.
    public static let standard = ReputationWeights(
        lied: 20, timedOut: 4, abandoned: 4, prior: 5)

    /// The best score.
    public static let scoreMax: UInt32 = 1_000
    /// The most of a weight.
    static let weightMax: UInt64 = 1_000_000

    /// States the weights.
    public init(lied: UInt32, timedOut: UInt32, abandoned: UInt32, prior: UInt32) {
        self.lied = lied
        self.timedOut = timedOut
        self.abandoned = abandoned
        self.prior = prior
    }

    /// Reads the module's part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(genesis json: JSON) throws(GenesisFailure) {
        let object = try GenesisObject(
            json, at: "", known: ["lied", "timedOut", "abandoned", "prior"])
        let weights = 0...Self.weightMax
        let standard = Self.standard
        lied = try UInt32(
            object.unsigned("lied", in: weights, standard: UInt64(standard.lied)))
        timedOut = try UInt32(
            object.unsigned("timedOut", in: weights, standard: UInt64(standard.timedOut)))
        abandoned = try UInt32(
            object.unsigned("abandoned", in: weights, standard: UInt64(standard.abandoned)))
        prior = try UInt32(
            object.unsigned(
                "prior", in: 1...Self.weightMax, standard: UInt64(standard.prior)))
    }

    /// The weights as a genesis file holds them.
    public var json: JSON {
        [
            "lied": JSON(lied), "timedOut": JSON(timedOut), "abandoned": JSON(abandoned),
            "prior": JSON(prior),
        ]
    }

    /// The score of a record. Sums stay below 2^87: counts are 64 bits, weights 20.
    public func score(of standing: Standing) -> UInt32 {
        let good = UInt128(standing.count(of: .completed))
        var bad = UInt128(lied) * UInt128(standing.count(of: .lied))
        bad += UInt128(timedOut) * UInt128(standing.count(of: .timedOut))
        bad += UInt128(abandoned) * UInt128(standing.count(of: .abandoned))
        let prior = UInt128(self.prior)
        let share = UInt128(Self.scoreMax) * (good + prior)
        return UInt32(share / (good + bad + 2 * prior))
    }
}

extension ReputationWeights: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(lied)
        encoder.write(timedOut)
        encoder.write(abandoned)
        encoder.write(prior)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        lied = try decoder.read()
        timedOut = try decoder.read()
        abandoned = try decoder.read()
        prior = try decoder.read()
    }
}

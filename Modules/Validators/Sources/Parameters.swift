// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/validators`; part of the state.
public struct ValidatorsParameters: Hashable, Sendable {
    /// The most seats of an epoch, 1 to ``EpochSeats/seatsMax``.
    public var seatsMax: UInt64
    /// The fewest seats a new set may have; with fewer the old set stays.
    public var seatsMin: UInt64
    /// The least bond of a member that stands for election, at least one whole unit.
    public var stakeMin: Amount
    /// The most millionths of all weight that one member may have.
    public var capPartsPerMillion: UInt64
    /// For how many epochs after its last one a stake stays within reach.
    public var unbondingEpochs: UInt64
    /// For how many epochs an offender stays jailed.
    public var jailEpochs: UInt64
    /// How many millionths of a stake an offence costs.
    public var slashPartsPerMillion: UInt64
    /// How many millionths more it costs for all of an epoch's weight in other offenders.
    public var correlationPartsPerMillion: UInt64

    /// The figures of a chain whose genesis names none: 100 seats, any set but an empty one, 100
    /// units, a fifth of all weight, about a week and a day of epochs of half an hour, a twentieth,
    /// and everything when a third of the weight offends together.
    public static let standard = ValidatorsParameters(
        seatsMax: 100, seatsMin: 1, stakeMin: Amount(whole: 100), capPartsPerMillion: 200_000,
        unbondingEpochs: 336, jailEpochs: 48, slashPartsPerMillion: 50_000,
        correlationPartsPerMillion: 3_000_000)

    /// The most epochs of a delay: 1,000 sets of 11.2 KB keep the state's history below 12 MB.
    static let epochsMax: UInt64 = 1_000
    static let million: UInt64 = 1_000_000

    /// States the figures.
    public init(
        seatsMax: UInt64, seatsMin: UInt64, stakeMin: Amount, capPartsPerMillion: UInt64,
        unbondingEpochs: UInt64, jailEpochs: UInt64, slashPartsPerMillion: UInt64,
        correlationPartsPerMillion: UInt64
    ) {
        self.seatsMax = seatsMax
        self.seatsMin = seatsMin
        self.stakeMin = stakeMin
        self.capPartsPerMillion = capPartsPerMillion
        self.unbondingEpochs = unbondingEpochs
        self.jailEpochs = jailEpochs
        self.slashPartsPerMillion = slashPartsPerMillion
        self.correlationPartsPerMillion = correlationPartsPerMillion
    }

    static let names =
        [
            "seatsMax", "seatsMin", "stakeMin", "capPartsPerMillion", "unbondingEpochs",
            "jailEpochs", "slashPartsPerMillion", "correlationPartsPerMillion",
        ] + DowntimeTerms.names

    /// Reads the module's part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(genesis json: JSON) throws(GenesisFailure) {
        let object = try GenesisObject(json, at: "", known: Self.names)
        let seats = 1...UInt64(EpochSeats.seatsMax)
        let standard = Self.standard
        seatsMax = try object.unsigned("seatsMax", in: seats, standard: standard.seatsMax)
        seatsMin = try object.unsigned("seatsMin", in: seats, standard: standard.seatsMin)
        stakeMin = try object.amount("stakeMin", standard: standard.stakeMin)
        capPartsPerMillion = try object.unsigned(
            "capPartsPerMillion", in: 1...Self.million, standard: standard.capPartsPerMillion)
        unbondingEpochs = try object.unsigned(
            "unbondingEpochs", in: 1...Self.epochsMax, standard: standard.unbondingEpochs)
        jailEpochs = try object.unsigned(
            "jailEpochs", in: 1...Self.epochsMax, standard: standard.jailEpochs)
        slashPartsPerMillion = try object.unsigned(
            "slashPartsPerMillion", in: 0...Self.million, standard: standard.slashPartsPerMillion)
        correlationPartsPerMillion = try object.unsigned(
            "correlationPartsPerMillion", in: 0...10 * Self.million,
            standard: standard.correlationPartsPerMillion)
        guard stakeMin >= Amount(whole: 1) else {
            throw object.failure("stakeMin", "must be at least one whole unit")
        }
        guard seatsMin <= seatsMax else {
            throw object.failure("seatsMin", "must not exceed seatsMax")
        }
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        [
            "seatsMax": JSON(seatsMax), "seatsMin": JSON(seatsMin),
            "stakeMin": .string("\(stakeMin)"), "capPartsPerMillion": JSON(capPartsPerMillion),
            "unbondingEpochs": JSON(unbondingEpochs), "jailEpochs": JSON(jailEpochs),
            "slashPartsPerMillion": JSON(slashPartsPerMillion),
            "correlationPartsPerMillion": JSON(correlationPartsPerMillion),
        ]
    }
}

extension ValidatorsParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(seatsMax)
        encoder.write(seatsMin)
        encoder.write(stakeMin)
        encoder.write(capPartsPerMillion)
        encoder.write(unbondingEpochs)
        encoder.write(jailEpochs)
        encoder.write(slashPartsPerMillion)
        encoder.write(correlationPartsPerMillion)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        seatsMax = try decoder.read()
        seatsMin = try decoder.read()
        stakeMin = try decoder.read()
        capPartsPerMillion = try decoder.read()
        unbondingEpochs = try decoder.read()
        jailEpochs = try decoder.read()
        slashPartsPerMillion = try decoder.read()
        correlationPartsPerMillion = try decoder.read()
    }
}

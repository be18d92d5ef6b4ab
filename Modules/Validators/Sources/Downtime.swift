// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
public import Vocabulary

/// What being away for a whole epoch costs; a chain whose genesis does not name it looks for
/// nobody who is away (VALIDATORS-17).
public struct DowntimeTerms: Hashable, Sendable, CanonicalCodable {
    /// How many of an epoch's blocks must have been a validator's to propose before having
    /// proposed none shows that it was away.
    public let turnsMin: UInt64
    /// How many millionths of its stake that costs.
    public let partsPerMillion: UInt64
    /// For how many epochs it is jailed then.
    public let jailEpochs: UInt64

    static let names = ["downtimeTurnsMin", "downtimePartsPerMillion", "downtimeJailEpochs"]

    /// Reads the figures of a part; nothing when it does not name `downtimeTurnsMin`.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    init?(_ object: GenesisObject) throws(GenesisFailure) {
        guard object.has(Self.names[0]) else { return nil }
        turnsMin = try object.unsigned(Self.names[0], in: 3...1_000_000)
        partsPerMillion = try object.unsigned(
            Self.names[1], in: 0...ValidatorsParameters.million, standard: 50_000)
        jailEpochs = try object.unsigned(
            Self.names[2], in: 1...ValidatorsParameters.epochsMax, standard: 1)
    }

    /// The figures as a genesis file holds them.
    var members: [JSON.Member] {
        zip(Self.names, [turnsMin, partsPerMillion, jailEpochs]).map {
            JSON.Member($0, JSON($1))
        }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(turnsMin)
        encoder.write(partsPerMillion)
        encoder.write(jailEpochs)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        turnsMin = try decoder.read()
        partsPerMillion = try decoder.read()
        jailEpochs = try decoder.read()
    }
}

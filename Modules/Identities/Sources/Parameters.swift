// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The figures of this module, from genesis `/modules/identities`; part of the state.
public struct IdentitiesParameters: Hashable, Sendable {
    /// The least bond of an issuer for each type it attests.
    public var bondPerType: Amount
    /// How long after retiring a bond can still be slashed and not be withdrawn.
    public var retiringMilliseconds: UInt64
    /// What a reported credential costs, in millionths of the bond.
    public var slashPartsPerMillion: UInt32
    /// What of that the reporter gets, in millionths; the rest is burnt.
    public var rewardPartsPerMillion: UInt32
    /// The types of credentials that need authority here.
    public var attestedTypes: [String]

    /// The types that say something about others; what an owner or hirer wants itself (an owner's
    /// authorization, an agent's mandate, a delegation) needs nobody's authority.
    public static let attestedTypesStandard = [
        "InsuranceCoverage", "IssuerAccreditation", "MaintenanceRecord",
        "ManufacturerAttestation", "ProviderBenchmark", "ServiceLicence", "UniqueOperator",
        "UniquePerson",
    ]

    /// The figures of a chain whose genesis names none: 1,000 units a type, thirty days, half the
    /// bond, of which a fifth rewards the reporter. A share below all keeps an issuer from getting
    /// its own bond back by reporting itself.
    public static let standard = IdentitiesParameters(
        bondPerType: Amount(whole: 1_000), retiringMilliseconds: 2_592_000_000,
        slashPartsPerMillion: 500_000, rewardPartsPerMillion: 200_000,
        attestedTypes: attestedTypesStandard)

    static let names = [
        "bondPerType", "retiringMilliseconds", "slashPartsPerMillion", "rewardPartsPerMillion",
        "attestedTypes",
    ]

    /// The longest delay: one year.
    static let delayMillisecondsMax: UInt64 = 31_536_000_000
    /// The most a reporter may get: half, so that reporting oneself always costs.
    static let rewardPartsMax: UInt64 = 500_000
    /// One million: all of a bond.
    static let partsMax: UInt64 = 1_000_000
    /// The most types of a chain.
    static let attestedTypesMax = 64

    /// States the figures.
    public init(
        bondPerType: Amount, retiringMilliseconds: UInt64, slashPartsPerMillion: UInt32,
        rewardPartsPerMillion: UInt32, attestedTypes: [String]
    ) {
        self.bondPerType = bondPerType
        self.retiringMilliseconds = retiringMilliseconds
        self.slashPartsPerMillion = slashPartsPerMillion
        self.rewardPartsPerMillion = rewardPartsPerMillion
        self.attestedTypes = attestedTypes
    }

    /// Reads the module's part; what it does not name is ``standard``.
    ///
    /// - Throws: ``GenesisFailure`` with the place of the first thing that is wrong.
    public init(genesis json: JSON) throws(GenesisFailure) {
        let object = try GenesisObject(
            json, at: "",
            known: Self.names + ["personIssuers", "persons"])
        let standard = Self.standard
        bondPerType = try object.amount("bondPerType", standard: standard.bondPerType)
        retiringMilliseconds = try object.unsigned(
            "retiringMilliseconds", in: 0...Self.delayMillisecondsMax,
            standard: standard.retiringMilliseconds)
        slashPartsPerMillion = UInt32(
            try object.unsigned(
                "slashPartsPerMillion", in: 1...Self.partsMax,
                standard: UInt64(standard.slashPartsPerMillion)))
        rewardPartsPerMillion = UInt32(
            try object.unsigned(
                "rewardPartsPerMillion", in: 0...Self.rewardPartsMax,
                standard: UInt64(standard.rewardPartsPerMillion)))
        attestedTypes =
            try object.has("attestedTypes") ? Self.types(in: object) : standard.attestedTypes
        guard bondPerType > .zero else { throw object.failure("bondPerType", "must be above zero") }
    }

    private static func types(in object: GenesisObject) throws(GenesisFailure) -> [String] {
        var types: [String] = []
        for element in try object.list("attestedTypes", countMax: attestedTypesMax) {
            guard let text = element.json.text,
                (1...RegisterIssuer.typeBytesMax).contains(text.utf8.count), !types.contains(text)
            else {
                throw GenesisFailure(
                    pointer: element.pointer,
                    reason: "must be text of 1 to \(RegisterIssuer.typeBytesMax) bytes, once")
            }
            types.append(text)
        }
        return types
    }

    /// The figures as a genesis file holds them.
    public var json: JSON {
        [
            "bondPerType": .string("\(bondPerType)"),
            "retiringMilliseconds": JSON(retiringMilliseconds),
            "slashPartsPerMillion": JSON(slashPartsPerMillion),
            "rewardPartsPerMillion": JSON(rewardPartsPerMillion),
            "attestedTypes": .array(attestedTypes.map { JSON($0) }),
        ]
    }

    /// The least bond for so many types; nothing beyond 128 bits.
    func bondMin(types: Int) -> Amount? { bondPerType.multiplied(by: UInt64(types)) }
}

extension IdentitiesParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(bondPerType)
        encoder.write(retiringMilliseconds)
        encoder.write(slashPartsPerMillion)
        encoder.write(rewardPartsPerMillion)
        encoder.writeLength(attestedTypes.count)
        for type in attestedTypes { encoder.writeText(type) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        bondPerType = try decoder.read()
        retiringMilliseconds = try decoder.read()
        slashPartsPerMillion = try decoder.read()
        rewardPartsPerMillion = try decoder.read()
        attestedTypes = []
        for _ in 0..<(try decoder.readLength(limit: Self.attestedTypesMax)) {
            attestedTypes.append(try decoder.readText(limit: RegisterIssuer.typeBytesMax))
        }
    }
}

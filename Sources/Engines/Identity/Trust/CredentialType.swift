// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// A kind of credential and what its subject must say, as data (IDENTITY-18).
public struct CredentialType: Hashable, Sendable {
    /// What a property holds.
    public enum Kind: Hashable, Sendable {
        /// Text that says something, of at most ``textBytesMax`` bytes.
        case text
        /// At least one text, none twice.
        case texts
        /// A DID.
        case did
        /// Base units, in decimal digits, within 128 bits.
        case amount
        /// A date and time.
        case moment
        /// A whole number within limits.
        case whole(ClosedRange<Int64>)
        /// An area.
        case geofence
        /// Times of day.
        case hours
    }

    /// One property of the subject.
    public struct Property: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// What it holds.
        public let kind: Kind
        /// Whether it may be left out.
        public let isOptional: Bool
    }

    /// The longest text.
    public static let textBytesMax = 512
    /// The most texts of one property.
    public static let textsMax = 64
    /// The largest whole number of which binary64 holds all neighbours (IDENTITY-2).
    public static let wholeMax: Int64 = 1 << 53 - 1

    /// The name, as `type` has it.
    public let name: String
    /// What the subject says, beside who it is.
    public let properties: [Property]

    private init(
        _ name: String, _ required: KeyValuePairs<String, Kind>,
        optional: KeyValuePairs<String, Kind> = [:]
    ) {
        self.name = name
        properties =
            required.map { Property(name: $0.key, kind: $0.value, isOptional: false) }
            + optional.map { Property(name: $0.key, kind: $0.value, isOptional: true) }
    }

    /// The first property of a subject that breaks the rules, or nothing.
    public func violation(in subject: JSON) -> String? {
        guard subject["id"]?.text.flatMap({ DID($0) }) != nil else { return "id" }
        return properties.first { property in
            guard let value = subject[property.name] else { return !property.isOptional }
            return !property.kind.holds(value)
        }?.name
    }

    /// The first property that is shown and breaks the rules, or nothing; what a holder keeps
    /// breaks none.
    public func violation(inShown subject: JSON) -> String? {
        if let id = subject["id"], id.text.flatMap({ DID($0) }) == nil { return "id" }
        return properties.first { property in
            subject[property.name].map { !property.kind.holds($0) } ?? false
        }?.name
    }
}

extension CredentialType {
    /// A maker says what it has made.
    public static let manufacturerAttestation = CredentialType(
        "ManufacturerAttestation",
        [
            "manufacturer": .text, "model": .text, "serialNumber": .text, "manufactured": .moment,
        ], optional: ["specification": .text])
    /// A workshop says what it has done.
    public static let maintenanceRecord = CredentialType(
        "MaintenanceRecord", ["performed": .moment, "work": .text, "result": .text],
        optional: ["nextDue": .moment])
    /// An owner says what a machine may do, where, when and for how much.
    public static let ownerAuthorization = CredentialType(
        "OwnerAuthorization", ["allowedOperations": .texts, "maximumContractValue": .amount],
        optional: ["geofence": .geofence, "hours": .hours, "emergencyContact": .text])
    /// An insurer says what it answers for.
    public static let insuranceCoverage = CredentialType(
        "InsuranceCoverage",
        ["insurer": .text, "policyNumber": .text, "covers": .texts, "limit": .amount])
    /// A measurer says how a provider did.
    public static let providerBenchmark = CredentialType(
        "ProviderBenchmark",
        ["benchmark": .text, "score": .whole(0...wholeMax), "measured": .moment])
    /// An operator is one of its kind within a scope.
    public static let uniqueOperator = CredentialType("UniqueOperator", ["scope": .text])
    /// A person is one of its kind within a scope.
    public static let uniquePerson = CredentialType("UniquePerson", ["scope": .text])
    /// An authority lets somebody offer services.
    public static let serviceLicence = CredentialType(
        "ServiceLicence", ["services": .texts, "jurisdiction": .text])
    /// Somebody lets an agent act, within a budget and a scope.
    public static let agentMandate = CredentialType(
        "AgentMandate", ["hirer": .did, "budget": .amount, "scope": .texts])
    /// Somebody passes on what it may do, or a part of it.
    public static let capabilityDelegation = CredentialType(
        "CapabilityDelegation", ["operations": .texts, "resources": .texts, "budget": .amount])
    /// An issuer lets another attest.
    public static let issuerAccreditation = CredentialType(
        "IssuerAccreditation", ["credentialTypes": .texts])

    /// All that are known.
    public static let all: [CredentialType] = [
        manufacturerAttestation, maintenanceRecord, ownerAuthorization, insuranceCoverage,
        providerBenchmark, uniqueOperator, uniquePerson, serviceLicence, agentMandate,
        capabilityDelegation, issuerAccreditation,
    ]

    /// The type of this name, or nothing.
    public static func named(_ name: String) -> CredentialType? { all.first { $0.name == name } }
}

extension CredentialType.Kind {
    /// Whether a value is of this kind.
    func holds(_ value: JSON) -> Bool {
        switch self {
        case .text: value.text.map(Self.isText) ?? false
        case .texts: Self.texts(value) != nil
        case .did: value.text.flatMap { DID($0) } != nil
        case .amount: Self.amount(value) != nil
        case .moment: value.text.flatMap { Moment($0) } != nil
        case .whole(let range): value.signed.map(range.contains) ?? false
        case .geofence: Geofence(reading: value) != nil
        case .hours: OperatingHours(reading: value) != nil
        }
    }

    private static func isText(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= CredentialType.textBytesMax
    }

    /// Texts that all say something, none of them twice.
    static func texts(_ value: JSON) -> [String]? {
        guard let elements = value.elements, !elements.isEmpty,
            elements.count <= CredentialType.textsMax
        else { return nil }
        let texts = elements.compactMap(\.text).filter(isText)
        return texts.count == elements.count && Set(texts).count == texts.count ? texts : nil
    }

    /// Decimal digits without a zero in front.
    static func amount(_ value: JSON) -> UInt128? {
        guard let text = value.text, let amount = UInt128(text), String(amount) == text else {
            return nil
        }
        return amount
    }
}

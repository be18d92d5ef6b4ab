// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// Why a document is not a credential or presentation of the data model.
public enum CredentialFailure: Error, Hashable, Sendable {
    /// The property is missing, or has another form.
    case malformed(String)
    /// More of it than is read.
    case tooMany(String)
}

/// Where a credential's status stands (Bitstring Status List 1.0 §2.1).
public struct StatusEntry: Hashable, Sendable {
    /// The only kind that is understood.
    public static let type = "BitstringStatusListEntry"
    /// The member of the claim `status` under which SD-JWT VC of this house carry entries.
    public static let claim = "bitstring_status_list"

    /// What the status is about: `revocation` or `suspension`.
    public let purpose: String
    /// The place in the list.
    public let index: UInt64
    /// The address of the list's credential.
    public let list: String

    /// Points into a list.
    public init(purpose: String, index: UInt64, list: String) {
        self.purpose = purpose
        self.index = index
        self.list = list
    }

    /// The entry as a credential carries it.
    public var json: JSON {
        [
            "type": .string(Self.type), "statusPurpose": .string(purpose),
            "statusListIndex": .string(String(index)), "statusListCredential": .string(list),
        ]
    }

    init(reading json: JSON) throws(CredentialFailure) {
        guard json["type"]?.text == Self.type, let purpose = json["statusPurpose"]?.text,
            let digits = json["statusListIndex"]?.text, let index = UInt64(digits),
            digits == String(index), let list = json["statusListCredential"]?.text
        else { throw .malformed("credentialStatus") }
        self.init(purpose: purpose, index: index, list: list)
    }
}

/// A schema that a credential says it fulfils (data model 2.0 §4.11).
public struct SchemaEntry: Hashable, Sendable {
    /// The only kind that is understood.
    public static let type = "JsonSchema"

    /// The address of the schema.
    public let id: String
    /// Its kind.
    public let type: String

    init(reading json: JSON) throws(CredentialFailure) {
        guard let id = json["id"]?.text, let type = json["type"]?.text else {
            throw .malformed("credentialSchema")
        }
        self.id = id
        self.type = type
    }
}

/// What a credential says, by the data model 2.0 (IDENTITY-12); whether it is true is for its
/// proofs and a policy to say.
public struct Credential: Hashable, Sendable {
    /// The first context of every credential and presentation.
    public static let context = "https://www.w3.org/ns/credentials/v2"
    /// The type every credential has.
    public static let type = "VerifiableCredential"
    /// The most types, subjects, status entries or schemas of one credential.
    public static let partsMax = 16

    /// The whole, without proofs.
    public let json: JSON
    /// Its own name.
    public let id: String?
    /// Its types, `VerifiableCredential` among them.
    public let types: [String]
    /// Who issued it.
    public let issuer: String
    /// From when on it counts.
    public let validFrom: Moment?
    /// Until when it counts; from this second on it does not.
    public let validUntil: Moment?
    /// What is said, and of whom.
    public let subjects: [JSON]
    /// Where to look whether it was taken back.
    public let statuses: [StatusEntry]
    /// The schemas it says it fulfils.
    public let schemas: [SchemaEntry]

    /// Reads a credential.
    ///
    /// - Throws: ``CredentialFailure``.
    public init(reading json: JSON) throws(CredentialFailure) {
        types = try Self.types(of: json, including: Self.type)
        let issuer = json["issuer"]
        guard let issuer = issuer?.text ?? issuer?["id"]?.text else { throw .malformed("issuer") }
        self.json = json
        self.issuer = issuer
        id = try Self.text("id", of: json)
        validFrom = try Self.moment("validFrom", of: json)
        validUntil = try Self.moment("validUntil", of: json)
        if let validFrom, let validUntil, validUntil < validFrom { throw .malformed("validUntil") }
        subjects = try Self.list("credentialSubject", of: json)
        guard !subjects.isEmpty, subjects.allSatisfy({ $0.members?.isEmpty == false }) else {
            throw .malformed("credentialSubject")
        }
        statuses = try Self.list("credentialStatus", of: json).map {
            (entry) throws(CredentialFailure) in try StatusEntry(reading: entry)
        }
        schemas = try Self.list("credentialSchema", of: json).map {
            (entry) throws(CredentialFailure) in try SchemaEntry(reading: entry)
        }
    }

    /// The types of a document whose first context is that of the data model.
    static func types(
        of json: JSON, including wanted: String
    ) throws(CredentialFailure) -> [String] {
        guard json["@context"]?.elements?.first?.text ?? json["@context"]?.text == context else {
            throw .malformed("@context")
        }
        let values = try list("type", of: json)
        let types = values.compactMap(\.text)
        guard types.count == values.count, types.contains(wanted) else { throw .malformed("type") }
        return types
    }

    /// A property that is one value or several.
    static func list(_ name: String, of json: JSON) throws(CredentialFailure) -> [JSON] {
        guard let value = json[name] else { return [] }
        let elements = value.elements ?? [value]
        guard elements.count <= partsMax else { throw .tooMany(name) }
        return elements
    }

    static func text(_ name: String, of json: JSON) throws(CredentialFailure) -> String? {
        guard let value = json[name] else { return nil }
        guard let text = value.text else { throw .malformed(name) }
        return text
    }

    private static func moment(
        _ name: String, of json: JSON
    ) throws(CredentialFailure) -> Moment? {
        guard let text = try text(name, of: json) else { return nil }
        guard let moment = Moment(text) else { throw .malformed(name) }
        return moment
    }
}

/// Credentials that a holder shows together.
public struct Presentation: Hashable, Sendable {
    /// The type every presentation has.
    public static let type = "VerifiablePresentation"
    /// The most credentials of one presentation: each costs at least one signature.
    public static let credentialsMax = 32

    /// Who shows them.
    public let holder: String
    /// The credentials, each with its proofs.
    public let credentials: [JSON]

    /// Reads a presentation.
    ///
    /// - Throws: ``CredentialFailure``.
    public init(reading json: JSON) throws(CredentialFailure) {
        _ = try Credential.types(of: json, including: Self.type)
        guard let holder = json["holder"]?.text ?? json["holder"]?["id"]?.text else {
            throw .malformed("holder")
        }
        let value = json["verifiableCredential"]
        let credentials = value?.elements ?? value.map { [$0] } ?? []
        guard credentials.count <= Self.credentialsMax else {
            throw .tooMany("verifiableCredential")
        }
        self.holder = holder
        self.credentials = credentials
    }

    /// A presentation that is not signed yet.
    public static func json(holder: DID, credentials: [JSON]) -> JSON {
        [
            "@context": [.string(Credential.context)], "type": [.string(type)],
            "holder": .string(holder.description), "verifiableCredential": .array(credentials),
        ]
    }
}

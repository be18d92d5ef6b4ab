// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// A status list as its issuer publishes it: a credential whose subject is the list (§2.2).
public struct StatusListCredential: Hashable, Sendable {
    /// The type of the credential.
    public static let type = "BitstringStatusListCredential"
    /// The type of its subject.
    public static let subjectType = "BitstringStatusList"

    /// The address of the list, which entries name.
    public let id: String
    /// Who publishes it.
    public let issuer: String
    /// What its bits are about.
    public let purposes: [String]
    /// The bits.
    public let list: StatusList
    /// From when on it counts.
    public let validFrom: Moment?
    /// Until when it counts.
    public let validUntil: Moment?

    /// Reads the list out of a credential, whose proof is for the caller to check.
    ///
    /// - Throws: ``StatusFailure``.
    public init(reading credential: Credential) throws(StatusFailure) {
        guard credential.types.contains(Self.type) else { throw .malformed("type") }
        guard let id = credential.id else { throw .malformed("id") }
        guard let subject = credential.subjects.first, credential.subjects.count == 1,
            subject["type"]?.text == Self.subjectType
        else { throw .malformed("credentialSubject") }
        // Entries of more than one bit would be read at the wrong places.
        guard subject["statusSize"] == nil || subject["statusSize"]?.unsigned == 1 else {
            throw .malformed("statusSize")
        }
        let purpose = subject["statusPurpose"]
        let purposes = purpose?.text.map { [$0] } ?? purpose?.elements?.compactMap(\.text) ?? []
        guard !purposes.isEmpty else { throw .malformed("statusPurpose") }
        guard let text = subject["encodedList"]?.text else { throw .malformed("encodedList") }
        self.id = id
        issuer = credential.issuer
        self.purposes = purposes
        list = try StatusList(encoded: text)
        validFrom = credential.validFrom
        validUntil = credential.validUntil
    }

    /// Whether the list says that the entry is revoked, or suspended, as its purpose has it (§3.2).
    ///
    /// - Throws: ``StatusFailure``.
    public func isSet(_ entry: StatusEntry) throws(StatusFailure) -> Bool {
        guard entry.list == id else { throw .wrongList }
        guard purposes.contains(entry.purpose) else { throw .wrongPurpose }
        return try list.isSet(entry.index)
    }

    /// A list as a credential that is not signed yet.
    public static func json(
        id: String, issuer: DID, purpose: String, list: StatusList, validFrom: Moment,
        validUntil: Moment
    ) -> JSON {
        [
            "@context": [.string(Credential.context)], "id": .string(id),
            "type": [.string(Credential.type), .string(type)],
            "issuer": .string(issuer.description),
            "validFrom": .string(validFrom.description),
            "validUntil": .string(validUntil.description),
            "credentialSubject": [
                "id": .string(id + "#list"), "type": .string(subjectType),
                "statusPurpose": .string(purpose), "encodedList": .string(list.encoded),
            ],
        ]
    }
}

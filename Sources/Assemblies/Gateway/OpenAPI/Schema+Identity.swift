// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Identities and credentials.
    static var identity: [(name: String, schema: JSON)] {
        [
            ("ResolvedIdentity", resolved), ("Verification", verification),
            ("VerifyCredential", question("verifiableCredential", textToo: true, isAsked: false)),
            (
                "VerifyPresentation",
                question("verifiablePresentation", textToo: false, isAsked: true)
            ),
            ("IssueCredential", question("credential", textToo: false, isAsked: false)),
            ("CreatePresentation", question("presentation", textToo: false, isAsked: false)),
            ("IssuedCredential", object([("verifiableCredential", document)])),
            ("CreatedPresentation", object([("verifiablePresentation", document)])),
        ]
    }

    /// A document whose own rules say what it holds.
    private static var document: JSON { ["type": "object"] }

    private static var resolved: JSON {
        object([
            ("didDocument", document),
            ("didDocumentMetadata", object([("deactivated?", flag), ("versionId?", text)])),
        ])
    }

    private static var verification: JSON {
        let check = object([
            ("check", text), ("holds", flag), ("name?", text), ("detail?", text),
        ])
        return object([
            ("verified", flag),
            ("results", list(object([("name", text), ("checks", list(check))]))),
        ])
    }

    /// - Parameters:
    ///   - textToo: Whether the document may be a token instead.
    ///   - isAsked: Whether what was asked of the holder must be said.
    private static func question(_ name: String, textToo: Bool, isAsked: Bool) -> JSON {
        let evidence: JSON = [
            "type": "array", "items": document, "maxItems": JSON(CredentialQuestion.evidenceMax),
        ]
        let mark = isAsked ? "" : "?"
        let options = object([
            ("policy?", document), ("statusLists?", evidence), ("accreditations?", evidence),
            ("delegations?", evidence), ("challenge\(mark)", text), ("domain\(mark)", text),
        ])
        let value: JSON = textToo ? ["anyOf": [document, text]] : document
        return object([(name, value), ("options\(mark)", options)])
    }
}

// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Identities and credentials.
    static var identity: [(name: String, schema: JSON)] {
        [
            ("ResolvedIdentity", resolved), ("Verification", verification),
            ("VerifyCredential", question("verifiableCredential", textToo: true)),
            ("VerifyPresentation", question("verifiablePresentation", textToo: false)),
            ("IssueCredential", question("credential", textToo: false)),
            ("CreatePresentation", question("presentation", textToo: false)),
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

    private static func question(_ name: String, textToo: Bool) -> JSON {
        let options = object([
            ("policy?", document), ("statusLists?", list(document)),
            ("accreditations?", list(document)), ("delegations?", list(document)),
            ("challenge?", text), ("domain?", text),
        ])
        let value: JSON = textToo ? ["anyOf": [document, text]] : document
        return object([(name, value), ("options?", options)])
    }
}

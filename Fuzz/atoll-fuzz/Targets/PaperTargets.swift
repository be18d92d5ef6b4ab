// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Vocabulary

/// What strangers hand to whoever verifies: documents, credentials, tokens, disclosures, schemas,
/// status lists, policies.
enum PaperTargets {
    static let all: [FuzzTarget] = [
        FuzzTarget(
            "papers",
            of: [document, credential, presentation, token, disclosure, schema, policy])
    ]

    private static let now = Moment(seconds: 1_800_000_000)

    private static func key(_ number: UInt8) -> SigningKey {
        guard let key = SigningKey(seed: [UInt8](repeating: number, count: 32)) else {
            preconditionFailure("thirty-two bytes are a seed")
        }
        return key
    }

    private static func did(_ number: UInt8) -> DID {
        KeyMethod.did(of: .ed25519(key(number).publicKey))
    }

    private static var verifier: CredentialVerifier {
        CredentialVerifier(
            policy: TrustPolicy(issuers: ["UniquePerson": [did(1)]]), now: now,
            statusLists: [statusList()])
    }

    private static func options(_ number: UInt8, _ purpose: Relationship) -> ProofOptions {
        ProofOptions(
            method: KeyMethod.url(of: .ed25519(key(number).publicKey)), purpose: purpose,
            created: now)
    }

    private static func signed(
        _ json: JSON, by number: UInt8, _ purpose: Relationship = .assertionMethod
    ) -> JSON {
        (try? DocumentSigner.sign(json, as: options(number, purpose), by: key(number))) ?? json
    }

    private static func person() -> JSON {
        [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "UniquePerson"], "issuer": .string("\(did(1))"),
            "validUntil": "2030-01-01T00:00:00Z",
            "credentialSubject": ["id": .string("\(did(2))"), "scope": "region"],
        ]
    }

    private static func statusList() -> JSON {
        guard let list = try? StatusList() else { return [:] }
        return signed(
            StatusListCredential.json(
                id: "https://a.example/1", issuer: did(1), purpose: "revocation", list: list,
                validFrom: now, validUntil: Moment(seconds: now.seconds + 1)), by: 1)
    }

    // MARK: Papers

    /// What is read as a document is written in one form, which reads as itself.
    private static let document = FuzzTarget(
        "document", samples: { [(try? KeyMethod.resolve(did(1)))?.json.bytes ?? []] }
    ) { bytes in
        guard let json = try? CanonicalJSON.read(bytes) else { return }
        guard let canonical = try? CanonicalJSON.bytes(of: json) else {
            preconditionFailure("what is read has a canonical form")
        }
        let again = (try? CanonicalJSON.read(canonical)).flatMap {
            try? CanonicalJSON.bytes(of: $0)
        }
        precondition(again == canonical, "the canonical form is its own")
        _ = try? DIDDocument(reading: json)
    }

    private static let credential = FuzzTarget(
        "credential", samples: { [signed(person(), by: 1).bytes, statusList().bytes] }
    ) { bytes in
        guard let json = try? CanonicalJSON.read(bytes) else { return }
        let verifier = CredentialVerifier(
            policy: TrustPolicy(issuers: ["UniquePerson": [did(1)]]), now: now,
            statusLists: [json], accreditations: [json])
        _ = verifier.verify(json)
        _ = try? verifier.verify(delegations: [json, json], of: did(1))
    }

    private static let presentation = FuzzTarget(
        "presentation",
        samples: {
            let shown = Presentation.json(holder: did(2), credentials: [signed(person(), by: 1)])
            return [signed(shown, by: 2, .authentication).bytes]
        }
    ) { bytes in
        guard let json = try? CanonicalJSON.read(bytes) else { return }
        _ = verifier.verify(presentation: json, challenge: "c", domain: "d")
    }

    private static let token = FuzzTarget(
        "token",
        samples: {
            let method = KeyMethod.url(of: .ed25519(key(1).publicKey))
            let text = try? CredentialToken.sign(person(), method: method, by: key(1))
            return [Array((text ?? "").utf8)]
        }
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        _ = verifier.verify(token: text)
        guard let token = try? IssuedToken(text) else { return }
        precondition((try? TokenStatement(signed: token.signed)) == token.statement)
    }

    private static let disclosure = FuzzTarget(
        "disclosure",
        samples: {
            let entry = StatusEntry(purpose: "revocation", index: 7, list: "https://s")
            let claims: JSON = [
                "iss": .string(did(1).description), "vct": "UniquePerson", "owner": "Ada",
                "areas": ["x", "y"], "status": [StatusEntry.claim: entry.json],
            ]
            let text = try? DisclosureIssuer.issue(
                claims, hidden: [("owner", [UInt8](repeating: 1, count: 16))],
                holder: .ed25519(key(2).publicKey), by: key(1))
            return [Array((text ?? "").utf8)]
        }
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let question = KeyBindingRequest(audience: "a", nonce: "n")
        let found = verifier.verify(selective: text, question: question)
        precondition(found.claims == nil || found.report.isAccepted)
        guard let shown = try? SelectiveCredential(text) else { return }
        _ = try? shown.verified(by: .ed25519(key(1).publicKey), at: now)
        _ = try? shown.showing(["owner"])
    }

    /// A schema, held against itself and against a credential, ends within its bound.
    private static let schema = FuzzTarget(
        "schema",
        samples: {
            let text =
                ##"{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"type":"object"},{"const":1}]}},"##
                + ##""properties":{"b":{"items":{"minLength":1}}},"required":["type"]}"##
            return [Array(text.utf8)]
        }
    ) { bytes in
        guard let json = try? CanonicalJSON.read(bytes),
            let schema = try? JSONSchema(reading: json)
        else { return }
        _ = schema.violation(in: json)
        _ = schema.violation(in: person())
    }

    /// A policy that reads is written as itself.
    private static let policy = FuzzTarget(
        "policy",
        samples: { [TrustPolicy(issuers: ["UniquePerson": [did(1)]]).json.bytes] }
    ) { bytes in
        guard let json = try? JSON(parsing: bytes), let policy = try? TrustPolicy(reading: json)
        else { return }
        precondition((try? TrustPolicy(reading: policy.json)) == policy, "a policy comes back")
    }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Testing

@testable import Identity

/// Persons by the byte of their seed, and what they issue.
struct TrustWorld {
    let now = Moment(seconds: 1_700_000_000)
    let listAddress = "https://status.example/1"

    func did(_ person: UInt8) throws -> DID {
        KeyMethod.did(of: .ed25519(try key(person).publicKey))
    }

    func moment(_ offset: Int64) -> JSON {
        .string(Moment(seconds: now.seconds + offset).description)
    }

    func options(
        _ person: UInt8, _ purpose: Relationship = .assertionMethod
    ) throws -> ProofOptions {
        ProofOptions(
            method: KeyMethod.url(of: .ed25519(try key(person).publicKey)), purpose: purpose,
            created: now)
    }

    /// What `machine` may do, by the word of `issuer`, not signed yet.
    func authorization(by issuer: UInt8 = 1, of machine: UInt8 = 7) throws -> JSON {
        [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "OwnerAuthorization"],
            "issuer": .string(try did(issuer).description),
            "validFrom": moment(-1_000), "validUntil": moment(1_000),
            "credentialSubject": [
                "id": .string(try did(machine).description),
                "allowedOperations": ["inspect", "deliver"], "maximumContractValue": "1000",
            ],
        ]
    }

    func signed(_ json: JSON, by person: UInt8 = 1) throws -> JSON {
        try DocumentSigner.sign(json, as: options(person), by: key(person))
    }

    func accreditation(
        by issuer: UInt8, of subject: UInt8, types: JSON = ["OwnerAuthorization"]
    ) throws -> JSON {
        try signed(
            [
                "@context": [.string(Credential.context)],
                "type": ["VerifiableCredential", "IssuerAccreditation"],
                "issuer": .string(did(issuer).description),
                "credentialSubject": [
                    "id": .string(did(subject).description), "credentialTypes": types,
                ],
            ], by: issuer)
    }

    /// A status list with some entries set.
    func list(
        by issuer: UInt8 = 1, purpose: String = "revocation", set: [UInt64] = [], age: Int64 = 10
    ) throws -> JSON {
        var list = try StatusList()
        for index in set { try list.set(index, to: true) }
        let json = StatusListCredential.json(
            id: listAddress, issuer: try did(issuer), purpose: purpose, list: list,
            validFrom: Moment(seconds: now.seconds - age),
            validUntil: Moment(seconds: now.seconds + 1_000_000))
        return try signed(json, by: issuer)
    }

    func withStatus(_ json: JSON, _ index: UInt64, purpose: String = "revocation") -> JSON {
        let entry = StatusEntry(purpose: purpose, index: index, list: listAddress)
        return json.replacing("credentialStatus", with: entry.json)
    }

    func policy(depth: Int = 2) throws -> TrustPolicy {
        TrustPolicy(issuers: ["OwnerAuthorization": [try did(1)]], chainDepthMax: depth)
    }

    func verifier(
        lists: [JSON] = [], accreditations: [JSON] = [], depth: Int = 2,
        documents: [DIDDocument] = []
    ) throws -> CredentialVerifier {
        CredentialVerifier(
            policy: try policy(depth: depth), now: now, documents: documents, statusLists: lists,
            accreditations: accreditations)
    }
}

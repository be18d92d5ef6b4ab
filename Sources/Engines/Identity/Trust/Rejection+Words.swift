// SPDX-License-Identifier: Apache-2.0
public import JSONText

extension Rejection: CustomStringConvertible {
    /// A stable short name, for scripts.
    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .badProof: "badProof"
        case .unknownType: "unknownType"
        case .badSubject: "badSubject"
        case .schemaMissing: "schemaMissing"
        case .unknownSchemaType: "unknownSchemaType"
        case .schemaViolated: "schemaViolated"
        case .badToken: "badToken"
        case .badDisclosure: "badDisclosure"
        case .notADID: "notADID"
        case .unknownKey: "unknownKey"
        case .wrongPurpose: "wrongPurpose"
        case .wrongKindOfKey: "wrongKindOfKey"
        case .wrongSigner: "wrongSigner"
        case .badSignature: "badSignature"
        case .proofFromTheFuture: "proofFromTheFuture"
        case .proofExpired: "proofExpired"
        case .notYetValid: "notYetValid"
        case .expired: "expired"
        case .revoked: "revoked"
        case .suspended: "suspended"
        case .statusMissing: "statusMissing"
        case .statusListMissing: "statusListMissing"
        case .statusListRejected: "statusListRejected"
        case .statusListOfAnother: "statusListOfAnother"
        case .statusListStale: "statusListStale"
        case .badStatus: "badStatus"
        case .issuerWithoutAuthority: "issuerWithoutAuthority"
        case .wrongChallenge: "wrongChallenge"
        case .wrongDomain: "wrongDomain"
        case .stale: "stale"
        case .holderIsNotSubject: "holderIsNotSubject"
        }
    }

    /// The reason in words.
    public var description: String {
        switch self {
        case .malformed(.malformed(let part)): "no credential of the data model: \(part)"
        case .malformed(.tooMany(let part)): "more than is read of \(part)"
        case .badProof(let failure): "the proof is not read: \(failure)"
        case .unknownType: "no type that is known"
        case .badSubject(let part): "the subject breaks the rules of its type: \(part)"
        case .schemaMissing(let address): "the schema \(address) is not at hand"
        case .unknownSchemaType(let type): "a schema of the kind \(type)"
        case .schemaViolated(let violation):
            "it breaks its schema at \(violation.path.isEmpty ? "/" : violation.path): "
                + violation.keyword
        case .badToken(let failure): "the token does not hold: \(failure)"
        case .badDisclosure(let failure): "the disclosure does not hold: \(failure)"
        case .notADID: "the issuer or holder is no DID"
        case .unknownKey(let name): "the signer's document has no such key for this use: \(name)"
        case .wrongPurpose(let purpose): "the proof is for another use: \(purpose.rawValue)"
        case .wrongKindOfKey: "a key of another kind than Ed25519"
        case .wrongSigner: "no proof is by whom it is said to be from"
        case .badSignature: "the signature does not hold"
        case .proofFromTheFuture: "the proof was made in the future"
        case .proofExpired: "the proof counts no more"
        case .notYetValid: "it does not count yet"
        case .expired: "it counts no more"
        case .revoked: "it was revoked"
        case .suspended: "it is suspended"
        case .statusMissing: "it does not say where its status stands"
        case .statusListMissing: "its status list is not at hand"
        case .statusListRejected: "its status list is not to be believed"
        case .statusListOfAnother: "the status list is by somebody else"
        case .statusListStale: "the status list is too old, or from the future"
        case .badStatus(let failure): "the status list says nothing of it: \(failure)"
        case .issuerWithoutAuthority: "nobody trusted lets the issuer attest this"
        case .wrongChallenge: "another challenge was asked"
        case .wrongDomain: "it was made for another verifier"
        case .stale: "it is too old"
        case .holderIsNotSubject: "the holder is not whom it is about"
        }
    }
}

extension VerificationReport {
    /// The findings, in the order of the checks.
    public var json: JSON {
        .array(
            findings.map { finding in
                guard let rejection = finding.rejection else {
                    return ["check": .string(finding.check.rawValue), "holds": true]
                }
                return [
                    "check": .string(finding.check.rawValue), "holds": false,
                    "name": .string(rejection.name), "detail": .string(rejection.description),
                ]
            })
    }
}

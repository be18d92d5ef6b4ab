// SPDX-License-Identifier: Apache-2.0

/// Who may attest what, and how fresh it must be (IDENTITY-16).
public struct TrustPolicy: Hashable, Sendable {
    /// The longest chain of accreditations that a policy may allow.
    public static let chainDepthLimit = 8

    /// The issuers trusted themselves, by the type of credential.
    public var issuers: [String: Set<DID>]
    /// How many accreditations may lie between a trusted issuer and the one that signed: 0 to
    /// ``chainDepthLimit``.
    public var chainDepthMax: Int
    /// Whether every credential must say where its status stands.
    public var requiresStatus = false
    /// How old a status list may be, in seconds since its `validFrom`.
    public var statusSecondsMax: Int64 = 86_400
    /// How long a presentation counts, in seconds since its proof was made.
    public var presentationSecondsMax: Int64 = 300
    /// How far another's clock may be ahead, in seconds.
    public var skewSecondsMax: Int64 = 60
    /// Whether whoever presents a credential must be its subject.
    public var requiresHolderIsSubject = true

    /// Trusts these issuers.
    public init(issuers: [String: Set<DID>], chainDepthMax: Int = 2) {
        self.issuers = issuers
        self.chainDepthMax = min(max(chainDepthMax, 0), Self.chainDepthLimit)
    }
}

/// One thing a verifier looks at.
public enum Check: String, CaseIterable, Hashable, Sendable {
    /// The form of the data model.
    case form
    /// The rules of the credential's type.
    case type
    /// The schemas that the credential names.
    case schema
    /// Proofs, all of them, one at least by the issuer or holder.
    case proof
    /// That now lies within the validity.
    case validity
    /// That it was not taken back.
    case status
    /// That the issuer may attest this.
    case authority
    /// That the answer is to this question, for this verifier.
    case freshness
    /// That the holder is whom the credential is about.
    case holder
}

/// Why a check fails; each attack has its own name.
public enum Rejection: Error, Hashable, Sendable {
    /// Not of the data model.
    case malformed(CredentialFailure)
    /// Proofs that are not read.
    case badProof(ProofFailure)
    /// No type that is known.
    case unknownType
    /// A property breaks the rules of the type.
    case badSubject(String)
    /// A schema that the credential names is not at hand.
    case schemaMissing(String)
    /// A schema of another kind than `JsonSchema`.
    case unknownSchemaType(String)
    /// It breaks a schema that it names.
    case schemaViolated(SchemaViolation)
    /// Not a token, or one that does not hold.
    case badToken(TokenFailure)
    /// Not a credential with selective disclosure, or one that does not hold.
    case badDisclosure(DisclosureFailure)
    /// The issuer or holder is no DID.
    case notADID
    /// The key is not in the signer's document, or not for this use.
    case unknownKey(String)
    /// A proof was made for another use of its key.
    case wrongPurpose(Relationship)
    /// A key that does not sign with Ed25519.
    case wrongKindOfKey
    /// No proof is by the issuer or holder.
    case wrongSigner
    /// A signature does not hold.
    case badSignature
    /// A proof was made in the future.
    case proofFromTheFuture
    /// A proof counts no more.
    case proofExpired
    /// It does not count yet.
    case notYetValid
    /// It counts no more.
    case expired
    /// It was taken back for good.
    case revoked
    /// It was taken back for a while.
    case suspended
    /// It says nothing of its status, and must.
    case statusMissing
    /// The list is not at hand.
    case statusListMissing
    /// The list is not to be believed.
    case statusListRejected
    /// The list is by somebody else.
    case statusListOfAnother
    /// The list is too old, or from the future.
    case statusListStale
    /// The list says nothing of this entry.
    case badStatus(StatusFailure)
    /// Nobody trusted has let the issuer attest this, within the depth that is allowed.
    case issuerWithoutAuthority
    /// Another challenge was asked.
    case wrongChallenge
    /// It was made for another verifier.
    case wrongDomain
    /// It is too old.
    case stale
    /// The holder is not the subject.
    case holderIsNotSubject
}

/// What came of one check.
public struct Finding: Hashable, Sendable {
    /// What was looked at.
    public let check: Check
    /// Why it failed; nothing when it passed.
    public let rejection: Rejection?
}

/// What a verifier found, check by check (IDENTITY-17).
public struct VerificationReport: Hashable, Sendable {
    /// The findings, in the order of the checks.
    public private(set) var findings: [Finding] = []

    /// Whether everything passed.
    public var isAccepted: Bool { findings.allSatisfy { $0.rejection == nil } }
    /// Why not, in the order of the checks.
    public var rejections: [Rejection] { findings.compactMap(\.rejection) }

    /// What came of a check; nothing when it was not made, because one before it failed.
    public func finding(_ check: Check) -> Finding? { findings.first { $0.check == check } }

    mutating func add(_ check: Check, _ rejection: Rejection?) {
        findings.append(Finding(check: check, rejection: rejection))
    }
}

/// What came of a presentation: of itself, and of each credential in it.
public struct PresentationReport: Hashable, Sendable {
    /// What was found of the presentation.
    public let presentation: VerificationReport
    /// What was found of its credentials, in their order.
    public let credentials: [VerificationReport]

    /// Whether everything passed.
    public var isAccepted: Bool {
        presentation.isAccepted && credentials.allSatisfy(\.isAccepted)
    }
}

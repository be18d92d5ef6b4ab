// SPDX-License-Identifier: Apache-2.0
public import JSONText
import Vocabulary

/// Checks credentials against a policy, with what is known at a moment (IDENTITY-16, IDENTITY-17).
///
/// It is a value: the time, the documents of DIDs, the status lists and the accreditations are
/// given to it. Signatures of all that is checked at once are decided together.
public struct CredentialVerifier: Sendable {
    /// The most status lists, and the most accreditations, that are at hand at once.
    public static let evidenceMax = 256

    /// Whom to trust.
    public let policy: TrustPolicy
    /// The moment for which everything is checked.
    public let now: Moment
    private let documents: [DID: DIDDocument]
    /// The schemas at hand, by their addresses.
    private let schemas: [String: JSONSchema]
    /// The lists that are to be believed; nothing for one that is not.
    private var lists: [ListName: StatusListCredential?] = [:]
    /// The addresses of all lists at hand.
    private var addresses: Set<String> = []
    /// Who let whom attest what.
    private var accreditations: [Accreditation] = []

    /// A list is that of an address and an issuer, so that nobody's list stands in another's way.
    private struct ListName: Hashable {
        let address: String
        let issuer: String
    }

    /// One issuer's word for another.
    private struct Accreditation {
        let issuer: DID
        let subject: DID
        let types: Set<String>
    }

    /// Prepares for one moment.
    ///
    /// Cost: the signatures of the lists and accreditations, decided together, and the lists' bits.
    ///
    /// - Parameters:
    ///   - documents: Those of the DIDs that may sign; `did:key` needs none.
    ///   - statusLists: Credentials of status lists; at most ``evidenceMax`` are looked at.
    ///   - accreditations: Credentials of the type `IssuerAccreditation`; at most as many.
    ///   - schemas: The schemas that credentials may name, by their addresses.
    public init(
        policy: TrustPolicy, now: Moment, documents: [DIDDocument] = [], statusLists: [JSON] = [],
        accreditations: [JSON] = [], schemas: [String: JSONSchema] = [:]
    ) {
        self.policy = policy
        self.now = now
        self.schemas = schemas
        self.documents = Dictionary(documents.map { ($0.id, $0) }) { first, _ in first }
        for json in statusLists.prefix(Self.evidenceMax) { takeList(json) }
        takeAccreditations(Array(accreditations.prefix(Self.evidenceMax)))
    }

    /// The key that a proof names, if the signer's document allows its use.
    func key(of proof: DataIntegrityProof) throws(Rejection) -> PublicKey {
        guard case .ed25519(let signer) = try key(named: proof.method, for: proof.purpose) else {
            throw .wrongKindOfKey
        }
        return signer
    }

    /// A key by its name, if its document allows this use.
    func key(named method: DIDURL, for use: Relationship) throws(Rejection) -> VerificationKey {
        let key: VerificationKey?
        if method.did.method == KeyMethod.name {
            // The name is the key; its document would say so at more cost.
            key = method.fragment == method.did.name ? try? KeyMethod.key(of: method.did) : nil
        } else {
            key = documents[method.did]?.key(named: method, for: use)
        }
        guard let key else { throw .unknownKey(method.description) }
        return key
    }
}

// MARK: - Credentials

extension CredentialVerifier {
    /// A credential between reading and the verdicts on its signatures.
    private struct Candidate {
        var report = VerificationReport()
        var credential: Credential?
        var proofs: ProofExamination?
    }

    /// Checks one credential. Cost: about 25 µs and its signatures.
    public func verify(_ json: JSON) -> VerificationReport { verify([json])[0] }

    /// Checks many; their signatures are decided together.
    public func verify(_ credentials: [JSON]) -> [VerificationReport] {
        var batch = SignatureBatch()
        let candidates = credentials.map { candidate($0, into: &batch) }
        let verdicts = batch.decided()
        return candidates.map { report(on: $0, verdicts) }
    }

    private func candidate(_ json: JSON, into batch: inout SignatureBatch) -> Candidate {
        var candidate = Candidate()
        do throws(CredentialFailure) {
            candidate.credential = try Credential(reading: json.without("proof"))
            candidate.report.add(.form, nil)
        } catch {
            candidate.report.add(.form, .malformed(error))
        }
        guard let credential = candidate.credential else { return candidate }
        candidate.report.add(.type, Self.typeRejection(of: credential))
        candidate.report.add(.schema, schemaRejection(of: credential))
        do throws(Rejection) {
            candidate.proofs = try ProofExamination(
                json, from: credential.issuer, for: .assertionMethod, by: self, into: &batch)
        } catch {
            candidate.report.add(.proof, error)
        }
        return candidate
    }

    private func report(on candidate: Candidate, _ verdicts: [Bool]) -> VerificationReport {
        var report = candidate.report
        guard let credential = candidate.credential else { return report }
        if let proofs = candidate.proofs {
            report.add(.proof, proofs.holds(verdicts) ? nil : .badSignature)
        }
        report.add(.validity, validityRejection(of: credential))
        report.add(.status, statusRejection(of: credential))
        report.add(.authority, authorityRejection(of: credential))
        return report
    }

    /// Every known type's rules must hold, for every subject.
    static func typeRejection(of credential: Credential) -> Rejection? {
        let known = credential.types.compactMap(CredentialType.named)
        guard !known.isEmpty else { return .unknownType }
        for type in known {
            for subject in credential.subjects {
                if let name = type.violation(in: subject) { return .badSubject(name) }
            }
        }
        return nil
    }

    /// Every schema that the credential names holds for the whole of it (IDENTITY-22).
    func schemaRejection(of credential: Credential) -> Rejection? {
        for entry in credential.schemas {
            guard entry.type == SchemaEntry.type else { return .unknownSchemaType(entry.type) }
            guard let schema = schemas[entry.id] else { return .schemaMissing(entry.id) }
            if let violation = schema.violation(in: credential.json) {
                return .schemaViolated(violation)
            }
        }
        return nil
    }

    func validityRejection(of credential: Credential) -> Rejection? {
        validityRejection(from: credential.validFrom, until: credential.validUntil)
    }

    func validityRejection(from start: Moment?, until end: Moment?) -> Rejection? {
        if let start, now < start { return .notYetValid }
        if let end, now >= end { return .expired }
        return nil
    }
}

// MARK: - Status

extension CredentialVerifier {
    /// Takes a list whose own proof holds; any other is remembered as not to be believed.
    private mutating func takeList(_ json: JSON) {
        guard let credential = try? Credential(reading: json.without("proof")),
            let id = credential.id
        else { return }
        var batch = SignatureBatch()
        let proofs = try? ProofExamination(
            json, from: credential.issuer, for: .assertionMethod, by: self, into: &batch)
        let list = try? StatusListCredential(reading: credential)
        let isBelieved = proofs?.holds(batch.decided()) ?? false
        let name = ListName(address: id, issuer: credential.issuer)
        addresses.insert(id)
        // Of two lists of one name the later counts, and a believed one before another.
        if isBelieved, let list {
            if let known = lists[name] ?? nil, let mine = list.validFrom,
                let other = known.validFrom, mine <= other
            {
                return
            }
            lists[name] = .some(list)
        } else if lists[name] == nil {
            lists[name] = .some(nil)
        }
    }

    func statusRejection(of credential: Credential) -> Rejection? {
        statusRejection(of: credential.statuses, by: credential.issuer)
    }

    func statusRejection(of statuses: [StatusEntry], by issuer: String) -> Rejection? {
        if statuses.isEmpty { return policy.requiresStatus ? .statusMissing : nil }
        for entry in statuses {
            if let rejection = rejection(of: entry, issuer: issuer) { return rejection }
        }
        return nil
    }

    private func rejection(of entry: StatusEntry, issuer: String) -> Rejection? {
        guard let found = lists[ListName(address: entry.list, issuer: issuer)] else {
            return addresses.contains(entry.list) ? .statusListOfAnother : .statusListMissing
        }
        guard let list = found else { return .statusListRejected }
        guard let made = list.validFrom, made <= now,
            now.seconds - made.seconds <= policy.statusSecondsMax,
            list.validUntil.map({ now < $0 }) ?? true
        else { return .statusListStale }
        do throws(StatusFailure) {
            guard try list.isSet(entry) else { return nil }
            return entry.purpose == "suspension" ? .suspended : .revoked
        } catch {
            return .badStatus(error)
        }
    }
}

// MARK: - Authority

extension CredentialVerifier {
    /// Takes accreditations that hold by themselves; whether their issuers may give them shows when
    /// a chain is walked.
    private mutating func takeAccreditations(_ credentials: [JSON]) {
        var batch = SignatureBatch()
        let candidates = credentials.map { candidate($0, into: &batch) }
        let verdicts = batch.decided()
        for candidate in candidates {
            guard let credential = candidate.credential, let proofs = candidate.proofs,
                credential.types.contains(CredentialType.issuerAccreditation.name),
                Self.typeRejection(of: credential) == nil, proofs.holds(verdicts),
                validityRejection(of: credential) == nil,
                statusRejection(of: credential) == nil, let issuer = DID(credential.issuer)
            else { continue }
            for subject in credential.subjects {
                guard let id = subject["id"]?.text.flatMap({ DID($0) }),
                    let types = subject["credentialTypes"].flatMap(CredentialType.Kind.texts)
                else { continue }
                accreditations.append(
                    Accreditation(issuer: issuer, subject: id, types: Set(types)))
            }
        }
    }

    func authorityRejection(of credential: Credential) -> Rejection? {
        authorityRejection(of: credential.issuer, types: credential.types)
    }

    func authorityRejection(of issuer: String, types: [String]) -> Rejection? {
        guard let issuer = DID(issuer) else { return .notADID }
        let known = types.filter { CredentialType.named($0) != nil }
        let isAllowed = !known.isEmpty && known.allSatisfy { mayAttest(issuer, $0) }
        return isAllowed ? nil : .issuerWithoutAuthority
    }

    /// Whether a chain of accreditations leads from a trusted issuer to this one.
    ///
    /// Each step visits new issuers only, so loops end; there are at most ``TrustPolicy``'s
    /// `chainDepthMax` steps over at most ``evidenceMax`` accreditations.
    private func mayAttest(_ issuer: DID, _ type: String) -> Bool {
        let roots = policy.issuers[type] ?? []
        var front: Set<DID> = [issuer]
        var seen = front
        for _ in 0...policy.chainDepthMax {
            if !roots.isDisjoint(with: front) { return true }
            front = Set(
                accreditations.filter { front.contains($0.subject) && $0.types.contains(type) }
                    .map(\.issuer)
            ).subtracting(seen)
            seen.formUnion(front)
        }
        return false
    }
}

extension JSON {
    /// An object without a member.
    func without(_ name: String) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}

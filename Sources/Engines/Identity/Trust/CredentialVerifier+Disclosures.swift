// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// What came of a credential with selective disclosure.
public struct DisclosureReport: Hashable, Sendable {
    /// What was found, check by check.
    public let report: VerificationReport
    /// What it says and shows, when everything passed.
    public let claims: JSON?
}

extension CredentialVerifier {
    /// Checks an SD-JWT VC by the policy (IDENTITY-27).
    ///
    /// The checks are those of any credential; what the holder keeps is not missed, what it shows
    /// must fit its type. With a question the holder's answer is checked too.
    ///
    /// Cost: one signature, two with a question, and a hash for every disclosure.
    ///
    /// - Parameter question: What was asked of the holder; the caller asks each only once.
    public func verify(
        selective text: String, question: KeyBindingRequest? = nil
    ) -> DisclosureReport {
        var report = VerificationReport()
        let credential: SelectiveCredential
        let statement: SelectiveStatement
        do throws(DisclosureFailure) {
            credential = try SelectiveCredential(text)
            statement = try SelectiveStatement(credential)
            report.add(.form, nil)
        } catch {
            report.add(.form, .badDisclosure(error))
            return DisclosureReport(report: report, claims: nil)
        }
        report.add(.type, statement.typeRejection)
        report.add(.proof, proofRejection(of: credential, statement))
        report.add(.validity, validityRejection(from: statement.from, until: statement.until))
        report.add(.status, statusRejection(of: statement.statuses, by: statement.issuer))
        report.add(.authority, authorityRejection(of: statement.issuer, types: [statement.type]))
        if let question { check(credential, question, into: &report) }
        // A plain nil would be JSON's null here, and not nothing.
        return DisclosureReport(
            report: report, claims: report.isAccepted ? .some(statement.claims) : .none)
    }

    private func proofRejection(
        of credential: SelectiveCredential, _ statement: SelectiveStatement
    ) -> Rejection? {
        guard let issuer = DID(statement.issuer) else { return .notADID }
        guard let method = credential.method else { return .badDisclosure(.malformed("kid")) }
        guard method.did == issuer else { return .wrongSigner }
        do throws(Rejection) {
            let key = try key(named: method, for: .assertionMethod)
            return credential.token.isSigned(by: key) ? nil : .badSignature
        } catch {
            return error
        }
    }

    /// That the holder answers this question, and that it is whom the credential was given to.
    private func check(
        _ credential: SelectiveCredential, _ question: KeyBindingRequest,
        into report: inout VerificationReport
    ) {
        do throws(DisclosureFailure) {
            try credential.checkKeyBinding(question, at: now)
            report.add(.freshness, nil)
            report.add(.holder, nil)
        } catch {
            switch error {
            case .wrongKeyBinding("nonce"): report.add(.freshness, .wrongChallenge)
            case .wrongKeyBinding("aud"): report.add(.freshness, .wrongDomain)
            case .staleKeyBinding: report.add(.freshness, .stale)
            default: report.add(.holder, .badDisclosure(error))
            }
        }
    }
}

extension SelectiveCredential {
    /// Where its status stands (IDENTITY-27); nothing is believed yet.
    ///
    /// - Throws: ``DisclosureFailure`` for what is no SD-JWT VC, or has a status of another kind.
    public func statuses() throws(DisclosureFailure) -> [StatusEntry] {
        try SelectiveStatement(self).statuses
    }
}

/// What an SD-JWT VC states and shows, before anything is believed.
struct SelectiveStatement {
    let issuer: String
    let type: String
    let from: Moment?
    let until: Moment?
    let statuses: [StatusEntry]
    /// All claims that are shown.
    let claims: JSON
    /// What is said of the subject, and shown.
    let subject: JSON

    /// Claims about the credential, not about its subject.
    private static let own: Set<String> = [
        "iss", "nbf", "exp", "iat", "cnf", "vct", "vct#integrity", "status", "sub",
    ]

    init(_ credential: SelectiveCredential) throws(DisclosureFailure) {
        let claims = try credential.openedCredential()
        guard let issuer = claims["iss"]?.text else { throw .malformed("iss") }
        guard let type = claims["vct"]?.text else { throw .malformed("vct") }
        self.issuer = issuer
        self.type = type
        self.claims = claims
        from = try SelectiveCredential.moment("nbf", of: claims)
        until = try SelectiveCredential.moment("exp", of: claims)
        statuses = try Self.statuses(of: claims)
        let shown = (claims.members ?? []).filter { !Self.own.contains($0.name) }
        subject = .object((claims["sub"].map { [JSON.Member("id", $0)] } ?? []) + shown)
    }

    /// The entries of bitstring status lists. A status of another kind would be passed over, so it
    /// is refused.
    private static func statuses(of claims: JSON) throws(DisclosureFailure) -> [StatusEntry] {
        guard let status = claims["status"] else { return [] }
        guard let members = status.members, members.count == 1,
            let value = status[StatusEntry.claim]
        else { throw .malformed("status") }
        let entries = value.elements ?? [value]
        guard !entries.isEmpty, entries.count <= Credential.partsMax else {
            throw .malformed("status")
        }
        var read: [StatusEntry] = []
        for entry in entries {
            guard let one = try? StatusEntry(reading: entry) else { throw .malformed("status") }
            read.append(one)
        }
        return read
    }

    /// Why what is shown does not fit the type, or nothing.
    var typeRejection: Rejection? {
        guard let known = CredentialType.named(type) else { return .unknownType }
        return known.violation(inShown: subject).map { .badSubject($0) }
    }
}

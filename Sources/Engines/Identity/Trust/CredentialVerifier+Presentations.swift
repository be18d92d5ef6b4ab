// SPDX-License-Identifier: Apache-2.0
public import JSONText

extension CredentialVerifier {
    /// Checks a presentation that answers a question, and all credentials in it (IDENTITY-17).
    ///
    /// Cost: one signature and those of the credentials.
    ///
    /// - Parameters:
    ///   - challenge: What was asked; the caller asks each only once.
    ///   - domain: Who asked.
    public func verify(
        presentation json: JSON, challenge: String, domain: String
    ) -> PresentationReport {
        var report = VerificationReport()
        let presentation: Presentation
        do {
            presentation = try Presentation(reading: json.without("proof"))
            report.add(.form, nil)
        } catch {
            report.add(.form, .malformed(error))
            return PresentationReport(presentation: report, credentials: [])
        }
        var batch = SignatureBatch()
        do throws(Rejection) {
            let proofs = try ProofExamination(
                json, from: presentation.holder, for: .authentication, by: self, into: &batch)
            report.add(.proof, proofs.holds(batch.decided()) ? nil : .badSignature)
            report.add(
                .freshness, freshnessRejection(of: proofs.own, challenge: challenge, domain: domain)
            )
        } catch {
            report.add(.proof, error)
        }
        report.add(.holder, holderRejection(of: presentation))
        return PresentationReport(
            presentation: report, credentials: verify(presentation.credentials))
    }

    /// Every proof of the holder answers this question, now. Bytes are compared.
    private func freshnessRejection(
        of proofs: [DataIntegrityProof], challenge: String, domain: String
    ) -> Rejection? {
        for proof in proofs {
            guard proof.challenge?.utf8.elementsEqual(challenge.utf8) ?? false else {
                return .wrongChallenge
            }
            guard proof.domains.contains(where: { $0.utf8.elementsEqual(domain.utf8) }) else {
                return .wrongDomain
            }
            guard let created = proof.created,
                now.seconds - created.seconds <= policy.presentationSecondsMax
            else { return .stale }
        }
        return nil
    }

    private func holderRejection(of presentation: Presentation) -> Rejection? {
        guard DID(presentation.holder) != nil else { return .notADID }
        guard policy.requiresHolderIsSubject else { return nil }
        let isSubject = presentation.credentials.allSatisfy { credential in
            let subjects = credential["credentialSubject"].map { $0.elements ?? [$0] } ?? []
            return !subjects.isEmpty
                && subjects.allSatisfy { $0["id"]?.text == presentation.holder }
        }
        return isSubject ? nil : .holderIsNotSubject
    }
}

// SPDX-License-Identifier: Apache-2.0
public import JSONText

extension CredentialVerifier {
    /// Checks a chain of delegations from an owner, with nothing but what the verifier was given.
    ///
    /// Cost: the signatures of the links, decided together.
    ///
    /// - Parameters:
    ///   - links: Credentials of the type `CapabilityDelegation`, the owner's first, each signed
    ///     for the use `capabilityDelegation`.
    ///   - owner: Who may give away everything.
    ///
    /// - Throws: ``DelegationFailure`` for the first link at fault.
    public func verify(
        delegations links: [JSON], of owner: DID
    ) throws(DelegationFailure) -> DelegationChain {
        guard let first = links.first, links.count <= DelegationChain.linksMax else {
            throw DelegationFailure(link: 0, refusal: .wrongLength)
        }
        var batch = SignatureBatch()
        var chain = try link(first, at: 0, by: owner, under: nil, into: &batch)
        var seen: Set<DID> = [owner]
        var proofs = [chain.proofs]
        for (index, json) in links.enumerated().dropFirst() {
            seen.insert(chain.holder)
            chain = try link(
                json, at: index, by: chain.holder, under: chain.capability, into: &batch)
            guard !seen.contains(chain.holder) else {
                throw DelegationFailure(link: index, refusal: .loop)
            }
            proofs.append(chain.proofs)
        }
        let verdicts = batch.decided()
        if let index = proofs.firstIndex(where: { !$0.holds(verdicts) }) {
            throw DelegationFailure(link: index, refusal: .rejected(.badSignature))
        }
        return DelegationChain(holder: chain.holder, capability: chain.capability)
    }

    /// A link whose signatures wait to be decided.
    private struct Link {
        let holder: DID
        let capability: Capability
        let proofs: ProofExamination
    }

    private func link(
        _ json: JSON, at index: Int, by giver: DID, under other: Capability?,
        into batch: inout SignatureBatch
    ) throws(DelegationFailure) -> Link {
        func blamed(_ refusal: DelegationRefusal) -> DelegationFailure {
            DelegationFailure(link: index, refusal: refusal)
        }
        guard let credential = try? Credential(reading: json.without("proof")),
            credential.types.contains(CredentialType.capabilityDelegation.name),
            let capability = Capability(reading: credential),
            let holder = credential.subjects[0]["id"]?.text.flatMap({ DID($0) })
        else { throw blamed(.malformed) }
        guard DID(credential.issuer) == giver else { throw blamed(.broken) }
        guard holder != giver else { throw blamed(.loop) }
        if let other {
            let widenings = capability.widenings(beyond: other)
            guard widenings.isEmpty else { throw blamed(.widens(widenings)) }
        }
        if let rejection = validityRejection(of: credential) ?? statusRejection(of: credential) {
            throw blamed(.rejected(rejection))
        }
        do throws(Rejection) {
            let proofs = try ProofExamination(
                json, from: credential.issuer, for: .capabilityDelegation, by: self, into: &batch)
            return Link(holder: holder, capability: capability, proofs: proofs)
        } catch {
            throw blamed(.rejected(error))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Identity
import JSONText
import Vocabulary

/// Who may have this node sign: callers that its settings name, and whom they let do so
/// (GATEWAY-18).
struct SigningCaller {
    let context: GatewayContext

    /// This node's identity, for a caller that is known by its certificate.
    ///
    /// - Throws: ``GatewayProblem/notAllowed``.
    func issuer(
        for request: HTTPRequest, _ question: CredentialQuestion, operation: String
    ) async throws(Problem) -> GatewayIssuer {
        guard let issuer = context.configuration.issuer else {
            throw GatewayProblem.notAllowed.problem("this node signs for nobody")
        }
        guard let peer = request.peer, let key = peer.key else {
            throw GatewayProblem.notAllowed.problem("a certificate of an identity is needed")
        }
        let holder = try await holder(question, operation, request, of: issuer)
        for did in peer.addresses.compactMap({ DID($0) })
        where issuer.callers.contains(did) || did == holder {
            if await isOwn(key, of: did) { return issuer }
        }
        throw GatewayProblem.notAllowed.problem("this node does not sign for the caller")
    }

    /// Whether a DID's document has a key for authentication.
    private func isOwn(_ key: PublicKey, of did: DID) async -> Bool {
        guard let (document, _) = try? await context.resolve(did) else { return false }
        let uses = document.relationships[.authentication] ?? []
        return document.methods.contains { $0.key == .ed25519(key) && uses.contains($0.id) }
    }

    /// Whom the delegations that the caller brings let do this: a chain that this node's identity
    /// or a caller of its settings began (IDENTITY-20). What is fresh enough the node's policy
    /// says, never the caller's.
    private func holder(
        _ question: CredentialQuestion, _ operation: String, _ request: HTTPRequest,
        of issuer: GatewayIssuer
    ) async throws(Problem) -> DID? {
        let links = try question.documents("delegations")
        guard let first = links.first else { return nil }
        let lists = try question.documents("statusLists")
        guard let owner = first["issuer"]?.text.flatMap({ DID($0) }),
            owner == issuer.did || issuer.callers.contains(owner)
        else {
            throw GatewayProblem.notAllowed.problem("the delegation is by nobody this node knows")
        }
        let verifier = CredentialVerifier(
            policy: context.configuration.trust, now: context.moment,
            documents: await context.documents(of: links + lists), statusLists: lists)
        let chain: DelegationChain
        do throws(DelegationFailure) {
            chain = try verifier.verify(delegations: links, of: owner)
        } catch {
            throw GatewayProblem.notAllowed.problem(
                "delegation \(error.link + 1) does not hold: \(error.refusal)")
        }
        guard chain.capability.operations.contains(operation),
            chain.capability.covers(request.path)
        else { throw GatewayProblem.notAllowed.problem("the delegation does not cover this") }
        return chain.holder
    }
}

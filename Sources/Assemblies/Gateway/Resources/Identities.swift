// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import Identities
import Identity
import JSONText
import NodeInterface
import Vocabulary

/// Shows documents of DIDs as this node's state has them (GATEWAY-16).
struct IdentityResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/identities/{did}", name: "resolveIdentity",
                tag: "identities",
                summary: "The document of a DID. For `did:atoll` it is this node's word; the proof "
                    + "is at `/v1/proofs/identities`.",
                parameters: [.path("did", "The DID, percent-encoded or not.", Schema.did)],
                responses: [
                    .json("The document.", Schema.reference("ResolvedIdentity")),
                    .problem(400, "It is no DID, or of a method that is not resolved here."),
                    .problem(404, "Its log has not begun."),
                ], handler: show)
        ]
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let did = DID(request.parameters["did"] ?? "") else {
            throw HTTPRequest.malformed("did", "must be a DID")
        }
        let (document, record) = try await context.resolve(did)
        let metadata = JSON(members: [
            ("deactivated", record.map { .bool($0.isDeactivated) }),
            ("versionId", record.map { .string("\($0.count)") }),
        ])
        return .json(
            JSON(members: [
                ("didDocument", document.json), ("didDocumentMetadata", metadata),
            ]).bytes)
    }
}

extension GatewayContext {
    /// The document of a DID, from its name or from the state.
    ///
    /// - Throws: ``GatewayProblem/malformedParameter``, ``GatewayProblem/unknownIdentity``.
    func resolve(_ did: DID) async throws(Problem) -> (DIDDocument, IdentityRecord?) {
        if did.method == KeyMethod.name {
            guard let document = try? KeyMethod.resolve(did) else {
                throw HTTPRequest.malformed("did", "must name a key that is understood")
            }
            return (document, nil)
        }
        guard let account = try? AtollMethod.account(of: did) else {
            throw HTTPRequest.malformed("did", "must be of the method key or atoll")
        }
        let chain = node.chain
        let record = await node.read { state, _ in
            IdentitiesQueries(state).identity(account, chain: chain)
        }
        guard let record else {
            throw GatewayProblem.unknownIdentity.problem("\(did) has no log on this chain")
        }
        return (record.document(at: moment), record)
    }

    /// The second it is.
    var moment: Moment { Moment(seconds: Int64(effects.time.wallClock().value / 1_000)) }
}

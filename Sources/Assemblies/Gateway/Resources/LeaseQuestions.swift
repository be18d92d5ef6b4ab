// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import LeaseTalk
import NodeInterface
import Vocabulary

/// Carries sealed questions about leases to their providers; what they say is closed to the gateway
/// (TALK-1, TALK-6).
struct LeaseQuestionResource: Resource {
    let context: GatewayContext

    var routes: [Route] { [ask] }

    private var ask: Route {
        Route(
            method: .post, pattern: "/v1/providers/{key}/questions", name: "askProvider",
            tag: "leases",
            summary: "Carries a sealed question about a lease to its provider.",
            parameters: [.path("key", "The provider's public key.", Schema.digest)],
            body: Route.Body(
                mediaType: "application/octet-stream",
                schema: ["type": "string", "format": "binary"],
                bytesMax: UInt64(LeaseTalkLimits.questionBytesMax)),
            responses: [
                .bytes("The sealed answer."), .problem(400, "The key is malformed."),
                .problem(413, "Longer than any question."),
                .problem(502, "The provider cannot be reached, or does not answer."),
                .problem(503, "The node shows no network."),
            ]
        ) { request in
            let provider: PublicKey = try request.identifier("key")
            guard let leases = context.node.leases else {
                throw GatewayProblem.noNetwork.problem("this node shows no network")
            }
            let envelope = try await request.body.collect()
            do throws(LeaseAccessFailure) {
                return HTTPResponse(
                    .ok, fields: ["Content-Type": "application/octet-stream"],
                    body: .bytes(try await leases.ask(envelope, of: provider)))
            } catch {
                throw Self.problem(error)
            }
        }
    }

    private static func problem(_ failure: LeaseAccessFailure) -> Problem {
        switch failure {
        case .tooLarge: Problem(.contentTooLarge)
        case .unreachable(let reason):
            GatewayProblem.peerUnreachable.problem("the provider is not in reach: \(reason)")
        case .unanswered(let reason):
            GatewayProblem.peerUnreachable.problem("the provider does not answer: \(reason)")
        }
    }
}

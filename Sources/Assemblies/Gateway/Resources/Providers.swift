// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Ledger
import Registry
import Reputation
import Vocabulary

/// Shows who offers work, under which terms, and how they behaved.
struct ProviderResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/providers", name: "listProviders", tag: "providers",
                summary: "Providers in the order of their accounts.",
                parameters: Route.Parameter.page,
                responses: [
                    .json("The providers.", Schema.reference("ProviderPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list)
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.after(AccountID.self)
        let found = await context.node.read { state, _ in
            let reputation = ReputationModule()
            return RegistryQueries(state)
                .providers(after: after, limit: page.limit + 1)
                .map {
                    Seen(provider: $0, standing: reputation.standing(of: $0.account, in: state))
                }
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last?.provider.account : nil
        let answer = JSON(members: [
            ("providers", .array(shown.map { JSON($0.provider, $0.standing) })),
            ("next", next.map { JSON($0) }),
        ])
        return .json(answer.bytes)
    }

    private struct Seen: Sendable {
        let provider: Provider
        let standing: Standing
    }
}

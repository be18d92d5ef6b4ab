// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Identities
import JSONText
import Ledger
import Vocabulary

/// Shows who attests what, with which bond, and which lists of status are anchored (GATEWAY-21).
struct IssuerResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/issuers", name: "listIssuers", tag: "issuers",
                summary: "Issuers in the order of their accounts.",
                parameters: Route.Parameter.page,
                responses: [
                    .json("The issuers.", Schema.reference("IssuerPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list),
            Route(
                method: .get, pattern: "/v1/issuers/{did}", name: "getIssuer",
                tag: "issuers", summary: "One issuer, with its lists of status.",
                parameters: [IdentityRecordResource.parameter],
                responses: [
                    .json("The issuer.", Schema.reference("Issuer")),
                    .problem(400, "The identity is malformed."),
                    .problem(404, "The identity never was an issuer."),
                ], handler: show),
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.after(AccountID.self)
        let found = await context.node.read { state, _ in
            IdentitiesQueries(state).issuers(after: after, limit: page.limit + 1)
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last?.account : nil
        let answer = JSON(members: [
            ("issuers", .array(shown.map { JSON($0) })), ("next", next.map { JSON($0) }),
        ])
        return .json(answer.bytes)
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account = try IdentityRecordResource.read(request.parameters["did"] ?? "")
        let (issuer, anchors) = await context.node.read { state, _ in
            let queries = IdentitiesQueries(state)
            return (queries.issuer(account), queries.anchors(of: account))
        }
        guard let issuer else {
            throw GatewayProblem.unknownIssuer.problem("identity \(account) never was an issuer")
        }
        return .json(JSON(issuer, anchors: anchors).bytes)
    }
}

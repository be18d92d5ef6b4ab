// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Ledger
import Mandates
import Vocabulary

/// Shows who may act for whom, what is left of it, and what owners let machines agree to
/// (GATEWAY-21).
struct MandateResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/mandates/{mandate}", name: "getMandate",
                tag: "mandates", summary: "One mandate and what was spent under it.",
                parameters: [.path("mandate", "Its id.", Schema.digest)],
                responses: [
                    .json("The mandate.", Schema.reference("Mandate")),
                    .problem(400, "The id is malformed."),
                    .problem(404, "There is no such mandate, or no more."),
                ], handler: show),
            Route(
                method: .get, pattern: "/v1/accounts/{account}/mandates", name: "listMandates",
                tag: "accounts", summary: "The mandates of a principal, in the order of their ids.",
                parameters: [.path("account", "The principal.", Schema.digest)]
                    + Route.Parameter.page,
                responses: [
                    .json("The mandates.", Schema.reference("MandatePage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list),
            Route(
                method: .get, pattern: "/v1/machines/{machine}", name: "getMachine",
                tag: "machines",
                summary: "A machine's owner, and what the owner lets it agree to.",
                parameters: [.path("machine", "Its account or DID.", Schema.identityName)],
                responses: [
                    .json("The machine.", Schema.reference("Machine")),
                    .problem(400, "The machine is malformed."),
                    .problem(404, "The machine has no owner."),
                ], handler: machine),
        ]
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id: MandateID = try request.identifier("mandate")
        let (mandate, expenses) = await context.node.read { state, _ in
            let queries = MandatesQueries(state)
            return (queries.mandate(id), queries.expenses(of: id))
        }
        guard let mandate else {
            throw GatewayProblem.unknownMandate.problem("there is no mandate \(id)")
        }
        return .json(JSON(mandate, expenses).bytes)
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("account")
        let page = try request.page
        let after = try page.after(MandateID.self)
        let found = await context.node.read { state, _ in
            let queries = MandatesQueries(state)
            return queries.mandates(of: account, after: after, limit: page.limit + 1)
                .map { Seen(mandate: $0, expenses: queries.expenses(of: $0.id)) }
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last?.mandate.id : nil
        let answer = JSON(members: [
            ("mandates", .array(shown.map { JSON($0.mandate, $0.expenses) })),
            ("next", next.map { JSON($0) }),
        ])
        return .json(answer.bytes)
    }

    private struct Seen: Sendable {
        let mandate: Mandate
        let expenses: Expenses
    }

    private func machine(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account = try IdentityRecordResource.read(request.parameters["machine"] ?? "")
        let found = await context.node.read { state, _ in MandatesQueries(state).machine(account) }
        guard let found else {
            throw GatewayProblem.unknownMachine.problem("\(account) has no owner")
        }
        return .json(JSON(found).bytes)
    }
}

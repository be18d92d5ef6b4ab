// SPDX-License-Identifier: Apache-2.0
import Exchange
import Governance
import HTTPServer
import JSONText
import Leases
import Ledger
import Revenue
import Staking
import Validators
import Vocabulary

/// Shows stakes, pools, proposals and the figures of the law (GATEWAY-22).
struct EconomyResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/stakes/{account}", name: "getStakes", tag: "economy",
                summary: "What an account has at stake: delegations, bonds, votes.",
                parameters: [.path("account", "Whose.", Schema.digest)],
                responses: [
                    .json("The stakes.", Schema.reference("Stakes")),
                    .problem(400, "The account is malformed."),
                ], handler: stakes),
            Route(
                method: .get, pattern: "/v1/pools/{operator}", name: "getPool", tag: "economy",
                summary: "What stands behind a validator.",
                parameters: [.path("operator", "The validator's account.", Schema.digest)],
                responses: [
                    .json("The pool.", Schema.reference("Pool")),
                    .problem(400, "The account is malformed."),
                    .problem(404, "Nothing stands behind the account."),
                ], handler: pool),
            Route(
                method: .get, pattern: "/v1/proposals", name: "listProposals", tag: "economy",
                summary: "Proposals by number.", parameters: Route.Parameter.page,
                responses: [
                    .json("The proposals.", Schema.reference("ProposalPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: proposals),
            Route(
                method: .get, pattern: "/v1/proposals/{number}", name: "getProposal",
                tag: "economy", summary: "One proposal.",
                parameters: [.path("number", "Its number.", Schema.number)],
                responses: [
                    .json("The proposal.", Schema.reference("Proposal")),
                    .problem(400, "The number is malformed."),
                    .problem(404, "There is no such proposal."),
                ], handler: proposal),
            Route(
                method: .get, pattern: "/v1/proposals/{number}/changes", name: "rehearseProposal",
                tag: "economy",
                summary: "What the state would differ in if the proposal were carried out now.",
                parameters: [.path("number", "Its number.", Schema.number)],
                responses: [
                    .json("The changes, or why it would be refused.", Schema.changes),
                    .problem(400, "The number is malformed."),
                    .problem(404, "There is no such proposal."),
                ], handler: rehearse),
            Route(
                method: .get, pattern: "/v1/figures", name: "getFigures", tag: "economy",
                summary: "The figures that governance can change, named as in a genesis file.",
                responses: [.json("The figures, by module.", Schema.figures)], handler: figures),
        ]
    }

    private func stakes(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("account")
        let answer = await context.node.read { state, head in
            StakesJSON(account, state, head.height).json
        }
        return .json(answer.bytes)
    }

    private func pool(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("operator")
        let pool = await context.node.read { state, _ in StakingQueries(state).pool(of: account) }
        guard let pool else {
            throw GatewayProblem.unknownPool.problem("nothing stands behind account \(account)")
        }
        return .json(JSON(pool).bytes)
    }

    private func proposals(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.afterNumber()
        let found = await context.node.read { state, _ in
            GovernanceQueries(state).proposals(after: after, limit: page.limit + 1)
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last?.number : nil
        let answer = JSON(members: [
            ("proposals", .array(shown.map { JSON($0.proposal, number: $0.number) })),
            ("next", next.map { .string(PageRequest.cursor($0)) }),
        ])
        return .json(answer.bytes)
    }

    private func number(_ request: HTTPRequest) throws(Problem) -> UInt64 {
        guard let number = UInt64(request.parameters["number"] ?? "") else {
            throw HTTPRequest.malformed("number", "must be a whole number")
        }
        return number
    }

    private func rehearse(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = try number(request)
        switch await context.node.changes(of: number) {
        case nil: throw GatewayProblem.unknownProposal.problem("there is no proposal \(number)")
        case .failure(let refusal)?:
            return .json(
                JSON(members: [("refusal", .string("\(refusal)")), ("changes", [])]).bytes)
        case .success(let changes)?:
            let shown = changes.map { JSON(change: $0) }
            return .json(JSON(members: [("changes", .array(shown))]).bytes)
        }
    }

    private func proposal(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = try number(request)
        let found = await context.node.read { state, _ in
            GovernanceQueries(state).proposal(number)
        }
        guard let found else {
            throw GatewayProblem.unknownProposal.problem("there is no proposal \(number)")
        }
        return .json(JSON(found, number: number).bytes)
    }

    private func figures(_ request: HTTPRequest) async throws -> HTTPResponse {
        let answer = await context.node.read { state, _ in
            JSON(members: [
                ("validators", ValidatorsQueries(state).figures),
                ("staking", StakingQueries(state).parameters.json),
                ("governance", GovernanceQueries(state).parameters.json),
                ("exchange", ExchangeQueries(state).parameters.json),
                ("leases", LeasesQueries(state).parameters.json),
                ("revenue", RevenueQueries(state).parameters.json),
            ])
        }
        return .json(answer.bytes)
    }
}

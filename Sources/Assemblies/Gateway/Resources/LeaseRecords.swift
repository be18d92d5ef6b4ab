// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Leases
import Ledger
import Vocabulary

/// Shows leases and what providers have for them (GATEWAY-26).
struct LeaseResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/leases", name: "listLeases", tag: "leases",
                summary: "Leases: live ones, those that want bids, a tenant's or a provider's.",
                parameters: [
                    .query(
                        "state", "`open` are those that want bids, the oldest first.",
                        ["type": "string", "enum": ["open", "live"], "default": "live"]),
                    .query("tenant", "Only this account's, ended ones too.", Schema.digest),
                    .query("provider", "Only what this provider holds.", Schema.digest),
                    .query(
                        "deployment", "With a tenant: only the live ones of this.", Schema.digest),
                ] + Route.Parameter.page,
                responses: [
                    .json("The leases.", Schema.reference("LeasePage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list),
            Route(
                method: .get, pattern: "/v1/leases/{lease}", name: "getLease", tag: "leases",
                summary: "One lease, live or ended.",
                parameters: [.path("lease", "The lease.", Schema.digest)],
                responses: [
                    .json("The lease.", Schema.reference("LeaseRecord")),
                    .problem(400, "The id is malformed."),
                    .problem(404, "There is no such lease."),
                ], handler: lease),
            Route(
                method: .get, pattern: "/v1/capacities/{provider}", name: "getCapacity",
                tag: "leases", summary: "What a provider declared, and how much of it is held.",
                parameters: [.path("provider", "The provider's account.", Schema.digest)],
                responses: [
                    .json("The capacity.", Schema.reference("Capacity")),
                    .problem(400, "The account is malformed."),
                    .problem(404, "The provider declared nothing."),
                ], handler: capacity),
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let state = try request.queryWord("state", of: ["open", "live"])
        let tenant: AccountID? = try request.queryIdentifier("tenant")
        let provider: AccountID? = try request.queryIdentifier("provider")
        let deployment: Digest? = try request.queryIdentifier("deployment")
        let page = try request.page
        let answer = await context.node.read { reader, _ in
            let writer = LeaseJSON(reader)
            let (after, limit) = (page.cursor, page.limit)
            let found: LeasesPage =
                switch (tenant, deployment, provider) {
                case (let tenant?, let deployment?, _):
                    writer.queries.leases(
                        of: deployment.raw, by: tenant, after: after, limit: limit)
                case (let tenant?, nil, _):
                    writer.queries.leases(of: tenant, after: after, limit: limit)
                case (nil, _, let provider?):
                    writer.queries.holdings(of: provider, after: after, limit: limit)
                case (nil, _, nil):
                    state == "open"
                        ? writer.queries.wanting(after: after, limit: limit)
                        : writer.queries.live(after: after, limit: limit)
                }
            return JSON(members: [
                ("leases", .array(found.items.compactMap(writer.lease))),
                ("next", found.next.map { .string(Hexadecimal.encode($0)) }),
            ])
        }
        return .json(answer.bytes)
    }

    private func lease(_ request: HTTPRequest) async throws -> HTTPResponse {
        let lease: LeaseID = try request.identifier("lease")
        let answer = await context.node.read { state, _ in LeaseJSON(state).lease(lease) }
        guard let answer else {
            throw GatewayProblem.unknownLease.problem("there is no lease \(lease)")
        }
        return .json(answer.bytes)
    }

    private func capacity(_ request: HTTPRequest) async throws -> HTTPResponse {
        let provider: AccountID = try request.identifier("provider")
        let answer = await context.node.read { state, _ in
            LeaseJSON(state).capacity(of: provider)
        }
        guard let answer else {
            throw GatewayProblem.unknownCapacity.problem("\(provider) declared nothing")
        }
        return .json(answer.bytes)
    }
}

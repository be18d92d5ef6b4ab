// SPDX-License-Identifier: Apache-2.0
import Accounts
import HTTPServer
import JSONText
import Market
import Vocabulary

/// Shows balances, nonces and an account's jobs.
struct AccountResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        let account = Route.Parameter.path("account", "The account.", Schema.digest)
        return [
            Route(
                method: .get, pattern: "/v1/accounts/{account}", name: "getAccount",
                tag: "accounts", summary: "An account's next nonce and its balances by asset.",
                parameters: [account] + Route.Parameter.page,
                responses: [
                    .json(
                        "The account; one that was never used is empty.",
                        Schema.reference("Account")),
                    .problem(400, "A parameter is malformed."),
                ], handler: show),
            Route(
                method: .get, pattern: "/v1/accounts/{account}/jobs", name: "listAccountJobs",
                tag: "accounts", summary: "The jobs an account ordered, the newest first.",
                parameters: [account] + Route.Parameter.page,
                responses: [
                    .json("The jobs.", Schema.reference("JobPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: jobs),
        ]
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("account")
        let page = try request.page
        let after = try page.afterNumber().map(AssetID.init)
        let nonce = await context.node.pendingNonce(of: account)
        let balances = await context.node.read { state, _ in
            AccountsModule().balances(of: account, after: after, limit: page.limit + 1, in: state)
                .map { Balance(asset: $0.asset, amount: $0.amount) }
        }
        let shown = balances.prefix(page.limit)
        let next = balances.count > page.limit ? shown.last?.asset : nil
        let answer = JSON(members: [
            ("account", JSON(account)), ("nonce", JSON(nonce)),
            (
                "balances",
                .array(shown.map { ["asset": JSON($0.asset), "amount": JSON($0.amount)] })
            ),
            ("next", next.map { .string(Self.cursor($0)) }),
        ])
        return .json(answer.bytes)
    }

    private struct Balance: Sendable {
        let asset: AssetID
        let amount: Amount
    }

    private static func cursor(_ asset: AssetID) -> String {
        Hexadecimal.encode(withUnsafeBytes(of: asset.value.bigEndian) { Array($0) })
    }

    private func jobs(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("account")
        let page = try request.page
        let found = await context.node.read { state, _ in
            let queries = MarketQueries(state)
            let ids = queries.jobs(of: account, after: page.cursor, limit: page.limit)
            return JobPage(jobs: ids.items.compactMap(queries.job), next: ids.next)
        }
        return .json(found.json.bytes)
    }
}

/// Some jobs and where the next page starts.
struct JobPage: Sendable {
    let jobs: [JobRecord]
    let next: [UInt8]?

    var json: JSON {
        JSON(members: [
            ("jobs", .array(jobs.map { JSON($0) })),
            ("next", next.map { .string(Hexadecimal.encode($0)) }),
        ])
    }
}

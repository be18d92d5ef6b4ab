// SPDX-License-Identifier: Apache-2.0
import Accounts
import HTTPServer
import JSONText
import Ledger
import Treasury
import Vocabulary

/// Shows common money: pools, grants, airdrops, auctions, bounties, marks, accounts of several
/// signers (GATEWAY-23).
struct TreasuryResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        numbered(
            "/v1/treasuries", "/v1/treasuries/{number}", ("Treasury", "Treasuries"),
            "pools of common money", pools, pool)
            + numbered(
                "/v1/grants", "/v1/grants/{number}", ("Grant", "Grants"),
                "what becomes somebody's over time", grants, grant)
            + numbered(
                "/v1/airdrops", "/v1/airdrops/{number}", ("Airdrop", "Airdrops"),
                "money for those on a list", airdrops, airdrop)
            + numbered(
                "/v1/auctions", "/v1/auctions/{number}", ("Auction", "Auctions"),
                "sales at a falling price", auctions, auction)
            + numbered(
                "/v1/bounties", "/v1/bounties/{number}", ("Bounty", "Bounties"),
                "what findings are paid", bounties, bounty)
            + ofAccounts
    }

    /// The two routes of what has numbers: a page of it, and one.
    private func numbered(
        _ list: RoutePattern, _ one: RoutePattern, _ names: (one: String, many: String),
        _ what: String, _ page: @escaping HTTPHandler, _ show: @escaping HTTPHandler
    ) -> [Route] {
        [
            Route(
                method: .get, pattern: list, name: "list\(names.many)", tag: "treasury",
                summary: "By number: \(what).", parameters: Route.Parameter.page,
                responses: [
                    .json("The page.", Schema.reference("\(names.one)Page")),
                    .problem(400, "A parameter is malformed."),
                ], handler: page),
            Route(
                method: .get, pattern: one, name: "get\(names.one)", tag: "treasury",
                summary: "One by its number: \(what).",
                parameters: [.path("number", "Its number.", Schema.number)],
                responses: [
                    .json("It.", Schema.reference(names.one)),
                    .problem(400, "The number is malformed."),
                    .problem(404, "There is no such number."),
                ], handler: show),
        ]
    }

    private var ofAccounts: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/accounts/{account}/badges", name: "getBadges",
                tag: "treasury", summary: "The marks that an account earned, at most a hundred.",
                parameters: [.path("account", "Whose.", Schema.digest)],
                responses: [
                    .json("The marks.", Schema.badges), .problem(400, "The account is malformed."),
                ], handler: badges),
            Route(
                method: .get, pattern: "/v1/multisigs/{account}", name: "getMultisig",
                tag: "treasury",
                summary: "An account of several signers, and what waits for their agreement.",
                parameters: [.path("account", "Which.", Schema.digest)],
                responses: [
                    .json("The account.", Schema.reference("Multisig")),
                    .problem(400, "The account is malformed."),
                    .problem(404, "It is no account of several signers."),
                ], handler: multisig),
        ]
    }

    // MARK: Pages

    /// A page of what has numbers.
    private func page(
        _ request: HTTPRequest, _ name: String,
        _ read: @escaping @Sendable (any StateReader, Timestamp, UInt64?, Int) -> [(UInt64, JSON)]
    ) async throws(Problem) -> HTTPResponse {
        let page = try request.page
        let after = try page.afterNumber()
        let found = await context.node.read { state, head in
            read(state, head.time, after, page.limit + 1)
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last?.0 : nil
        let answer = JSON(members: [
            (name, .array(shown.map(\.1))),
            ("next", next.map { .string(PageRequest.cursor($0)) }),
        ])
        return .json(answer.bytes)
    }

    private func pools(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await page(request, "treasuries") { state, _, after, limit in
            TreasuryQueries(state).pools(after: after, limit: limit).map {
                ($0.number, TreasuryJSON($0.pool, $0.number, state).json)
            }
        }
    }

    private func grants(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await page(request, "grants") { state, now, after, limit in
            TreasuryQueries(state).grants(after: after, limit: limit).map {
                ($0.number, JSON($0.grant, number: $0.number, at: now))
            }
        }
    }

    private func airdrops(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await page(request, "airdrops") { state, _, after, limit in
            TreasuryQueries(state).airdrops(after: after, limit: limit).map {
                ($0.number, JSON($0.airdrop, number: $0.number))
            }
        }
    }

    private func auctions(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await page(request, "auctions") { state, now, after, limit in
            TreasuryQueries(state).auctions(after: after, limit: limit).map {
                ($0.number, JSON($0.auction, number: $0.number, at: now))
            }
        }
    }

    private func bounties(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await page(request, "bounties") { state, _, after, limit in
            TreasuryQueries(state).bounties(after: after, limit: limit).map {
                ($0.number, JSON($0.bounty, number: $0.number))
            }
        }
    }

    // MARK: One

    private func one(
        _ request: HTTPRequest,
        _ read: @escaping @Sendable (any StateReader, Timestamp, UInt64) -> JSON?
    ) async throws(Problem) -> HTTPResponse {
        guard let number = UInt64(request.parameters["number"] ?? "") else {
            throw HTTPRequest.malformed("number", "must be a whole number")
        }
        let found = await context.node.read { state, head in read(state, head.time, number) }
        guard let found else {
            throw GatewayProblem.unknownNumber.problem("there is no number \(number) of these")
        }
        return .json(found.bytes)
    }

    private func pool(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await one(request) { state, _, number in
            TreasuryQueries(state).pool(number).map { TreasuryJSON($0, number, state).json }
        }
    }

    private func grant(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await one(request) { state, now, number in
            TreasuryQueries(state).grant(number).map { JSON($0, number: number, at: now) }
        }
    }

    private func airdrop(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await one(request) { state, _, number in
            TreasuryQueries(state).airdrop(number).map { JSON($0, number: number) }
        }
    }

    private func auction(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await one(request) { state, now, number in
            TreasuryQueries(state).auction(number).map { JSON($0, number: number, at: now) }
        }
    }

    private func bounty(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await one(request) { state, _, number in
            TreasuryQueries(state).bounty(number).map { JSON($0, number: number) }
        }
    }

    private func badges(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("account")
        let found = await context.node.read { state, _ in
            TreasuryQueries(state).badges(of: account)
        }
        let answer = JSON(members: [("badges", .array(found.map { JSON($0) }))])
        return .json(answer.bytes)
    }

    private func multisig(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("account")
        let found = await context.node.read { state, _ -> JSON? in
            let queries = TreasuryQueries(state)
            return queries.multisig(account).map {
                JSON($0, waiting: queries.decisions(of: account))
            }
        }
        guard let found else {
            throw GatewayProblem.unknownNumber.problem(
                "account \(account) is not of several signers")
        }
        return .json(found.bytes)
    }
}

/// A pool with what it holds of each asset, and its limits.
struct TreasuryJSON {
    let json: JSON
    /// The most assets that are looked at: a page of them.
    private static let assetsMax = 100

    init(_ pool: TreasuryPool, _ number: UInt64, _ state: any StateReader) {
        let accounts = AccountsModule()
        let assets = accounts.assets(limit: Self.assetsMax, in: state).map(\.id)
        let holdings = assets.compactMap { asset -> JSON? in
            let key = EscrowKey(module: .treasury, id: Chest(.pool(number), asset).id)
            let limit = TreasuryQueries(state).limit(of: number, asset)
            let held = accounts.escrow(key, in: state)?.amount ?? .zero
            guard held > .zero || limit != nil else { return nil }
            return JSON(members: [
                ("asset", JSON(asset)), ("amount", JSON(held)),
                ("limit", limit.map { JSON($0.amount) }),
                ("periodMilliseconds", limit.map { JSON($0.period) }),
                ("spentInPeriod", limit.map { JSON($0.spent) }),
            ])
        }
        json = JSON(members: [
            ("number", JSON(number)), ("name", .string(pool.name)), ("owner", JSON(pool.owner)),
            ("holdings", .array(holdings)),
        ])
    }
}

// SPDX-License-Identifier: Apache-2.0
import Exchange
import HTTPServer
import JSONText
import Ledger
import Vocabulary

/// Shows pools, what a trade would give, and windows of roles' assets (GATEWAY-24).
struct ExchangeResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/exchange/pools", name: "listLiquidityPools",
                tag: "exchange", summary: "Pools by number.",
                parameters: Route.Parameter.page,
                responses: [
                    .json("The pools.", Schema.reference("LiquidityPoolPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: pools),
            Route(
                method: .get, pattern: "/v1/exchange/pools/{number}", name: "getLiquidityPool",
                tag: "exchange", summary: "One pool.",
                parameters: [
                    .path("number", "Its number.", Schema.number),
                    .query("account", "Whose lock is shown, too.", Schema.digest),
                ],
                responses: [
                    .json("The pool.", Schema.reference("LiquidityPool")),
                    .problem(400, "A parameter is malformed."),
                    .problem(404, "There is no such pool."),
                ], handler: pool),
            Route(
                method: .get, pattern: "/v1/exchange/pools/{number}/quote", name: "quoteSwap",
                tag: "exchange", summary: "What selling an amount would give, and its impact.",
                parameters: [
                    .path("number", "The pool's number.", Schema.number),
                    .query("sell", "Which asset is sold.", Schema.number),
                    .needed("amount", "How much, in base units.", Schema.units),
                ],
                responses: [
                    .json("The quote.", Schema.reference("SwapQuote")),
                    .problem(400, "A parameter is malformed, or so much does not trade."),
                    .problem(404, "There is no such pool."),
                ], handler: quote),
            Route(
                method: .get, pattern: "/v1/exchange/windows", name: "listRoleWindows",
                tag: "exchange", summary: "Where roles' assets become native units, and the rates.",
                responses: [.json("The windows.", Schema.reference("RoleWindows"))],
                handler: windows),
        ]
    }

    private func pools(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.afterNumber()
        let answer = await context.node.read { state, head in
            let found = ExchangeQueries(state).pools(after: after, limit: page.limit + 1)
            let shown = found.prefix(page.limit)
            let next = found.count > page.limit ? shown.last?.number : nil
            let writer = ExchangeJSON(state: state, time: head.time)
            return JSON(members: [
                (
                    "pools",
                    .array(shown.map { writer.pool($0.pool, $0.number, lockOf: nil) })
                ), ("next", next.map { .string(Self.cursor($0)) }),
            ])
        }
        return .json(answer.bytes)
    }

    private static func cursor(_ number: UInt64) -> String {
        Hexadecimal.encode(withUnsafeBytes(of: number.bigEndian) { Array($0) })
    }

    private func number(_ request: HTTPRequest) throws(Problem) -> UInt64 {
        guard let number = UInt64(request.parameters["number"] ?? "") else {
            throw HTTPRequest.malformed("number", "must be a whole number")
        }
        return number
    }

    private func pool(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = try number(request)
        let account: AccountID? = try request.queryIdentifier("account")
        let answer = await context.node.read { state, head in
            ExchangeQueries(state).pool(number).map {
                ExchangeJSON(state: state, time: head.time).pool($0, number, lockOf: account)
            }
        }
        guard let answer else { throw Self.unknown(number) }
        return .json(answer.bytes)
    }

    private static func unknown(_ number: UInt64) -> Problem {
        GatewayProblem.unknownLiquidityPool.problem("there is no pool \(number)")
    }

    private func quote(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = try number(request)
        let sold = AssetID(try request.queryNumber("sell") ?? 0)
        guard let units = UInt128(request.query("amount") ?? "") else {
            throw HTTPRequest.malformed("amount", "must be a number of base units")
        }
        let found = await context.node.read { state, head in
            ExchangeQueries(state).pool(number).map { pool in
                pool.quote(selling: sold, Amount(units)).map {
                    ExchangeJSON(state: state, time: head.time).quote($0, pool, selling: sold)
                }
            }
        }
        guard let found else { throw Self.unknown(number) }
        guard let answer = found else {
            throw HTTPRequest.malformed("amount", "buys nothing here, or does not fit")
        }
        return .json(answer.bytes)
    }

    private func windows(_ request: HTTPRequest) async throws -> HTTPResponse {
        let answer = await context.node.read { state, head in
            ExchangeJSON(state: state, time: head.time).windows
        }
        return .json(answer.bytes)
    }
}

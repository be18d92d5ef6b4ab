// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import HTTPServer
import JSONText
import Ledger
import Vocabulary

/// Shows what there is of each asset, and how proposals are decided (DASHBOARD-5).
struct AssetResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/assets", name: "listAssets", tag: "economy",
                summary: "Every asset with its supply.", parameters: Route.Parameter.page,
                responses: [
                    .json("The assets.", Schema.reference("AssetPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: assets),
            Route(
                method: .get, pattern: "/v1/proposal-rules", name: "getProposalRules",
                tag: "economy",
                summary: "Who decides proposals of each kind, and how long it takes.",
                responses: [.json("The rules.", Schema.reference("ProposalRules"))],
                handler: rules),
        ]
    }

    private func assets(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.afterNumber()
        let found = await context.node.read { state, _ in
            AccountsModule().assets(
                after: after.map { AssetID($0) }, limit: page.limit + 1, in: state
            ).map { (number: $0.id.value, json: JSON($0.id, $0.asset)) }
        }
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last?.number : nil
        let answer = JSON(members: [
            ("assets", .array(shown.map(\.json))),
            ("next", next.map { .string(PageRequest.cursor($0)) }),
        ])
        return .json(answer.bytes)
    }

    private func rules(_ request: HTTPRequest) async throws -> HTTPResponse {
        let kinds = await context.node.read { state, _ in
            ProposalKind.allCases.map { JSON($0, GovernanceQueries(state).rules(of: $0)) }
        }
        let answer: JSON = ["kinds": .array(kinds)]
        return .json(answer.bytes)
    }
}

extension JSON {
    /// An asset with its supply.
    fileprivate init(_ id: AssetID, _ asset: Asset) {
        self = [
            "asset": JSON(id), "symbol": .string(asset.symbol), "supply": JSON(asset.supply),
        ]
    }

    /// How proposals of one kind are decided; shares are parts of a million.
    fileprivate init(_ kind: ProposalKind, _ rules: KindRules) {
        self = [
            "kind": .string("\(kind)"), "discussionMilliseconds": JSON(rules.discussion),
            "votingMilliseconds": JSON(rules.voting), "timeLockMilliseconds": JSON(rules.timeLock),
            "houses": .array(
                rules.houses.map { house in
                    [
                        "electorate": .string("\(house.electorate)"),
                        "quorum": JSON(house.quorum), "approval": JSON(house.approval),
                    ]
                }),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Ledger
import Validators
import Vocabulary

/// Shows who votes, who would, and with which weight (GATEWAY-13).
struct ValidatorResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/validators", name: "listValidators",
                tag: "validators",
                summary: "Members in the order of their accounts; those with a weight have a seat "
                    + "in the set of `epoch`, the newest that is known.",
                parameters: Route.Parameter.page,
                responses: [
                    .json("The members.", Schema.reference("MemberPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list),
            Route(
                method: .get, pattern: "/v1/validators/{account}", name: "getValidator",
                tag: "validators", summary: "One member.",
                parameters: [.path("account", "The account that governs it.", Schema.digest)],
                responses: [
                    .json("The member.", Schema.reference("Member")),
                    .problem(400, "The account is malformed."),
                    .problem(404, "The account is no member."),
                ], handler: show),
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.after(AccountID.self)
        let seen = await context.node.read { state, _ in
            Seen(state, after: after, limit: page.limit + 1)
        }
        let shown = seen.members.prefix(page.limit)
        let next = seen.members.count > page.limit ? shown.last?.account : nil
        let answer = JSON(members: [
            ("epoch", JSON(seen.epoch)), ("seats", JSON(seen.seats.count)),
            ("totalWeight", JSON(seen.seats.reduce(UInt64(0)) { $0 + $1.weight })),
            ("stakeMin", JSON(seen.stakeMin)),
            ("validators", .array(shown.map { JSON($0, weight: seen.weight(of: $0)) })),
            ("next", next.map { JSON($0) }),
        ])
        return .json(answer.bytes)
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let account: AccountID = try request.identifier("account")
        let (member, seen) = await context.node.read { state, _ in
            (ValidatorsQueries(state).member(of: account), Seen(state, after: nil, limit: 0))
        }
        guard let member else {
            throw GatewayProblem.unknownMember.problem("account \(account) never joined")
        }
        return .json(JSON(member, weight: seen.weight(of: member)).bytes)
    }

    /// What is read of one state.
    private struct Seen: Sendable {
        let epoch: Epoch
        let seats: [Seat]
        let stakeMin: Amount
        let members: [ValidatorMember]

        init(_ state: any StateReader, after: AccountID?, limit: Int) {
            let queries = ValidatorsQueries(state)
            epoch = queries.nextSet?.epoch ?? Epoch(0)
            seats = queries.seats(of: epoch)?.seats ?? []
            stakeMin = queries.parameters.stakeMin
            members = limit > 0 ? queries.members(after: after, limit: limit) : []
        }

        func weight(of member: ValidatorMember) -> UInt64? {
            seats.first { $0.account == member.account }?.weight
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Ledger
import Names
import NodeInterface
import Vocabulary

/// Shows names: who holds them, whom they stand for, and what is bid for them (GATEWAY-21).
struct NameResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/names", name: "listNames", tag: "names",
                summary: "Names with an owner, in the order of their letters.",
                parameters: Route.Parameter.page,
                responses: [
                    .json("The names.", Schema.reference("NamePage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list),
            Route(
                method: .get, pattern: "/v1/names/{name}", name: "getName", tag: "names",
                summary: "One name: free, under auction, held, or in its time of grace.",
                parameters: [
                    .path(
                        "name", "The name.",
                        Schema.hyphened(PlainName.bytesMin...PlainName.bytesMax))
                ],
                responses: [
                    .json("The name.", Schema.reference("Name")),
                    .problem(400, "It is no name."),
                ], handler: show),
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.after { PlainName(String(decoding: $0, as: UTF8.self)) }
        let seen = await context.node.read { state, head in
            NamesQueries(state).names(after: after, limit: page.limit + 1).map {
                SeenName($0.name, in: state, at: head)
            }
        }
        let shown = seen.prefix(page.limit)
        let next = seen.count > page.limit ? shown.last?.name : nil
        let answer = JSON(members: [
            ("names", .array(shown.map(\.json))),
            ("next", next.map { .string(Hexadecimal.encode(Array($0.text.utf8))) }),
        ])
        return .json(answer.bytes)
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let name = PlainName(request.parameters["name"] ?? "") else {
            throw HTTPRequest.malformed(
                "name", "must have 3 to 32 letters a to z, digits and single hyphens inside")
        }
        let seen = await context.node.read { state, head in SeenName(name, in: state, at: head) }
        return .json(seen.json.bytes)
    }
}

/// A name as one state has it.
private struct SeenName: Sendable {
    let name: PlainName
    let record: NameRecord?
    let auction: NameAuction?
    let parameters: NamesParameters
    let now: Timestamp

    init(_ name: PlainName, in state: any StateReader, at head: StateHead) {
        let queries = NamesQueries(state)
        self.name = name
        record = queries.record(name)
        auction = queries.auction(name)
        parameters = queries.parameters
        now = head.time
    }

    private var state: String {
        if auction != nil { return "auction" }
        guard let record else { return "free" }
        if now < record.expires { return "held" }
        return now < record.expires.advanced(by: parameters.graceMilliseconds) ? "grace" : "free"
    }

    var json: JSON {
        let isHeld = state == "held"
        return JSON(members: [
            ("name", .string(name.text)), ("state", .string(state)),
            ("price", JSON(parameters.price(of: name))),
            ("owner", state == "free" ? nil : record.map { JSON($0.owner) }),
            ("target", isHeld ? record.map { JSON($0.target) } : nil),
            ("expires", state == "free" ? nil : record.map { JSON($0.expires) }),
            (
                "auction",
                auction.map { auction in
                    JSON(members: [
                        ("bidder", JSON(auction.bidder)), ("owner", JSON(auction.owner)),
                        ("amount", JSON(auction.amount)), ("ends", JSON(auction.ends)),
                        ("bids", JSON(auction.bids)),
                        ("nextBid", parameters.bidMin(after: auction.amount).map { JSON($0) }),
                    ])
                }
            ),
        ])
    }
}

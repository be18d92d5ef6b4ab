// SPDX-License-Identifier: Apache-2.0
import Database
import HTTPServer
import JSONText
import Vocabulary

/// Finds things by words and lists them by kind, from the gateway's index (GATEWAY-51, 52).
struct SearchResource: Resource {
    let context: GatewayContext

    private static let refusals: [Route.Response] = [
        .problem(400, "A parameter is malformed."),
        .problem(404, "This gateway keeps no index, or has no such kind."),
        .problem(503, "The index is not ready."),
    ]

    private static let limit = Route.Parameter.query(
        "limit", "The most things, 20 when missing.",
        ["type": "integer", "minimum": 1, "maximum": JSON(IndexStore.pageMax)])

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/search", name: "search", tag: "index",
                summary: "Find things by id, address, name or words; the newest first.",
                parameters: [
                    .needed(
                        "q", "Words, or their beginnings; all must be found.",
                        [
                            "type": "string", "pattern": "[A-Za-z0-9]", "minLength": 1,
                            "maxLength": 256,
                        ]), Self.limit,
                ],
                responses: [.json("What was found.", Schema.reference("IndexPage"))]
                    + Self.refusals, handler: search),
            Route(
                method: .get, pattern: "/v1/index", name: "getIndex", tag: "index",
                summary: "How far the index has come.",
                responses: [.json("Its standing.", Schema.reference("IndexStanding"))]
                    + Self.refusals, handler: show),
            Route(
                method: .get, pattern: "/v1/index/{kind}", name: "listIndex", tag: "index",
                summary: "Things of a kind, the newest first.",
                parameters: [
                    .path("kind", "Which.", Schema.word(IndexRecord.Kind.allCases.map(\.rawValue))),
                    .query("account", "Only what concerns an account or a job.", Schema.digest),
                    .query("state", "Only what stands so.", ["type": "string", "maxLength": 64]),
                    Self.limit,
                    .query(
                        "cursor", "The `next` of the page before.",
                        ["type": "string", "pattern": "^[0-9]{1,18}\\..{0,128}$"]),
                ],
                responses: [.json("The things.", Schema.reference("IndexPage"))] + Self.refusals,
                handler: list),
            Route(
                method: .post, pattern: "/v1/index/rebuild", name: "rebuildIndex", tag: "index",
                summary: "Empty the index and build it anew; for the owner.",
                demand: .principal(.manage),
                responses: [.empty(.accepted, "It has begun.")] + Self.refusals,
                handler: rebuild),
        ]
    }

    private func indexer() throws(Problem) -> Indexer {
        guard let indexer = context.indexer else {
            throw GatewayProblem.noIndex.problem("this gateway keeps no index")
        }
        return indexer
    }

    private func search(_ request: HTTPRequest) async throws -> HTTPResponse {
        let words = IndexWords.of(request.query("q") ?? "", max: IndexWords.questionMax)
        guard !words.isEmpty else { throw HTTPRequest.malformed("q", "must have a word") }
        let limit = try Self.limit(request)
        let found = try await indexer().ask { store throws(DatabaseFailure) in
            try store.search(words, limit: limit)
        }
        return .json(Self.page(found, next: nil))
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let kind = request.parameters["kind"].flatMap(IndexRecord.Kind.init) else {
            throw GatewayProblem.noIndex.problem("no such kind is held")
        }
        var question = IndexStore.Question(kind: kind)
        if let account: AccountID = try request.queryIdentifier("account") {
            question.account = "\(account)"
        }
        question.state = request.query("state")
        question.limit = try Self.limit(request)
        if let cursor = request.query("cursor") {
            let parts = cursor.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, let order = Int64(parts[0]), order >= 0 else {
                throw HTTPRequest.malformed("cursor", "must be the `next` of an earlier page")
            }
            question.before = (order, String(parts[1]))
        }
        let found = try await indexer().ask { [question] store throws(DatabaseFailure) in
            try store.list(question)
        }
        let next = found.count == question.limit ? found.last.map { "\($0.order).\($0.id)" } : nil
        return .json(Self.page(found, next: next))
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let indexer = try indexer()
        let standing = await indexer.standing
        let head = await context.node.read { _, head in head.height }
        let counts = try await indexer.ask { store throws(DatabaseFailure) in try store.counts() }
        let answer: JSON = [
            "database": .string(standing.kind), "height": JSON(standing.height),
            "lag": JSON(head.value - min(head.value, standing.height.value)),
            "rows": JSON(standing.rows), "missedBlocks": JSON(standing.missed),
            "counts": .object(counts.map { JSON.Member($0.kind, JSON($0.count)) }),
        ]
        return .json(answer.bytes)
    }

    private func rebuild(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard Principal.current.isOwner else {
            throw GatewayProblem.notOwner.problem("show the token of the node's folder")
        }
        await (try indexer()).rebuild()
        return HTTPResponse(.accepted)
    }

    private static func limit(_ request: HTTPRequest) throws(Problem) -> Int {
        Int(try request.queryNumber("limit", in: 1...UInt64(IndexStore.pageMax)) ?? 20)
    }

    /// A page; what is held of a thing is JSON already and is taken as it is.
    private static func page(_ found: [IndexStore.Found], next: String?) -> [UInt8] {
        let items = found.map { item in
            "{\"kind\":\"\(item.kind)\",\"id\":\(JSON(item.id).compact),\"data\":\(item.data)}"
        }
        let tail = next.map { ",\"next\":\(JSON($0).compact)" } ?? ""
        return Array("{\"items\":[\(items.joined(separator: ","))]\(tail)}".utf8)
    }
}

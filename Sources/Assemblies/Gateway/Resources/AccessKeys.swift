// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Vocabulary

/// Makes, changes and ends keys for programs, and teams that share them (GATEWAY-42, GATEWAY-44).
struct AccessKeyResource: Resource {
    let context: GatewayContext

    /// The most bytes of a request.
    static let bodyBytesMax: UInt64 = 16 << 10

    private static let keyParameter = Route.Parameter.path(
        "key", "The key's id.", ["type": "string", "pattern": "^[0-9a-f]{12}$"])
    private static let teamParameter = Route.Parameter.path(
        "team", "The team's name.", Schema.accessName)

    private static let refusals: [Route.Response] = [
        .problem(400, "A parameter is malformed."), .problem(401, "Nobody has logged in."),
        .problem(403, "The caller may not."), .problem(404, "There is no such key or team."),
        .problem(409, "There are too many."), .problem(413, "The body is too large."),
        .problem(422, "The body is malformed."), .problem(429, "Too many requests."),
    ]

    var routes: [Route] { keyRoutes + teamRoutes }

    private var keyRoutes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/access/keys", name: "listKeys", tag: "access",
                summary: "The caller's keys; for the owner all.", demand: .principal(.manage),
                responses: [.json("The keys.", Schema.reference("AccessKeyList"))] + Self.refusals,
                handler: list),
            Route(
                method: .post, pattern: "/v1/access/keys", name: "createKey", tag: "access",
                summary: "Make a key; its text is told this once.", demand: .principal(.manage),
                body: body("AccessKeyWish"),
                responses: [.json(.created, "The key.", Schema.reference("AccessKeyText"))]
                    + Self.refusals, handler: create),
            Route(
                method: .post, pattern: "/v1/access/keys/{key}/rotation", name: "rotateKey",
                tag: "access", summary: "Give a key a new secret; the old one lasts for a grace.",
                demand: .principal(.manage), parameters: [Self.keyParameter],
                body: body("AccessRotation"),
                responses: [.json("The key.", Schema.reference("AccessKeyText"))] + Self.refusals,
                handler: rotate),
            Route(
                method: .delete, pattern: "/v1/access/keys/{key}", name: "revokeKey",
                tag: "access", summary: "End a key at once and for good.",
                demand: .principal(.manage), parameters: [Self.keyParameter],
                responses: [.empty(.noContent, "It has ended.")] + Self.refusals, handler: revoke),
        ]
    }

    private var teamRoutes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/access/teams", name: "listTeams", tag: "access",
                summary: "Teams; for the owner.", demand: .principal(.manage),
                responses: [.json("The teams.", Schema.reference("AccessTeamList"))]
                    + Self.refusals, handler: teams),
            Route(
                method: .put, pattern: "/v1/access/teams/{team}", name: "putTeam", tag: "access",
                summary: "Make a team or change it; for the owner.", demand: .principal(.manage),
                parameters: [Self.teamParameter], body: body("AccessTeamWish"),
                responses: [.empty(.noContent, "It is so.")] + Self.refusals, handler: putTeam),
        ]
    }

    private func body(_ name: String) -> Route.Body {
        Route.Body(
            mediaType: "application/json", schema: Schema.reference(name),
            bytesMax: Self.bodyBytesMax)
    }

    // MARK: - Keys

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let caller = Principal.current
        var shown: [JSON] = []
        for key in await context.access.book.keys.values.sorted(by: { $0.id < $1.id })
        where await isOwn(key, of: caller) { shown.append(key.shown) }
        return Self.secret(.ok, ["keys": .array(shown)])
    }

    private func create(_ request: HTTPRequest) async throws -> HTTPResponse {
        let caller = Principal.current
        let json = try await Self.read(request)
        var wish = AccessBook.Wish(
            name: try Self.name(json, "name"), scopes: try Self.scopes(json),
            account: caller.isOwner ? nil : caller.account)
        if json["team"] != nil { wish.team = try Self.name(json, "team") }
        wish.requestsPerMinute = try Self.number(
            json, "requestsPerMinute", in: 1...MinuteBucket.requestsMax)
        wish.unitsPerMinute = try Self.amount(json, "unitsPerMinute")
        guard (1...MinuteBucket.unitsMax).contains(wish.unitsPerMinute?.units ?? 1) else {
            throw Self.malformed("unitsPerMinute", "base units from 1 to 10^33")
        }
        wish.budget = try Self.amount(json, "budget")
        wish.expires = try Self.number(json, "expires", in: 0...UInt64.max).map { Timestamp($0) }
        try await check(wish, of: caller)
        let (key, text) = try await context.access.book.create(wish)
        return Self.secret(.created, key.shown.adding([("text", .string(text))]))
    }

    /// Nobody gives a key more than they may do themselves, nor into a team of others.
    private func check(_ wish: AccessBook.Wish, of caller: Principal) async throws(Problem) {
        guard wish.scopes.isSubset(of: caller.scopes) else {
            throw GatewayProblem.scopeMissing.problem("a key may do no more than its maker")
        }
        guard !caller.isOwner else { return }
        guard let account = caller.account, caller.key == nil else {
            throw GatewayProblem.scopeMissing.problem("only who has logged in makes keys")
        }
        if let team = wish.team {
            guard await context.access.book.isMember(account, of: team) else {
                throw GatewayProblem.scopeMissing.problem("the account is not in team \(team)")
            }
        }
    }

    private func rotate(_ request: HTTPRequest) async throws -> HTTPResponse {
        let json = try await Self.read(request)
        let grace =
            try Self.number(json, "graceSeconds", in: 0...AccessBook.graceSecondsMax) ?? 0
        let id = try await ownKey(request)
        let (key, text) = try await context.access.book.rotate(id, graceSeconds: grace)
        return Self.secret(.ok, key.shown.adding([("text", .string(text))]))
    }

    private func revoke(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try await ownKey(request)
        try await context.access.book.revoke(id)
        return HTTPResponse(.noContent)
    }

    private func ownKey(_ request: HTTPRequest) async throws(Problem) -> String {
        let id = request.parameters["key"] ?? ""
        guard let key = await context.access.book.keys[id],
            await isOwn(key, of: Principal.current)
        else { throw AccessBook.unknown(id) }
        return id
    }

    /// Whether a caller may see and change a key: the owner all, an account its own and its teams'.
    private func isOwn(_ key: AccessKey, of caller: Principal) async -> Bool {
        if caller.isOwner { return true }
        guard caller.key == nil, let account = caller.account else { return false }
        if key.account == account { return true }
        guard let team = key.team else { return false }
        return await context.access.book.isMember(account, of: team)
    }

    // MARK: - Teams

    private func checkOwner() throws(Problem) {
        guard Principal.current.isOwner else {
            throw GatewayProblem.notOwner.problem("show the token of the node's folder")
        }
    }

    private func teams(_ request: HTTPRequest) async throws -> HTTPResponse {
        try checkOwner()
        let teams = await context.access.book.teams.values.sorted { $0.name < $1.name }
        return Self.secret(.ok, ["teams": .array(teams.map(\.json))])
    }

    private func putTeam(_ request: HTTPRequest) async throws -> HTTPResponse {
        try checkOwner()
        let name = request.parameters["team"] ?? ""
        guard Self.isName(name) else { throw HTTPRequest.malformed("team", "must be a name") }
        let json = try await Self.read(request)
        let listed = json["members"]?.elements ?? []
        let members = listed.compactMap { $0.text.flatMap(AccountID.init(hexadecimal:)) }
        guard members.count == listed.count, members.count <= AccessTeam.membersMax else {
            throw Self.malformed("members", "at most \(AccessTeam.membersMax) accounts")
        }
        try await context.access.book.put(
            AccessTeam(
                name: name, members: Set(members), budget: try Self.amount(json, "budget")))
        return HTTPResponse(.noContent)
    }
}

// MARK: - Reading and answering

extension AccessKeyResource {
    /// An answer that nobody may store.
    static func secret(_ status: HTTPStatus, _ json: JSON) -> HTTPResponse {
        var response = HTTPResponse.json(json.bytes, status: status)
        response.fields["Cache-Control"] = "no-store"
        return response
    }

    static func read(_ request: HTTPRequest) async throws -> JSON {
        let bytes = try await request.body.collect()
        guard let json = try? JSON(parsing: bytes), json.members != nil else {
            throw GatewayProblem.malformedBody.problem("the body must be a JSON object")
        }
        return json
    }

    static func malformed(_ name: String, _ wanted: String) -> Problem {
        GatewayProblem.malformedBody.problem(
            "/\(name) must be \(wanted)", members: [("pointer", .text("/\(name)"))])
    }

    /// Letters, digits, spaces, `-`, `.` and `_`, 1 to 64 of them.
    static func isName(_ text: String) -> Bool {
        (1...AccessKey.nameBytesMax).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || " -._".unicodeScalars.contains(scalar))
            }
    }

    static func name(_ json: JSON, _ member: String) throws(Problem) -> String {
        guard let text = json[member]?.text, isName(text) else {
            throw malformed(member, "1 to 64 letters, digits, spaces, -, . and _")
        }
        return text
    }

    static func scopes(_ json: JSON) throws(Problem) -> Set<AccessScope> {
        let listed = json["scopes"]?.elements ?? []
        let scopes = listed.compactMap { $0.text.flatMap(AccessScope.init) }
        guard !scopes.isEmpty, scopes.count == listed.count else {
            throw malformed("scopes", "a list of scopes")
        }
        return Set(scopes)
    }

    static func number(
        _ json: JSON, _ member: String, in range: ClosedRange<UInt64>
    ) throws(Problem) -> UInt64? {
        guard let value = json[member] else { return nil }
        guard let number = value.unsigned, range.contains(number) else {
            throw malformed(
                member, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    static func amount(_ json: JSON, _ member: String) throws(Problem) -> Amount? {
        guard let value = json[member] else { return nil }
        guard let amount = value.text.flatMap(Amount.init(units:)) else {
            throw malformed(member, "base units as decimal text")
        }
        return amount
    }
}

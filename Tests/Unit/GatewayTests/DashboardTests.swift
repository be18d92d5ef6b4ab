// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Governance
import HTTPServer
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Gateway

/// The pages that people see, and the test money of local clouds.
@Suite("Gateway: dashboard")
struct DashboardTests {
    private static let page = Array("<!doctype html><title>Atoll</title>".utf8)

    private static func world() throws -> GatewayWorld {
        try GatewayWorld { configuration in
            configuration.dashboard = Dashboard(files: [
                ("index.html", page), ("index.html.gz", [31, 139]),
                ("app-AB12.js", Array("1".utf8)), ("secret", [1]),
            ])
        }
    }

    @Test("the page stands under each of its addresses, whatever follows (DASHBOARD-2)")
    func addresses() async throws {
        try await Self.world().run { world in
            for path in ["/", "/jobs", "/jobs/new", "/wallet/stake", "/proposals/3?x=1"] {
                let answer = try await world.ask(.get, path)
                #expect(answer.status == .ok && answer.body == Self.page, "\(path)")
            }
            let other = try await world.ask(.get, "/elsewhere")
            #expect(other.status == .notFound)
            let api = try await world.ask(.get, "/v1/nothing")
            #expect(api.status == .notFound, "the page does not hide what the API has not")
        }
    }

    @Test("the page may run its own program and nothing else (DASHBOARD-3)")
    func policy() async throws {
        try await Self.world().run { world in
            let answer = try await world.ask(.get, "/")
            let policy = answer.fields["Content-Security-Policy"] ?? ""
            #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"))
            #expect(!policy.contains("unsafe") && !policy.contains("http"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(answer.fields["X-Content-Type-Options"] == "nosniff")
            #expect(answer.fields["Cache-Control"] == "no-cache")
        }
    }

    @Test(
        "a file named by its content may be kept for ever, and one that is known is not sent again")
    func caching() async throws {
        try await Self.world().run { world in
            let file = try await world.ask(.get, "/assets/app-AB12.js")
            #expect(file.fields["Cache-Control"]?.contains("immutable") == true)
            let tag = try #require(file.fields["ETag"])
            let again = try await world.ask(
                .get, "/assets/app-AB12.js", fields: ["If-None-Match": tag])
            #expect(again.status == .notModified && again.body.isEmpty)
        }
    }

    @Test("who takes gzip gets what was compressed when the dashboard was built")
    func compression() async throws {
        try await Self.world().run { world in
            let zipped = try await world.ask(.get, "/", fields: ["Accept-Encoding": "br, gzip"])
            #expect(zipped.fields["Content-Encoding"] == "gzip" && zipped.body == [31, 139])
            let plain = try await world.ask(.get, "/", fields: ["Accept-Encoding": "gzip;q=0"])
            #expect(plain.fields["Content-Encoding"] == nil && plain.body == Self.page)
        }
    }

    @Test(
        "path traversal finds nothing: a name is looked up among the built files alone",
        arguments: [
            "/assets/..%2f..%2fetc%2fpasswd", "/assets/%2e%2e", "/assets/../../../etc/passwd",
            "/assets/secret", "/assets/", "/assets/index.html.gz", "/assets/app-AB12.js%00.html",
        ])
    func traversal(path: String) async throws {
        try await Self.world().run { world in
            let answer = try await world.ask(.get, path)
            #expect(answer.status.code >= 400 && answer.body != [1])
        }
    }

    @Test("files without a page, too many or too large are no dashboard")
    func limits() {
        #expect(Dashboard(files: [("app.js", [])]) == nil)
        let page = [("index.html", Self.page)]
        let many = page + (0..<Dashboard.filesMax).map { ("\($0).js", []) }
        #expect(Dashboard(files: many) == nil)
        let large = page + [("a.js", [UInt8](repeating: 0, count: Dashboard.bytesMax))]
        #expect(Dashboard(files: large) == nil)
        #expect(Dashboard(files: page) != nil)
    }
}

/// Test money is for one's own cloud, and only so much of it (DASHBOARD-4).
@Suite("Gateway: faucet")
struct FaucetTests {
    private static func world(isOn: Bool = true) throws -> GatewayWorld {
        let cast = try Cast(modules: .object([]))
        return try GatewayWorld { configuration in
            if isOn { configuration.faucet = Faucet(key: cast.client, amount: Amount(whole: 3)) }
        }
    }

    private static func body(_ account: AccountID) -> [UInt8] {
        Array("{\"account\": \"\(account)\"}".utf8)
    }

    private static let stranger = AccountID(Digest.zero.raw)
    private static let json: HTTPFields = ["Content-Type": "application/json"]

    @Test("a gateway that was given no purse has no faucet")
    func off() async throws {
        try await Self.world(isOn: false).run { world in
            let shown = try await world.json(.get, "/v1/faucet")
            #expect(shown["amount"]?.text == "0")
            let asked = try await world.ask(
                .post, "/v1/faucet", fields: Self.json, body: Self.body(Self.stranger))
            #expect(asked.status == .methodNotAllowed)
        }
    }

    @Test("an account is given test money, and after so much no more for now")
    func gives() async throws {
        try await Self.world().run { world in
            for _ in 0..<Faucet.grantsPerAccountMax {
                _ = try await world.json(
                    .post, "/v1/faucet", fields: Self.json, body: Self.body(Self.stranger),
                    status: .accepted)
            }
            let account = try await world.json(.get, "/v1/accounts/\(Self.stranger)")
            let units = Amount(whole: 3 * UInt64(Faucet.grantsPerAccountMax)).units
            #expect(account["balances"]?.elements?.first?["amount"]?.text == "\(units)")
            let more = try await world.ask(
                .post, "/v1/faucet", fields: Self.json, body: Self.body(Self.stranger))
            #expect(more.status == .tooManyRequests)
            #expect(more.fields["Retry-After"].flatMap(Int.init) ?? 0 > 3_000)
        }
    }

    @Test("CSRF: another site's page gets nothing sent, by form or by script")
    func foreign() async throws {
        try await Self.world().run { world in
            let form = try await world.ask(
                .post, "/v1/faucet", fields: ["Content-Type": "text/plain"],
                body: Self.body(Self.stranger))
            #expect(form.status.code == 415, "a type that needs no leave is refused")
            var fields = Self.json
            fields["Origin"] = "https://elsewhere.example"
            let script = try await world.json(
                .post, "/v1/faucet", fields: fields, body: Self.body(Self.stranger), status: 403)
            #expect(script["name"]?.text == "foreignOrigin")
            fields["Origin"] = "http://\(world.service.endpoint)"
            _ = try await world.json(
                .post, "/v1/faucet", fields: fields, body: Self.body(Self.stranger),
                status: .accepted)
        }
    }

    @Test("what names no account is refused", arguments: ["", "{}", "{\"account\": \"x\"}", "["])
    func malformed(body: String) async throws {
        try await Self.world().run { world in
            let answer = try await world.json(
                .post, "/v1/faucet", fields: Self.json, body: Array(body.utf8),
                status: .unprocessable)
            #expect(answer["name"]?.text == "malformedBody")
        }
    }

    @Test("an hour's limits hold for one account and for all together")
    func limits() {
        let book = FaucetBook()
        let now = Instant(0)
        var given = 0
        for number in 0..<UInt8(250) {
            let account = AccountID(Bytes32(filledBy: { $0[0] = number }))
            while book.take(account, at: now) == nil { given += 1 }
        }
        #expect(given == Faucet.grantsMax)
        let later = now.advanced(by: Faucet.windowMilliseconds * 1_000_000)
        #expect(book.take(Self.stranger, at: later) == nil, "the next hour begins anew")
    }
}

/// What there is of each asset and how proposals are decided, as people see it (DASHBOARD-5).
@Suite("Gateway: assets")
struct AssetTests {
    @Test("assets with their supply and the rules of proposals are shown")
    func shown() async throws {
        try await GatewayWorld().run { world in
            let assets = try await world.json(.get, "/v1/assets")
            #expect(assets["assets"]?.elements?.first?["asset"]?.unsigned == 0)
            let rules = try await world.json(.get, "/v1/proposal-rules")
            #expect(rules["kinds"]?.elements?.count == ProposalKind.allCases.count)
            _ = try await world.json(.get, "/v1/assets?cursor=00", status: .badRequest)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Database
import Effects
import Glibc
import HTTPServer
import JSONText
import Testing
import Vocabulary

@testable import Gateway

/// The index of the chain, the same over both kinds of databases (GATEWAY-50 to GATEWAY-53).
@Suite("Gateway: the index", .serialized)
struct IndexTests {
    enum Kind: CaseIterable, Sendable { case sqlite, postgresql }

    /// The kinds of databases that this machine has.
    static let kinds = Kind.allCases.filter { $0 == .sqlite || PostgresHost.isInstalled }

    /// A gateway with an index in a new database, and what to do with it.
    private static func run(
        _ kind: Kind, _ body: @escaping @Sendable (GatewayWorld) async throws -> Void
    ) async throws {
        let folder = Folder()
        let address: DatabaseAddress =
            switch kind {
            case .sqlite: .sqlite(path: "\(folder.path)/index")
            case .postgresql: .postgresql(try #require(PostgresHost.shared).newDatabase())
            }
        let world = try GatewayWorld(configure: { configuration in
            configuration.index = address
            configuration.ownerToken = AccessTests.owner
        })
        try await world.run(body)
    }

    /// Waits until the index has come to the node's head.
    private static func caughtUp(_ world: GatewayWorld) async throws -> JSON {
        let head = await world.node.read { _, head in head.height.value }
        for _ in 0..<2_000 {
            let response = try await world.client.send(
                HTTPClientRequest(.get, try world.address("/v1/index")))
            if response.status == .ok {
                let json = try JSON(parsing: response.body)
                if json["height"]?.unsigned == head { return json }
            }
            await world.effects.time.sleep(milliseconds: 10)
        }
        Issue.record("the index did not come to height \(head)")
        return .null
    }

    @Test(
        "a job's whole way is held: blocks, transactions, events, accounts, the job",
        arguments: kinds)
    func wholeWay(_ kind: Kind) async throws {
        try await Self.run(kind) { world in
            let job = try await world.settledJob(output: JobTests.output)
            let standing = try await Self.caughtUp(world)
            #expect(standing["lag"]?.unsigned == 0)
            for name in ["blocks", "transactions", "events", "accounts", "jobs"] {
                #expect((standing["counts"]?[name]?.unsigned ?? 0) > 0, "\(name)")
            }
            let jobs = try await world.json(.get, "/v1/index/jobs?state=settled")
            let held = try #require(jobs["items"]?.elements?.first)
            #expect(held["id"]?.text == "\(job)")
            #expect(held["data"] == (try await world.json(.get, "/v1/jobs/\(job)")))
            let provider = "\(AccountID(of: world.cast.providers[0].publicKey))"
            let mine = try await world.json(.get, "/v1/index/jobs?account=\(provider)")
            #expect(mine["items"]?.elements?.count == 1)
            let events = try await world.json(.get, "/v1/index/events?account=\(job)&limit=100")
            #expect((events["items"]?.elements?.count ?? 0) >= 8)
        }
    }

    @Test("pages hold everything once, also things at the same place", arguments: kinds)
    func pages(_ kind: Kind) async throws {
        try await Self.run(kind) { world in
            _ = try await world.settledJob(output: JobTests.output)
            _ = try await Self.caughtUp(world)
            for name in ["events", "accounts", "transactions", "blocks"] {
                let all = try await world.json(.get, "/v1/index/\(name)?limit=100")
                let wanted = (all["items"]?.elements ?? []).compactMap { $0["id"]?.text }
                var found: [String] = []
                var target: String? = "/v1/index/\(name)?limit=1"
                while let page = target, found.count <= wanted.count {
                    let part = try await world.json(.get, page)
                    found += (part["items"]?.elements ?? []).compactMap { $0["id"]?.text }
                    target = part["next"]?.text.map { "/v1/index/\(name)?limit=1&cursor=\($0)" }
                }
                #expect(found == wanted, "\(name)")
            }
        }
    }

    @Test("things are found by the beginning of their ids, and by nothing else", arguments: kinds)
    func search(_ kind: Kind) async throws {
        try await Self.run(kind) { world in
            let job = try await world.settledJob(output: JobTests.output)
            _ = try await Self.caughtUp(world)
            for text in ["\(job)", String("\(job)".prefix(12)), "\(job)".uppercased()] {
                let found = try await world.json(.get, "/v1/search?q=\(text)")
                #expect(found["items"]?.elements?.contains { $0["id"]?.text == "\(job)" } == true)
            }
            let none = try await world.json(.get, "/v1/search?q=zzzzzz")
            #expect(none["items"]?.elements?.isEmpty == true)
            _ = try await world.json(.get, "/v1/search?q=", status: .badRequest)
        }
    }

    @Test(
        "SQL injection: what looks like a statement is a word, a state or an error",
        arguments: kinds)
    func injection(_ kind: Kind) async throws {
        try await Self.run(kind) { world in
            _ = try await world.settledJob(output: JobTests.output)
            let before = try await Self.caughtUp(world)["counts"]
            let texts = [
                "%27%3B%20DROP%20TABLE%20records%3B--", "%27%20OR%201%3D1--", "%22%29%3BDELETE",
                "%00", "%3F%3F%3F", "%24%31", "a%27%20UNION%20SELECT%201%2C2%2C3%2C4--",
            ]
            for text in texts {
                for target in [
                    "/v1/search?q=\(text)", "/v1/index/jobs?state=\(text)",
                    "/v1/index/jobs?cursor=\(text)", "/v1/index/jobs?cursor=1.\(text)",
                    "/v1/index/jobs?account=\(text)", "/v1/index/\(text)",
                ] {
                    let response = try await world.client.send(
                        HTTPClientRequest(.get, try world.address(target)))
                    #expect(response.status.code < 500, "\(target)")
                    let shown = String(decoding: response.body, as: UTF8.self)
                    // A malformed escape counts as absent; every other text is a state nobody has.
                    let isWord = target.contains("state=") && text != "%00"
                    #expect(!isWord || !shown.contains("\"kind\":\"jobs\""), "\(target)")
                }
            }
            #expect(try await Self.caughtUp(world)["counts"] == before)
        }
    }

    @Test("an index that is emptied is built anew and says the same", arguments: kinds)
    func rebuild(_ kind: Kind) async throws {
        try await Self.run(kind) { world in
            _ = try await world.settledJob(output: JobTests.output)
            let before = try await Self.caughtUp(world)["counts"]
            let events = try await world.json(.get, "/v1/index/jobs")
            let response = try await world.ask(
                .post, "/v1/index/rebuild", fields: AccessTests.bearer(AccessTests.owner))
            #expect(response.status == .accepted)
            await world.effects.time.sleep(milliseconds: 100)
            try await world.node.seal()
            let after = try await Self.caughtUp(world)["counts"]
            #expect(after?["jobs"] == before?["jobs"])
            #expect(after?["transactions"] == before?["transactions"])
            #expect(try await world.json(.get, "/v1/index/jobs") == events)
        }
    }

    @Test("without an index there is none to ask, and a database that is away is said to be")
    func away() async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(.get, "/v1/search?q=a", status: .notFound)
            #expect(problem["name"]?.text == "noIndex")
        }
        let world = try GatewayWorld(configure: { configuration in
            configuration.index = .sqlite(path: "/nonexistent/folder/index")
        })
        try await world.run { world in
            let problem = try await world.json(.get, "/v1/search?q=a", status: .unavailable)
            #expect(problem["name"]?.text == "indexNotReady")
            #expect(try await world.ask(.get, "/healthz").status == .ok)
        }
    }

    @Test("words are letters and digits in lower case, each once")
    func words() {
        #expect(IndexWords.of("Raise the Fee, the FEE!") == ["raise", "the", "fee"])
        #expect(IndexWords.of("") == [])
        #expect(IndexWords.of(String(repeating: "a", count: 100)).first?.count == 64)
    }
}

/// A folder that goes with it.
final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/atoll-index-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }
        }
        path = made.map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for name in ["index", "index-wal", "index-shm"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}

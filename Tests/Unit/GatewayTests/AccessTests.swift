// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Effects
import HTTPServer
import Identity
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Gateway

/// Who may do what at a gateway (GATEWAY-40 to GATEWAY-46).
@Suite("Gateway: access")
struct AccessTests {
    static let owner = String(repeating: "0f", count: 32)

    static func world(_ mode: AccessMode) throws -> GatewayWorld {
        try GatewayWorld(configure: { configuration in
            configuration.access = mode
            configuration.ownerToken = owner
        })
    }

    static func bearer(_ text: String) -> HTTPFields { ["Authorization": "Bearer \(text)"] }

    /// A key made by the owner.
    static func key(_ world: GatewayWorld, _ wish: JSON) async throws -> (id: String, text: String)
    {
        let made = try await world.json(
            .post, "/v1/access/keys", fields: bearer(owner), body: wish.bytes, status: .created)
        return (try #require(made["id"]?.text), try #require(made["text"]?.text))
    }

    /// A session of a wallet.
    static func session(_ world: GatewayWorld, _ wallet: SigningKey) async throws -> String {
        let challenge = try await world.json(
            .post, "/v1/access/challenges",
            body: (["publicKey": JSON(wallet.publicKey)] as JSON).bytes, status: .created)
        let bytes = try #require(challenge["signedBytes"]?.text.flatMap { Hexadecimal.decode($0) })
        let answer = try await world.json(
            .post, "/v1/access/sessions",
            body: ([
                "nonce": challenge["nonce"] ?? .null,
                "signature": .string(Hexadecimal.encode(wallet.sign(bytes).bytes)),
            ] as JSON).bytes, status: .created)
        return try #require(answer["token"]?.text)
    }

    @Test("an open gateway answers callers who show nothing, and refuses a key that is wrong")
    func open() async throws {
        try await Self.world(.open).run { world in
            _ = try await world.json(.get, "/v1/status")
            let wrong = [
                "atoll_000000000000_" + String(repeating: "0", count: 64), "x", Self.owner + "0",
            ]
            for text in wrong {
                let problem = try await world.json(
                    .get, "/v1/status", fields: Self.bearer(text), status: 401)
                #expect(problem["name"]?.text == "badKey")
            }
        }
    }

    @Test("where keys are demanded, every route but health, its description and login denies")
    func denyByDefault() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let configuration = GatewayConfiguration(
                endpoint: Endpoint(host: "127.0.0.1", port: 0), version: "1")
            let table = try GatewayWorld.table(world.node, world.effects, configuration)
            var open: [String] = []
            for route in table.routes where route.pattern.text != "/v1/socket" {
                let path = route.pattern.text
                    .replacing("{digest}", with: String(repeating: "0", count: 64))
                    .replacing("{", with: "").replacing("}", with: "")
                let response = try await world.client.send(
                    HTTPClientRequest(
                        route.method, try world.address(path),
                        body: route.body == nil ? .none : .bytes(Array("{}".utf8))))
                let denied = [401, 403].contains(response.status.code)
                if !denied { open.append(route.name) }
            }
            let expected: Set<String> = [
                "isHealthy", "isReady", "getOpenAPI", "getDocs", "createChallenge",
                "createSession",
            ]
            #expect(Set(open).subtracting(expected).isEmpty, "\(open)")
            #expect(try await world.ask(.get, "/healthz").status == .ok)
        }
    }

    @Test("a key does what its scopes say, is shown once, and is stored as a hash")
    func scopes() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let (id, text) = try await Self.key(
                world, ["name": "reader", "scopes": ["read"]])
            #expect(text.hasPrefix("atoll_\(id)_"))
            _ = try await world.json(.get, "/v1/status", fields: Self.bearer(text))
            let refused = try await world.json(
                .post, "/v1/blobs", fields: Self.bearer(text), body: [1], status: 403)
            #expect(refused["name"]?.text == "scopeMissing")
            #expect(refused["scope"]?.text == "upload")
            let listed = try await world.ask(
                .get, "/v1/access/keys", fields: Self.bearer(Self.owner))
            let secret = try #require(text.split(separator: "_").last)
            let stored = try await world.effects.disk.read(AccessBook.fileName, limit: 1 << 20)
            for bytes in [listed.body, stored] {
                let shown = String(decoding: bytes, as: UTF8.self)
                #expect(shown.contains(id))
                #expect(!shown.contains(secret))
            }
            #expect(listed.fields["cache-control"] == "no-store")
        }
    }

    @Test("token theft: a rotated key's old text lasts for its grace, a revoked one ends at once")
    func rotation() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let (id, first) = try await Self.key(world, ["name": "a", "scopes": ["read"]])
            let owner = Self.bearer(Self.owner)
            let second = try await world.json(
                .post, "/v1/access/keys/\(id)/rotation", fields: owner,
                body: (["graceSeconds": 3_600] as JSON).bytes)
            for text in [first, try #require(second["text"]?.text)] {
                _ = try await world.json(.get, "/v1/status", fields: Self.bearer(text))
            }
            let third = try await world.json(
                .post, "/v1/access/keys/\(id)/rotation", fields: owner, body: Array("{}".utf8))
            let last = try #require(third["text"]?.text)
            for text in [first, try #require(second["text"]?.text)] {
                _ = try await world.json(
                    .get, "/v1/status", fields: Self.bearer(text), status: 401)
            }
            _ = try await world.json(.get, "/v1/status", fields: Self.bearer(last))
            #expect(
                try await world.ask(.delete, "/v1/access/keys/\(id)", fields: owner).status
                    == .noContent)
            let ended = try await world.json(
                .get, "/v1/status", fields: Self.bearer(last), status: 401)
            #expect(ended["detail"]?.text == "the key was revoked")
        }
    }

    @Test("a key has so many requests a minute, and learns when it may come back")
    func bucket() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let (_, text) = try await Self.key(
                world, ["name": "a", "scopes": ["read"], "requestsPerMinute": 2])
            for _ in 0..<2 {
                _ = try await world.json(.get, "/v1/status", fields: Self.bearer(text))
            }
            let response = try await world.ask(
                .get, "/v1/status", fields: Self.bearer(text))
            #expect(response.status == .tooManyRequests)
            #expect(
                UInt64(response.fields["retry-after"] ?? "").map { (1...31).contains($0) } == true)
        }
    }

    @Test("a bucket fills evenly and never holds more than a minute's")
    func bucketArithmetic() {
        var bucket = MinuteBucket(perMinute: 60, now: 0)
        for _ in 0..<60 { #expect(bucket.take(now: 0) == nil) }
        #expect(bucket.take(now: 0) == 1)
        #expect(bucket.take(now: 1_000) == nil)
        #expect(bucket.take(now: 1_500) == 1)
        var taken = 0
        while bucket.take(now: 10_000_000) == nil { taken += 1 }
        #expect(taken == 60)
        bucket.putBack(2)
        #expect(bucket.take(3, now: 10_000_000) == 1)
        #expect(bucket.take(2, now: 10_000_000) == nil)
        var large = MinuteBucket(perMinute: .max, now: 0)
        #expect(large.take(MinuteBucket.unitsMax, now: 0) == nil)
        #expect(large.take(MinuteBucket.unitsMax, now: 0) == 60)
    }

    @Test("a key hands in fees of so many base units a minute, and learns when it may come back")
    func unitsPerMinute() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            let fee = signed.transaction.feeMax.units
            func key(_ perMinute: UInt128) async throws -> HTTPFields {
                let wish: JSON = [
                    "name": "a", "scopes": ["submit"], "unitsPerMinute": .string("\(perMinute)"),
                ]
                return Self.bearer(try await Self.key(world, wish).text)
            }
            let never = try await world.json(
                .post, "/v1/transactions", fields: try await key(fee - 1),
                body: signed.canonicalBytes, status: 402)
            #expect(never["name"]?.text == "budgetSpent")
            let fields = try await key(fee)
            _ = try await world.json(
                .post, "/v1/transactions", fields: fields, body: signed.canonicalBytes,
                status: .accepted)
            let next = world.cast.transfer(nonce: 1, chain: world.chain)
            let response = try await world.ask(
                .post, "/v1/transactions", fields: fields, body: next.canonicalBytes)
            #expect(response.status == .tooManyRequests)
            #expect(UInt64(response.fields["retry-after"] ?? "").map { $0 <= 60 } == true)
        }
    }

    @Test("a key hands in fees within its budget, and what the ledger refuses is given back")
    func budget() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            let fee = signed.transaction.feeMax.units
            let (id, text) = try await Self.key(
                world,
                ["name": "a", "scopes": ["submit", "read"], "budget": .string("\(fee)")])
            let fields = Self.bearer(text)
            _ = try await world.json(
                .post, "/v1/transactions", fields: fields, body: signed.canonicalBytes,
                status: .accepted)
            let next = world.cast.transfer(nonce: 1, chain: world.chain)
            let refused = try await world.json(
                .post, "/v1/transactions", fields: fields, body: next.canonicalBytes, status: 402)
            #expect(refused["name"]?.text == "budgetSpent")
            let keys = try await world.json(
                .get, "/v1/access/keys", fields: Self.bearer(Self.owner))
            let shown = keys["keys"]?.elements?.first { $0["id"]?.text == id }
            #expect(shown?["spent"]?.text == "\(fee)")
        }
    }

    @Test("a wallet logs in by signing a text that names the host, the chain and its end, once")
    func login() async throws {
        let world = try Self.world(.open)
        try await world.run { world in
            let wallet = world.cast.client
            let challenge = try await world.json(
                .post, "/v1/access/challenges",
                body: (["publicKey": JSON(wallet.publicKey)] as JSON).bytes, status: .created)
            let text = try #require(challenge["text"]?.text)
            #expect(text.contains("\(world.service.endpoint)"))
            #expect(text.contains("\(world.chain)"))
            let bytes = try #require(
                challenge["signedBytes"]?.text.flatMap { Hexadecimal.decode($0) })
            #expect(bytes == Array("atoll/login/1\0\(text)".utf8))
            let body: JSON = [
                "nonce": challenge["nonce"] ?? .null,
                "signature": .string(Hexadecimal.encode(wallet.sign(bytes).bytes)),
            ]
            let session = try await world.json(
                .post, "/v1/access/sessions", body: body.bytes, status: .created)
            #expect(session["account"]?.text == "\(AccountID(of: wallet.publicKey))")
            // Replay: the same signature opens nothing again.
            let again = try await world.json(
                .post, "/v1/access/sessions", body: body.bytes, status: 401)
            #expect(again["name"]?.text == "badLogin")
            let token = try #require(session["token"]?.text)
            _ = try await world.json(.get, "/v1/access/keys", fields: Self.bearer(token))
            #expect(
                try await world.ask(
                    .delete, "/v1/access/sessions/current", fields: Self.bearer(token)
                ).status == .noContent)
            _ = try await world.json(
                .get, "/v1/access/keys", fields: Self.bearer(token), status: 401)
        }
    }

    @Test("a login is by the key it names")
    func loginByOther() async throws {
        try await Self.world(.open).run { world in
            let challenge = try await world.json(
                .post, "/v1/access/challenges",
                body: (["publicKey": JSON(world.cast.client.publicKey)] as JSON).bytes,
                status: .created)
            let bytes = try #require(
                challenge["signedBytes"]?.text.flatMap { Hexadecimal.decode($0) })
            let body: JSON = [
                "nonce": challenge["nonce"] ?? .null,
                "signature": .string(
                    Hexadecimal.encode(world.cast.providers[0].sign(bytes).bytes)),
            ]
            _ = try await world.json(
                .post, "/v1/access/sessions", body: body.bytes, status: 401)
        }
    }

    @Test("a login is for the host it names, and ends")
    func loginElsewhere() async throws {
        try await GatewayWorld().run { world in
            let book = LoginBook(effects: world.effects)
            let wallet = world.cast.client
            func challenge() -> (nonce: String, signature: Signature) {
                let made = book.challenge(
                    wallet.publicKey, authority: "evil.example", chain: world.chain)
                return (made.nonce, wallet.sign(made.signedBytes))
            }
            let elsewhere = challenge()
            await #expect(throws: Problem.self) {
                _ = try await book.open(
                    elsewhere.nonce, elsewhere.signature, authority: "gateway.example")
            }
            let here = challenge()
            let session = try await book.open(here.nonce, here.signature, authority: "evil.example")
            #expect(session.session.account == AccountID(of: wallet.publicKey))
            for _ in 0...LoginBook.challengesMax { _ = challenge() }
            for _ in 0..<3 { _ = challenge() }
            #expect(book.waiting == LoginBook.challengesMax)
        }
    }

    @Test("where keys are demanded, who logs in may nothing until the owner puts them in a team")
    func teams() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let wallet = world.cast.client
            let token = try await Self.session(world, wallet)
            let refused = try await world.json(
                .get, "/v1/status", fields: Self.bearer(token), status: 403)
            #expect(refused["name"]?.text == "scopeMissing")
            let members: JSON = [
                "members": [JSON(AccountID(of: wallet.publicKey))], "budget": "100",
            ]
            #expect(
                try await world.ask(
                    .put, "/v1/access/teams/builders", fields: Self.bearer(Self.owner),
                    body: members.bytes
                ).status == .noContent)
            _ = try await world.json(.get, "/v1/status", fields: Self.bearer(token))
            let made = try await world.json(
                .post, "/v1/access/keys", fields: Self.bearer(token),
                body: (["name": "ci", "scopes": ["read"], "team": "builders"] as JSON).bytes,
                status: .created)
            let text = try #require(made["text"]?.text)
            // A key makes no keys, and no session reaches into another team.
            let escalated = try await world.json(
                .post, "/v1/access/keys", fields: Self.bearer(text),
                body: (["name": "x", "scopes": ["manage"]] as JSON).bytes, status: 403)
            #expect(escalated["name"]?.text == "scopeMissing")
            _ = try await world.json(
                .post, "/v1/access/keys", fields: Self.bearer(token),
                body: (["name": "x", "scopes": ["read"], "team": "others"] as JSON).bytes,
                status: 403)
        }
    }

    @Test("keys outlive a restart, and a damaged file lets nobody in and is not written over")
    func restart() async throws {
        let world = try Self.world(.keys)
        try await world.run { world in
            let (_, text) = try await Self.key(world, ["name": "a", "scopes": ["read"]])
            guard case .key(let id, let secret)? = KeyText.read("Bearer \(text)") else {
                Issue.record("the key's text is not read")
                return
            }
            let book = AccessBook(effects: world.effects)
            try await book.load()
            #expect(try await book.admit(id, secret).name == "a")
            try await world.effects.disk.replace(AccessBook.fileName, with: [0x7B])
            let damaged = AccessBook(effects: world.effects)
            await #expect(throws: Problem.self) { try await damaged.load() }
            await #expect(throws: Problem.self) { _ = try await damaged.admit(id, secret) }
            await #expect(throws: Problem.self) {
                _ = try await damaged.create(.init(name: "b", scopes: [.read]))
            }
            #expect(try await world.effects.disk.read(AccessBook.fileName, limit: 10) == [0x7B])
        }
    }

    @Test("each change is noted in a chain of hashes, and the chain's end is found on the ledger")
    func audit() async throws {
        let world = try Self.world(.open)
        try await world.run { world in
            _ = try await Self.key(world, ["name": "a", "scopes": ["read"]])
            let signed = world.cast.transfer(nonce: 0, chain: world.chain)
            _ = try await world.json(
                .post, "/v1/transactions?wait=final", body: signed.canonicalBytes)
            _ = try await world.json(.get, "/v1/access/audit", status: 401)
            let page = try await world.json(
                .get, "/v1/access/audit", fields: Self.bearer(Self.owner))
            let records = page["records"]?.elements ?? []
            #expect(
                records.compactMap { $0["action"]?.text } == ["createKey", "submitTransaction"])
            #expect(records.compactMap { $0["principal"]?.text } == ["owner", "anybody"])
            #expect(records.first?["previous"]?.text == "\(Digest.zero)")
            #expect(records.last?["previous"]?.text == records.first?["hash"]?.text)
            #expect(page["head"]?.text == records.last?["hash"]?.text)
            // The chain's end is the account that gets a base unit.
            let head = try #require(page["head"]?.text)
            let anchor = AuditAnchor(
                node: world.node, effects: world.effects,
                audit: world.service.auditLog, key: world.cast.client, log: { _ in })
            try await anchor.anchor()
            let found = try await world.json(.get, "/v1/accounts/\(head)")
            #expect(found["balances"]?.elements?.first?["amount"]?.text == "1")
        }
    }

    @Test("delegations of the gateway's identity open a session with their scopes and budget")
    func delegations() async throws {
        let key = try #require(SigningKey(seed: [UInt8](repeating: 9, count: 32)))
        let issuer = try #require(GatewayIssuer(key: key, callers: []))
        let world = try GatewayWorld(configure: { configuration in
            configuration.access = .keys
            configuration.ownerToken = Self.owner
            configuration.issuer = issuer
        })
        try await world.run { world in
            let wallet = world.cast.client
            let fee = world.cast.transfer(nonce: 0, chain: world.chain).transaction.feeMax.units
            let holder = KeyMethod.did(of: .ed25519(wallet.publicKey))
            let link = try Self.delegation(
                from: issuer, to: holder, ["gateway:read", "gateway:submit"], budget: fee,
                now: world.effects.time.wallClock())
            let session = try await Self.session(world, wallet, delegations: [link])
            let fields = Self.bearer(try #require(session["token"]?.text))
            _ = try await world.json(.get, "/v1/status", fields: fields)
            _ = try await world.json(
                .post, "/v1/blobs", fields: fields, body: [1], status: 403)
            for (nonce, status) in [(0, HTTPStatus.accepted), (1, 402)] as [(UInt64, HTTPStatus)] {
                let signed = world.cast.transfer(nonce: nonce, chain: world.chain)
                _ = try await world.json(
                    .post, "/v1/transactions", fields: fields, body: signed.canonicalBytes,
                    status: status)
            }
            // Theft: the same delegations open nothing for another wallet.
            let thief = try await Self.session(
                world, world.cast.providers[0], delegations: [link], status: 401)
            #expect(thief["name"]?.text == "badLogin")
        }
    }

    /// A delegation as the identity of a gateway signs it, good for an hour round now.
    private static func delegation(
        from issuer: GatewayIssuer, to holder: DID, _ operations: [String], budget: UInt128,
        now: Timestamp
    ) throws -> JSON {
        let seconds = Int64(now.value / 1_000)
        let json: JSON = [
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential", "CapabilityDelegation"],
            "issuer": .string("\(issuer.did)"),
            "validFrom": .string("\(Moment(seconds: seconds - 3_600))"),
            "validUntil": .string("\(Moment(seconds: seconds + 3_600))"),
            "credentialSubject": [
                "id": .string("\(holder)"),
                "operations": .array(operations.map { .string($0) }), "resources": ["/"],
                "budget": .string("\(budget)"),
            ],
        ]
        let options = ProofOptions(
            method: issuer.method, purpose: .capabilityDelegation,
            created: Moment(seconds: seconds - 60))
        return try DocumentSigner.sign(json, as: options, by: issuer.key)
    }

    private static func session(
        _ world: GatewayWorld, _ wallet: SigningKey, delegations: [JSON],
        status: HTTPStatus = .created
    ) async throws -> JSON {
        let challenge = try await world.json(
            .post, "/v1/access/challenges",
            body: (["publicKey": JSON(wallet.publicKey)] as JSON).bytes, status: .created)
        let bytes = try #require(challenge["signedBytes"]?.text.flatMap { Hexadecimal.decode($0) })
        let body: JSON = [
            "nonce": challenge["nonce"] ?? .null,
            "signature": .string(Hexadecimal.encode(wallet.sign(bytes).bytes)),
            "delegations": .array(delegations),
        ]
        return try await world.json(
            .post, "/v1/access/sessions", body: body.bytes, status: status)
    }
}

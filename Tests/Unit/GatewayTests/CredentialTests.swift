// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import Identities
import Identity
import JSONText
import Ledger
import Testing
import Vocabulary

@testable import Gateway

/// Identities and credentials over HTTP (GATEWAY-16 to GATEWAY-19).
@Suite("Gateway: credentials")
struct CredentialTests {
    private static func key(_ number: UInt8) throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    private static func did(_ number: UInt8) throws -> DID {
        KeyMethod.did(of: .ed25519(try key(number).publicKey))
    }

    private static func unsigned(
        by issuer: DID, _ world: GatewayWorld, of subject: UInt8 = 7
    ) throws -> JSON {
        [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "UniqueOperator"], "issuer": .string("\(issuer)"),
            "credentialSubject": ["id": .string("\(try did(subject))"), "scope": "region"],
        ]
    }

    private static func signed(
        _ json: JSON, by number: UInt8, _ world: GatewayWorld,
        _ purpose: Relationship = .assertionMethod, challenge: String? = nil
    ) throws -> JSON {
        let key = try key(number)
        var options = ProofOptions(
            method: KeyMethod.url(of: .ed25519(key.publicKey)), purpose: purpose,
            created: Moment(seconds: Int64(world.effects.time.wallClock().value / 1_000)))
        options.challenge = challenge
        options.domain = challenge.map { _ in "shop.example" }
        return try DocumentSigner.sign(json, as: options, by: key)
    }

    private static func policy(_ issuer: DID) -> JSON {
        TrustPolicy(issuers: ["UniqueOperator": [issuer]]).json
    }

    @Test("a credential is verified check by check, by the caller's policy or the node's")
    func verify() async throws {
        try await GatewayWorld().run { world in
            let issuer = try Self.did(1)
            let good = try Self.signed(Self.unsigned(by: issuer, world), by: 1, world)
            let body: JSON = [
                "verifiableCredential": good, "options": ["policy": Self.policy(issuer)],
            ]
            let answer = try await world.json(.post, "/v1/credentials/verify", body: body.bytes)
            #expect(answer["verified"] == true)
            let checks = answer["results"]?.elements?.first?["checks"]?.elements ?? []
            #expect(checks.count == 7 && checks.allSatisfy { $0["holds"] == true })
            // The node itself trusts nobody.
            let bare: JSON = ["verifiableCredential": good]
            let refused = try await world.json(.post, "/v1/credentials/verify", body: bare.bytes)
            #expect(refused["verified"] == false)
            let last = refused["results"]?.elements?.first?["checks"]?.elements?.last
            #expect(last?["name"]?.text == "issuerWithoutAuthority")
            let token = try CredentialToken.sign(
                Self.unsigned(by: issuer, world),
                method: KeyMethod.url(of: .ed25519(Self.key(1).publicKey)), by: Self.key(1))
            let asToken: JSON = [
                "verifiableCredential": .string(token),
                "options": ["policy": Self.policy(issuer)],
            ]
            let read = try await world.json(.post, "/v1/credentials/verify", body: asToken.bytes)
            #expect(read["verified"] == true)
        }
    }

    @Test("a presentation answers the question that was asked, and no other")
    func presentation() async throws {
        try await GatewayWorld().run { world in
            let issuer = try Self.did(1)
            let credential = try Self.signed(Self.unsigned(by: issuer, world), by: 1, world)
            let shown = try Self.signed(
                Presentation.json(holder: Self.did(7), credentials: [credential]), by: 7, world,
                .authentication, challenge: "c1")
            func verified(_ challenge: String) async throws -> JSON {
                let body: JSON = [
                    "verifiablePresentation": shown,
                    "options": [
                        "challenge": .string(challenge), "domain": "shop.example",
                        "policy": Self.policy(issuer),
                    ],
                ]
                return try await world.json(.post, "/v1/presentations/verify", body: body.bytes)
            }
            let good = try await verified("c1")
            #expect(good["verified"] == true && good["results"]?.elements?.count == 2)
            #expect(try await verified("c2")["verified"] == false)
            _ = try await world.json(
                .post, "/v1/presentations/verify",
                body: (["verifiablePresentation": shown] as JSON).bytes, status: .unprocessable)
        }
    }

    @Test("what is too long, too deep, doubled or no object is refused with its reason")
    func refusals() async throws {
        try await GatewayWorld().run { world in
            let path = "/v1/credentials/verify"
            let deep = "{\"verifiableCredential\":" + String(repeating: "[", count: 100)
            let doubled = "{\"verifiableCredential\":{},\"verifiableCredential\":{}}"
            for text in ["", "[]", "{}", deep, doubled, "{\"verifiableCredential\":1e400}"] {
                let problem = try await world.json(
                    .post, path, body: Array(text.utf8), status: .unprocessable)
                #expect(problem["name"]?.text == "malformedBody", "\(text.prefix(40))")
            }
            let long = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
            let refused = try await world.ask(.post, path, body: long)
            #expect(refused.status == .contentTooLarge)
            let policy: JSON = ["verifiableCredential": [:], "options": ["policy": ["typo": 1]]]
            _ = try await world.json(.post, path, body: policy.bytes, status: .unprocessable)
        }
    }

    @Test("a DID is resolved from its name or from the state")
    func resolution() async throws {
        try await GatewayWorld().run { world in
            let byKey = try await world.json(.get, "/v1/identities/\(Self.did(1))")
            #expect(byKey["didDocument"]?["id"]?.text == "\(try Self.did(1))")
            let client = world.cast.client
            let did = AtollMethod.did(of: client.publicKey)
            let missing = try await world.json(.get, "/v1/identities/\(did)", status: .notFound)
            #expect(missing["name"]?.text == "unknownIdentity")
            let recovery = IdentityRecord.commitment(to: try Self.key(9).publicKey)
            let message = IdentitiesMessage.create(
                CreateIdentities([NewIdentity(of: client, recovery: recovery, chain: world.chain)]))
            try await world.node.submit(
                world.cast.sign([message.message], by: client, nonce: 0, chain: world.chain))
            let found = try await world.json(.get, "/v1/identities/\(did)")
            #expect(found["didDocumentMetadata"]?["versionId"]?.text == "1")
            #expect(found["didDocument"]?["verificationMethod"]?.elements?.count == 2)
            _ = try await world.json(.get, "/v1/identities/did:web:a.example", status: .badRequest)
        }
    }

    @Test("nobody is signed for over a plain connection, or at a node that signs for nobody")
    func plain() async throws {
        for issuer in [nil, GatewayIssuer(key: try Self.key(5), callers: [try Self.did(8)])] {
            let world = try GatewayWorld { $0.issuer = issuer }
            try await world.run { world in
                let body: JSON = [
                    "credential": try Self.unsigned(by: Self.did(5), world)
                ]
                let refused = try await world.json(
                    .post, "/v1/credentials/issue", body: body.bytes, status: 403)
                #expect(refused["name"]?.text == "notAllowed")
            }
        }
    }

    @Test("a caller is known by its certificate, and signed for when the node's settings name it")
    func sealed() async throws {
        let effects = try GatewayWorld().effects
        let issuer = try #require(
            GatewayIssuer(key: Self.key(5), callers: [Self.did(8)]))
        let security = try TransportSecurity(
            Self.credentials(5, names: [Self.did(5)], effects), clients: .asked)
        let world = try GatewayWorld {
            $0.issuer = issuer
            $0.sealed = SealedDoor(
                endpoint: Endpoint(host: "127.0.0.1", port: 0), security: security)
        }
        try await world.run { world in
            let door = try #require(world.service.sealedEndpoint)
            let body: JSON = ["credential": try Self.unsigned(by: Self.did(5), world)]
            func ask(_ number: UInt8, _ names: [DID]) async throws -> String {
                let client = try TransportSecurity(
                    Self.credentials(number, names: names, world.effects))
                let stream = try await client.connect(
                    try await world.effects.network.dial(door, timeoutMilliseconds: 5_000))
                #expect(try stream.peer?.key == Self.key(5).publicKey)
                try await stream.write(Self.post("/v1/credentials/issue", body.bytes))
                var bytes: [UInt8] = []
                while case let more = try await stream.read(limit: 65_536), !more.isEmpty {
                    bytes += more
                }
                return String(decoding: bytes, as: UTF8.self)
            }
            let issued = try await ask(8, [Self.did(8)])
            #expect(issued.hasPrefix("HTTP/1.1 201 "), "\(issued)")
            let start = try #require(issued.firstRange(of: "\r\n\r\n")?.upperBound)
            let json = try JSON(parsing: Array(issued[start...].utf8))
            let credential = try #require(json["verifiableCredential"])
            let now = Moment(seconds: Int64(world.effects.time.wallClock().value / 1_000))
            let verifier = CredentialVerifier(
                policy: TrustPolicy(issuers: ["UniqueOperator": [try Self.did(5)]]), now: now)
            #expect(verifier.verify(credential).isAccepted)
            // Another's name in a certificate of one's own, and a caller nobody named.
            #expect(try await ask(9, [Self.did(8)]).hasPrefix("HTTP/1.1 403 "))
            #expect(try await ask(9, [Self.did(9)]).hasPrefix("HTTP/1.1 403 "))
        }
    }

    @Test(
        "whom a known caller lets do so is signed for, as far as the chain of delegations reaches")
    func delegated() async throws {
        let effects = try GatewayWorld().effects
        let issuer = try #require(GatewayIssuer(key: Self.key(5), callers: [Self.did(8)]))
        let security = try TransportSecurity(
            Self.credentials(5, names: [Self.did(5)], effects), clients: .asked)
        let world = try GatewayWorld {
            $0.issuer = issuer
            $0.sealed = SealedDoor(
                endpoint: Endpoint(host: "127.0.0.1", port: 0), security: security)
        }
        try await world.run { world in
            let door = try #require(world.service.sealedEndpoint)
            let credential = try Self.unsigned(by: Self.did(5), world)
            func ask(_ number: UInt8, _ links: [JSON]) async throws -> HTTPClientResponse {
                let client = HTTPClient(
                    effects: world.effects,
                    security: try ClientSecurity(
                        .judged { _ in nil },
                        credentials: Self.credentials(
                            number, names: [Self.did(number)], world.effects)))
                let body: JSON = [
                    "credential": credential, "options": ["delegations": .array(links)],
                ]
                let address = try #require(
                    HTTPAddress("https://\(door)/v1/credentials/issue"))
                return try await client.send(
                    HTTPClientRequest(.post, address, body: .bytes(body.bytes)))
            }
            let first = try Self.delegation(from: 8, to: 9, world)
            #expect(try await ask(9, [first]).status == .created)
            // A part of a part, of another's, by a stranger, for another use, and shown by a thief.
            let second = try Self.delegation(from: 9, to: 10, world)
            #expect(try await ask(10, [first, second]).status == .created)
            #expect(try await ask(10, [first]).status.code == 403)
            #expect(try await ask(11, [first, second]).status.code == 403)
            let strange = try Self.delegation(from: 12, to: 9, world)
            #expect(try await ask(9, [strange]).status.code == 403)
            let other = try Self.delegation(from: 8, to: 9, operation: "createPresentation", world)
            #expect(try await ask(9, [other]).status.code == 403)
            let wide = try Self.delegation(from: 9, to: 10, resource: "/", world)
            let refused = try await ask(10, [first, wide])
            #expect(refused.status.code == 403)
            let words = String(decoding: refused.body, as: UTF8.self)
            #expect(words.contains("delegation 2 does not hold: widens"), "\(words)")
        }
    }

    /// Lets somebody use the gateway in one's stead, signed.
    private static func delegation(
        from giver: UInt8, to holder: UInt8, operation: String = "issueCredential",
        resource: String = "/v1/credentials", _ world: GatewayWorld
    ) throws -> JSON {
        let now = Int64(world.effects.time.wallClock().value / 1_000)
        return try signed(
            [
                "@context": [.string(Credential.context)],
                "type": ["VerifiableCredential", "CapabilityDelegation"],
                "issuer": .string("\(try did(giver))"),
                "validFrom": .string("\(Moment(seconds: now - 60))"),
                "validUntil": .string("\(Moment(seconds: now + 600))"),
                "credentialSubject": [
                    "id": .string("\(try did(holder))"), "operations": [.string(operation)],
                    "resources": [.string(resource)], "budget": "0",
                ],
            ], by: giver, world, .capabilityDelegation)
    }

    @Test(
        "a credential with selective disclosure is verified, with the question its holder answers")
    func selective() async throws {
        try await GatewayWorld().run { world in
            let issuer = try Self.did(1)
            let method = KeyMethod.url(of: .ed25519(try Self.key(1).publicKey))
            let issued = try DisclosureIssuer.issue(
                [
                    "iss": .string("\(issuer)"), "vct": "UniqueOperator",
                    "sub": .string("\(try Self.did(7))"), "scope": "region",
                ], hidden: [("scope", [UInt8](repeating: 1, count: 16))],
                holder: .ed25519(Self.key(7).publicKey), method: method, by: Self.key(1))
            let now = Moment(seconds: Int64(world.effects.time.wallClock().value / 1_000))
            let shown = SelectiveCredential.bind(
                try SelectiveCredential(issued).showing(["scope"]), audience: "shop.example",
                nonce: "c1", at: now, by: try Self.key(7))
            func verified(_ challenge: String) async throws -> JSON? {
                let body: JSON = [
                    "verifiableCredential": .string(shown),
                    "options": [
                        "challenge": .string(challenge), "domain": "shop.example",
                        "policy": Self.policy(issuer),
                    ],
                ]
                let answer = try await world.json(
                    .post, "/v1/credentials/verify", body: body.bytes)
                return answer["verified"]
            }
            #expect(try await verified("c1") == true)
            #expect(try await verified("c2") == false)
        }
    }

    private static func credentials(
        _ number: UInt8, names: [DID], _ effects: Effects
    ) throws -> SecureCredentials {
        let now = Int64(effects.time.wallClock().value / 1_000)
        let certificate = SelfIssuedCertificate(
            addresses: names.map(\.description), fromSeconds: now - 60, untilSeconds: now + 600)
        return .issued(
            certificate: certificate.signed(by: try key(number), serial: [number]),
            key: try key(number))
    }

    private static func post(_ path: String, _ body: [UInt8]) -> [UInt8] {
        Array(
            ("POST \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + "Content-Length: \(body.count)\r\n\r\n").utf8) + body
    }
}

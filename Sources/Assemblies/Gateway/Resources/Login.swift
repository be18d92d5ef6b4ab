// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Vocabulary

/// Logging in with a wallet's signature (GATEWAY-43).
struct LoginResource: Resource {
    let context: GatewayContext

    private static let bodyBytesMax: UInt64 = 256 << 10

    var routes: [Route] {
        [
            Route(
                method: .post, pattern: "/v1/access/challenges", name: "createChallenge",
                tag: "access", summary: "What a wallet shall sign to log in.", demand: .nothing,
                body: body(Schema.object([("publicKey", Schema.digest)])),
                responses: [
                    .json(.created, "The text to sign.", Schema.reference("Challenge")),
                    .problem(413, "The body is too large."),
                    .problem(422, "The body is malformed."),
                ], handler: challenge),
            Route(
                method: .post, pattern: "/v1/access/sessions", name: "createSession",
                tag: "access", summary: "Log in with a signed challenge.", demand: .nothing,
                body: body(
                    Schema.object([
                        ("nonce", Schema.text),
                        ("signature", ["type": "string", "pattern": "^[0-9a-f]{128}$"]),
                        ("delegations?", Schema.list(["type": "object"])),
                    ])),
                responses: [
                    .json(.created, "The session.", Schema.reference("Session")),
                    .problem(401, "The signature or the challenge is not taken."),
                    .problem(413, "The body is too large."),
                    .problem(422, "The body is malformed."),
                ], handler: open),
            Route(
                method: .delete, pattern: "/v1/access/sessions/current", name: "endSession",
                tag: "access", summary: "End the session that is shown.", demand: .nothing,
                responses: [
                    .empty(.noContent, "It has ended."), .problem(401, "There is no session."),
                ],
                handler: close),
        ]
    }

    private func body(_ schema: JSON) -> Route.Body {
        Route.Body(mediaType: "application/json", schema: schema, bytesMax: Self.bodyBytesMax)
    }

    private func challenge(_ request: HTTPRequest) async throws -> HTTPResponse {
        let json = try await AccessKeyResource.read(request)
        guard let key = json["publicKey"]?.text.flatMap(PublicKey.init(hexadecimal:)) else {
            throw AccessKeyResource.malformed("publicKey", "64 hexadecimal digits")
        }
        let challenge = context.access.logins.challenge(
            key, authority: request.head.authority, chain: context.node.chain)
        return AccessKeyResource.secret(
            .created,
            [
                "nonce": .string(challenge.nonce), "text": .string(challenge.text),
                "signedBytes": .string(Hexadecimal.encode(challenge.signedBytes)),
                "expires": JSON(challenge.expires),
            ])
    }

    private func open(_ request: HTTPRequest) async throws -> HTTPResponse {
        let json = try await AccessKeyResource.read(request)
        guard let nonce = json["nonce"]?.text else {
            throw AccessKeyResource.malformed("nonce", "that of a challenge")
        }
        guard let bytes = json["signature"]?.text.flatMap({ Hexadecimal.decode($0) }),
            let signature = Signature(bytes)
        else { throw AccessKeyResource.malformed("signature", "128 hexadecimal digits") }
        let links = json["delegations"]?.elements
        let (token, session) = try await context.access.logins.open(
            nonce, signature, authority: request.head.authority
        ) { challenge async throws(Problem) in
            guard let links else { return nil }
            return try await context.grant(links, to: challenge.key)
        }
        return AccessKeyResource.secret(
            .created,
            [
                "token": .string(token), "account": JSON(session.account),
                "expires": JSON(session.expires),
            ])
    }

    private func close(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let shown = request.fields["authorization"],
            case .session(let digest)? = KeyText.read(shown)
        else { throw GatewayProblem.keyNeeded.problem("show the session that shall end") }
        context.access.logins.close(digest)
        return HTTPResponse(.noContent)
    }
}

/// Shows the log of changes to the owner (GATEWAY-46).
struct AuditResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/access/audit", name: "listAudit", tag: "access",
                summary: "What changed something here, chained by hashes; for the owner.",
                demand: .principal(.manage),
                parameters: [
                    .query(
                        "from", "The number of the first record.",
                        ["type": "integer", "minimum": 0]),
                    .query(
                        "limit", "The most records, 20 when missing.",
                        ["type": "integer", "minimum": 1, "maximum": JSON(AuditLog.pageMax)]),
                ],
                responses: [
                    .json("The records.", Schema.reference("AuditPage")),
                    .problem(400, "A parameter is malformed."),
                    .problem(401, "Nobody is shown."), .problem(403, "Only the owner may."),
                    .problem(429, "Too many requests."), .problem(500, "The log is not open."),
                ], handler: list)
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard Principal.current.isOwner else {
            throw GatewayProblem.notOwner.problem("show the token of the node's folder")
        }
        let from = try request.queryNumber("from") ?? 0
        let limit = try request.queryNumber("limit", in: 1...UInt64(AuditLog.pageMax)) ?? 20
        let records = try await context.access.audit.page(from: from, limit: Int(limit))
        let head = await context.access.audit.head
        return AccessKeyResource.secret(
            .ok,
            [
                "records": .array(records), "count": JSON(head.count), "head": JSON(head.digest),
            ])
    }
}

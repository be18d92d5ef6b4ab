// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Identity
import JSONText

/// Issues, verifies and presents credentials in the shapes of the VC API (GATEWAY-17, GATEWAY-18).
struct CredentialResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            route(
                "/v1/credentials/verify", "verifyCredential",
                "What each check says of a credential, or of a credential as a token.",
                body: "VerifyCredential",
                answer: .json(
                    "The findings; `verified` says whether all hold.",
                    Schema.reference("Verification")),
                refusals: [], verifyCredential),
            route(
                "/v1/presentations/verify", "verifyPresentation",
                "What each check says of a presentation that answers a question.",
                body: "VerifyPresentation",
                answer: .json(
                    "The findings; `verified` says whether all hold.",
                    Schema.reference("Verification")),
                refusals: [], verifyPresentation),
            route(
                "/v1/credentials/issue", "issueCredential",
                "Signs a credential with this node's identity, for callers it knows by their "
                    + "certificates.",
                body: "IssueCredential",
                answer: .json(
                    .created, "The credential with its proof.",
                    Schema.reference("IssuedCredential")),
                refusals: [.problem(403, "This node does not issue for the caller.")],
                issueCredential),
            route(
                "/v1/presentations", "createPresentation",
                "Signs a presentation with this node's identity, for callers it knows by their "
                    + "certificates.",
                body: "CreatePresentation",
                answer: .json(
                    .created, "The presentation with its proof.",
                    Schema.reference("CreatedPresentation")),
                refusals: [.problem(403, "This node does not present for the caller.")],
                createPresentation),
        ]
    }

    private func route(
        _ pattern: RoutePattern, _ name: String, _ summary: String, body: String,
        answer: Route.Response, refusals: [Route.Response],
        _ handler:
            @escaping @Sendable (HTTPRequest, CredentialQuestion) async throws ->
            HTTPResponse
    ) -> Route {
        Route(
            method: .post, pattern: pattern, name: name, tag: "credentials",
            summary: summary,
            body: Route.Body(
                mediaType: "application/json", schema: Schema.reference(body),
                bytesMax: CredentialQuestion.bodyBytesMax),
            responses: [answer] + refusals + [
                .problem(413, "The body is too large."),
                .problem(422, "The body is malformed, too deep, or names something twice."),
            ],
            handler: { request in
                try await handler(request, CredentialQuestion(try await request.body.collect()))
            })
    }

    // MARK: Verifying

    private func verifyCredential(
        _ request: HTTPRequest, _ question: CredentialQuestion
    ) async throws -> HTTPResponse {
        let credential = try question.member("verifiableCredential")
        let verifier = try await verifier(question, for: [credential])
        let asked = try Self.asked(question)
        let report = await context.effects.workers.run { () -> VerificationReport in
            guard let text = credential.text else { return verifier.verify(credential) }
            guard text.utf8.contains(UInt8(ascii: "~")) else { return verifier.verify(token: text) }
            return verifier.verify(selective: text, question: asked).report
        }
        return Self.answer([("credential", report)])
    }

    /// What the caller asked of the holder of a credential with selective disclosure.
    private static func asked(
        _ question: CredentialQuestion
    ) throws(Problem) -> KeyBindingRequest? {
        guard question.options["challenge"] != nil || question.options["domain"] != nil else {
            return nil
        }
        return KeyBindingRequest(
            audience: try question.text("domain"), nonce: try question.text("challenge"))
    }

    private func verifyPresentation(
        _ request: HTTPRequest, _ question: CredentialQuestion
    ) async throws -> HTTPResponse {
        let presentation = try question.member("verifiablePresentation")
        let (challenge, domain) = (try question.text("challenge"), try question.text("domain"))
        let inner = presentation["verifiableCredential"].map { $0.elements ?? [$0] } ?? []
        let credentials = inner.prefix(Presentation.credentialsMax)
        let verifier = try await verifier(question, for: [presentation] + credentials)
        let report = await context.effects.workers.run {
            verifier.verify(presentation: presentation, challenge: challenge, domain: domain)
        }
        let parts = report.credentials.enumerated().map { ("credential \($0 + 1)", $1) }
        return Self.answer([("presentation", report.presentation)] + parts)
    }

    /// A verifier for now, with the documents that this node's state has of who signed.
    private func verifier(
        _ question: CredentialQuestion, for signed: [JSON]
    ) async throws(Problem) -> CredentialVerifier {
        let policy = try question.policy() ?? context.configuration.trust
        let lists = try question.documents("statusLists")
        let accreditations = try question.documents("accreditations")
        let documents = await context.documents(of: signed + lists + accreditations)
        return CredentialVerifier(
            policy: policy, now: context.moment, documents: documents, statusLists: lists,
            accreditations: accreditations)
    }

    private static func answer(
        _ reports: [(name: String, report: VerificationReport)]
    ) -> HTTPResponse {
        let isVerified = reports.allSatisfy(\.report.isAccepted)
        let results = reports.map { part -> JSON in
            ["name": .string(part.name), "checks": part.report.json]
        }
        return .json(
            (["verified": .bool(isVerified), "results": .array(results)] as JSON).bytes)
    }

    // MARK: Signing

    private func issueCredential(
        _ request: HTTPRequest, _ question: CredentialQuestion
    ) async throws -> HTTPResponse {
        let issuer = try await SigningCaller(context: context)
            .issuer(for: request, question, operation: "issueCredential")
        var json = try question.member("credential")
        if json["issuer"] == nil, let members = json.members {
            json = .object(members + [JSON.Member("issuer", .string("\(issuer.did)"))])
        }
        let credential: Credential
        do {
            credential = try Credential(reading: json)
        } catch {
            throw CredentialQuestion.malformed("/credential", "\(Rejection.malformed(error))")
        }
        guard credential.issuer == "\(issuer.did)", json["proof"] == nil else {
            throw CredentialQuestion.malformed("/credential/issuer", "must be \(issuer.did)")
        }
        for type in credential.types.compactMap(CredentialType.named) {
            for subject in credential.subjects {
                guard let wrong = type.violation(in: subject) else { continue }
                throw CredentialQuestion.malformed(
                    "/credential/credentialSubject/\(wrong)", "breaks the rules of \(type.name)")
            }
        }
        let options = ProofOptions(
            method: issuer.method, purpose: .assertionMethod, created: context.moment)
        return try signed(json, options, issuer, as: "verifiableCredential")
    }

    private func createPresentation(
        _ request: HTTPRequest, _ question: CredentialQuestion
    ) async throws -> HTTPResponse {
        let issuer = try await SigningCaller(context: context)
            .issuer(for: request, question, operation: "createPresentation")
        let wanted = try question.member("presentation")
        let credentials = wanted["verifiableCredential"].map { $0.elements ?? [$0] } ?? []
        guard credentials.count <= Presentation.credentialsMax else {
            throw CredentialQuestion.malformed(
                "/presentation/verifiableCredential",
                "must hold at most \(Presentation.credentialsMax)")
        }
        var options = ProofOptions(
            method: issuer.method, purpose: .authentication, created: context.moment)
        options.challenge = try question.text("challenge")
        options.domain = try question.text("domain")
        let json = Presentation.json(holder: issuer.did, credentials: credentials)
        return try signed(json, options, issuer, as: "verifiablePresentation")
    }

    private func signed(
        _ json: JSON, _ options: ProofOptions, _ issuer: GatewayIssuer, as name: String
    ) throws(Problem) -> HTTPResponse {
        do {
            let document = try DocumentSigner.sign(json, as: options, by: issuer.key)
            return .json(JSON(members: [(name, document)]).bytes, status: .created)
        } catch {
            throw CredentialQuestion.malformed("", "cannot be signed: \(error)")
        }
    }
}

extension GatewayContext {
    /// The documents that this node's state has of who signed.
    func documents(of signed: [JSON]) async -> [DIDDocument] {
        var documents: [DIDDocument] = []
        let signers = Set(signed.flatMap(Self.signers))
        for did in signers.sorted(by: { $0.description < $1.description })
        where did.method != KeyMethod.name {
            guard let found = try? await resolve(did) else { continue }
            documents.append(found.0)
        }
        return documents
    }

    /// Who signed, by the names of their keys; at most as many as proofs are looked at.
    private static func signers(of json: JSON) -> [DID] {
        if let text = json.text {
            return (try? IssuedToken(text))?.method.map { [$0.did] } ?? []
        }
        let proofs = json["proof"].map { $0.elements ?? [$0] } ?? []
        return proofs.prefix(SecuredDocument.proofsMax).compactMap { proof in
            proof["verificationMethod"]?.text.flatMap { DIDURL($0)?.did }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// `atoll credential verify`: every check, by name, with its finding.
enum CredentialVerify {
    static let command = CommandSpec(
        path: ["credential", "verify"],
        summary: "check a credential or a presentation, and say what was found, check by check",
        discussion: """
            Asks nobody but the ledger, and that only for a did:atoll whose document is neither
            given nor in a bundle. A presentation needs the --challenge and the --domain that it
            was asked for; with them a credential of selective disclosure (sd-jwt) must be shown by
            its holder. Ends with 1 when anything does not hold.
            """,
        example: "atoll credential verify credential.json --policy trust.json",
        arguments: [
            ArgumentSpec(
                name: "file", help: "a credential, a token, or a presentation; - for standard input"
            )
        ],
        options: CredentialEvidence.options + [
            OptionSpec(name: "challenge", value: "TEXT", help: "what was asked of the holder"),
            OptionSpec(name: "domain", value: "TEXT", help: "who asked"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let path = invocation.arguments[0]
        let bytes =
            path == "-"
            ? Terminal.standardInput(limit: CredentialToken.textBytesMax) ?? []
            : try await shell.read(path, limit: CredentialToken.textBytesMax)
        let evidence = CredentialEvidence(invocation, shell)
        let json: JSON
        do {
            json = try CanonicalJSON.read(bytes)
        } catch {
            if let text = SelectiveFile.text(of: bytes) {
                return try await verify(selective: text, evidence, invocation)
            }
            let text = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
            guard let token = try? CredentialToken(text) else {
                throw CommandFailure(status: .refused, what: "\(path) is not read: \(error)")
            }
            let verifier = try await evidence.verifier(for: token.method.map { [$0.did] } ?? [])
            return write([("credential", verifier.verify(token: text))], invocation.format)
        }
        let verifier = try await evidence.verifier(for: CredentialEvidence.signers(of: json))
        let types = (json["type"]?.elements ?? []).compactMap(\.text)
        guard types.contains(Presentation.type) else {
            return write([("credential", verifier.verify(json))], invocation.format)
        }
        let question = try Question(invocation)
        let report = verifier.verify(
            presentation: json, challenge: question.challenge, domain: question.domain)
        let inner = report.credentials.enumerated().map { ("credential \($0 + 1)", $1) }
        return write([("presentation", report.presentation)] + inner, invocation.format)
    }

    /// A credential with selective disclosure; what the holder was asked counts when it is named.
    private static func verify(
        selective text: String, _ evidence: CredentialEvidence, _ invocation: Invocation
    ) async throws -> Int32 {
        let isAsked = invocation.value("challenge") != nil || invocation.value("domain") != nil
        let question = try isAsked ? Question(invocation) : nil
        let signer = (try? IssuedToken(text))?.method?.did
        let verifier = try await evidence.verifier(for: signer.map { [$0] } ?? [])
        let found = verifier.verify(
            selective: text,
            question: question.map {
                KeyBindingRequest(audience: $0.domain, nonce: $0.challenge)
            })
        return write([("credential", found.report)], invocation.format, claims: found.claims)
    }

    private static func write(
        _ reports: [(name: String, report: VerificationReport)], _ format: OutputFormat,
        claims: JSON? = nil
    ) -> Int32 {
        let holds = reports.allSatisfy(\.report.isAccepted)
        let results = reports.map { name, report -> JSON in
            ["name": JSON(name), "checks": report.json]
        }
        var value: JSON = ["verified": .bool(holds), "results": .array(results)]
        if let claims { value = value.appending("claims", claims) }
        ResultText.write(value, as: format) {
            let lines = reports.flatMap { name, report in
                report.findings.map { finding in
                    let verdict = finding.rejection == nil ? "ok    " : "FAILED"
                    let words = finding.rejection.map { "  \($0)" } ?? ""
                    return "\(verdict)  \(name) \(finding.check.rawValue)\(words)"
                }
            }
            let shown = (claims?.members ?? []).map { member in
                "shown   \(member.name)  \(member.value.text ?? member.value.compact)\n"
            }
            return lines.joined(separator: "\n") + "\n" + shown.joined()
                + (holds ? "it holds\n" : "it does NOT hold\n")
        }
        return holds ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }
}

/// What a verifier asks of a holder.
struct Question {
    let challenge: String
    let domain: String

    init(_ invocation: Invocation) throws {
        guard let challenge = invocation.value("challenge"), let domain = invocation.value("domain")
        else {
            throw CommandFailure(
                status: .misused, what: "a presentation answers a question",
                next: "name it with --challenge and --domain")
        }
        self.challenge = challenge
        self.domain = domain
    }
}

// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// `atoll credential present`: shows credentials to whoever asked.
enum CredentialPresent {
    static let command = CommandSpec(
        path: ["credential", "present"],
        summary: "sign a presentation of credentials that answers a verifier's question",
        discussion: """
            Of a credential with selective disclosure (sd-jwt) those claims are shown that
            --disclose names, and all others kept; it is shown by itself.
            """,
        example:
            "atoll credential present a.json --as robot --challenge 7f3a --domain shop.example",
        arguments: [ArgumentSpec(name: "file", help: "the credentials", repeats: true)],
        options: [
            DocumentSignature.option, ClientSettings.passphraseOption,
            OptionSpec(name: "challenge", value: "TEXT", help: "what the verifier asked"),
            OptionSpec(name: "domain", value: "TEXT", help: "who asked"),
            OptionSpec(
                name: "disclose", value: "CLAIM",
                help: "a claim to show of an sd-jwt: its name, or its path with '/' between",
                repeats: true),
            OptionSpec(name: "save", value: "FILE", help: "where to write it; default the screen"),
        ], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let question = try Question(invocation)
        guard invocation.arguments.count <= Presentation.credentialsMax else {
            throw CommandFailure(
                status: .misused,
                what: "a presentation holds at most \(Presentation.credentialsMax) credentials")
        }
        let book = IdentityBook(settings: ClientSettings(invocation, shell))
        let signer = try await book.signer(invocation)
        if let text = try await SelectiveFile.read(invocation.arguments[0], shell) {
            return try await SelectiveFile.present(text, question, signer, invocation, shell)
        }
        guard invocation.values("disclose").isEmpty else {
            throw CommandFailure(
                status: .misused, what: "\(invocation.arguments[0]) shows all or nothing",
                kept: "nothing was signed",
                next: "only credentials issued with --form sd-jwt are shown claim by claim")
        }
        var credentials: [JSON] = []
        for path in invocation.arguments { credentials.append(try await shell.document(path)) }
        var options = signer.options(.authentication, at: shell.moment)
        options.challenge = question.challenge
        options.domain = question.domain
        let json = Presentation.json(holder: signer.did, credentials: credentials)
        let signed = try StatusFile.attempt("it cannot be signed") {
            try DocumentSigner.sign(json, as: options, by: signer.key)
        }
        return try await shell.deliver(signed.pretty + "\n", invocation, by: signer)
    }
}

/// `atoll credential show`: what a credential says; it is read, not checked.
enum CredentialShow {
    static let command = CommandSpec(
        path: ["credential", "show"],
        summary: "show what a credential says; it is read, not checked",
        example: "atoll credential show credential.json",
        arguments: [ArgumentSpec(name: "file", help: "the credential, or - for standard input")],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        if let text = try await SelectiveFile.read(invocation.arguments[0], shell) {
            try SelectiveFile.show(text, invocation.format)
            return 0
        }
        let json = try await shell.document(invocation.arguments[0])
        let credential: Credential
        do {
            credential = try Credential(reading: json.removing("proof"))
        } catch {
            throw CommandFailure(status: .refused, what: "\(Rejection.malformed(error))")
        }
        ResultText.write(json, as: invocation.format) { text(of: credential, json) }
        return 0
    }

    private static func text(of credential: Credential, _ json: JSON) -> String {
        var facts = TextFacts()
        if let id = credential.id { facts.add("id", id) }
        facts.add("type", credential.types.filter { $0 != Credential.type }.joined(separator: " "))
        facts.add("issuer", credential.issuer)
        if let from = credential.validFrom { facts.add("from", "\(from)") }
        if let until = credential.validUntil { facts.add("until", "\(until)") }
        for member in credential.subjects.flatMap({ $0.members ?? [] }) {
            facts.add(member.name, member.value.text ?? member.value.compact)
        }
        for status in credential.statuses {
            facts.add(status.purpose, "entry \(status.index) of \(status.list)")
        }
        for signer in CredentialEvidence.signers(of: json) {
            facts.add("signed under", "\(signer)")
        }
        return facts.text
    }
}

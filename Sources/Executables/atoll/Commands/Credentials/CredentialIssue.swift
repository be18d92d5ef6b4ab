// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText

/// `atoll credential issue`: signs what somebody says of somebody.
enum CredentialIssue {
    static let command = CommandSpec(
        path: ["credential", "issue"],
        summary: "sign a credential: what you say of somebody, for anybody to check",
        discussion: """
            FILE holds the subject, or --claims has it as JSON; --subject says who it is, by a DID
            or a name of this home. With --whole FILE is a whole credential, not signed yet. The
            rules of the type are checked before anything is signed. With --status-list an entry
            of that list is drawn at random and named, so that the credential can be revoked. With
            --form sd-jwt the holder shows each claim or keeps it; --hide names those it may keep,
            by default all, and the subject's key is the holder's.
            """,
        example: "atoll credential issue subject.json --type OwnerAuthorization --as owner",
        arguments: [
            ArgumentSpec(
                name: "file", help: "the subject, or - for standard input", isRequired: false)
        ],
        options: [
            DocumentSignature.option, ClientSettings.passphraseOption,
            OptionSpec(
                name: "type", value: "TYPE", help: "what kind of credential it is",
                choices: CredentialType.all.map(\.name)),
            OptionSpec(name: "claims", value: "JSON", help: "what is said of the subject"),
            OptionSpec(name: "subject", value: "NAME", help: "who it is: a DID or a name here"),
            OptionSpec(name: "whole", help: "FILE is a whole credential without a proof"),
            OptionSpec(
                name: "valid", value: "TIME", help: "for how long it counts; default a year"),
            OptionSpec(name: "id", value: "URL", help: "a name of its own"),
            OptionSpec(
                name: "status-list", value: "FILE",
                help: "a list of yours in which the credential gets an entry", repeats: true),
            OptionSpec(
                name: "form", value: "FORM",
                help: "proof (default), token (vc+jwt), or sd-jwt (claims shown one by one)",
                choices: ["proof", "token", "sd-jwt"]),
            OptionSpec(
                name: "hide", value: "CLAIM", help: "with sd-jwt: what the holder may keep",
                repeats: true),
            OptionSpec(name: "save", value: "FILE", help: "where to write it; default the screen"),
        ] + IdentityResolver.options, run: run)

    /// A year, in milliseconds.
    private static let validUsual: UInt64 = 365 * 86_400_000

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let book = IdentityBook(settings: ClientSettings(invocation, shell))
        let given = try await subject(invocation, shell, book)
        let signer = try await book.signer(invocation)
        var json = invocation.has("whole") ? given : try whole(given, invocation, signer, shell)
        try check(json)
        for path in invocation.values("status-list") {
            json = try await StatusFile(path: path, shell: shell).entry(for: json)
        }
        let signed =
            invocation.value("form") == "sd-jwt"
            ? try await SelectiveIssue(invocation, shell, signer).sign(json)
            : try sign(json, invocation, signer, shell)
        return try await shell.deliver(signed, invocation, by: signer)
    }

    /// What was given, with who it is about in front.
    private static func subject(
        _ invocation: Invocation, _ shell: Shell, _ book: IdentityBook
    ) async throws -> JSON {
        var given: JSON = [:]
        if let text = invocation.value("claims") {
            given = try StatusFile.attempt("--claims is not read") {
                try CanonicalJSON.read(Array(text.utf8))
            }
        } else if let path = invocation.arguments.first {
            given = try await shell.document(path)
        }
        guard let name = invocation.value("subject") else { return given }
        let id = JSON.Member("id", JSON("\(try await book.did(named: name))"))
        return .object([id] + (given.removing("id").members ?? []))
    }

    private static func whole(
        _ subject: JSON, _ invocation: Invocation, _ signer: DocumentSignature, _ shell: Shell
    ) throws -> JSON {
        guard let type = invocation.value("type") else {
            throw CommandFailure(
                status: .misused, what: "the type of the credential is not named",
                next: "name one with --type, or give a whole credential with --whole")
        }
        let valid = try invocation.quantity(
            "valid", default: validUsual, in: 1_000...36_600 * 86_400_000, such: "24h",
            read: QuantityText.milliseconds)
        let now = shell.moment
        let until = Moment(seconds: now.seconds + Int64(valid / 1_000))
        var members: [JSON.Member] = [JSON.Member("@context", [JSON(Credential.context)])]
        if let id = invocation.value("id") { members.append(JSON.Member("id", JSON(id))) }
        members += [
            JSON.Member("type", [JSON(Credential.type), JSON(type)]),
            JSON.Member("issuer", JSON("\(signer.did)")),
            JSON.Member("validFrom", JSON("\(now)")), JSON.Member("validUntil", JSON("\(until)")),
            JSON.Member("credentialSubject", subject),
        ]
        return .object(members)
    }

    /// What everybody would refuse is not signed.
    private static func check(_ json: JSON) throws {
        let credential: Credential
        do {
            credential = try Credential(reading: json)
        } catch {
            throw CommandFailure(
                status: .misused, what: "\(Rejection.malformed(error))", kept: "nothing was signed")
        }
        for type in credential.types.compactMap(CredentialType.named) {
            for subject in credential.subjects {
                guard let wrong = type.violation(in: subject) else { continue }
                throw CommandFailure(
                    status: .misused,
                    what: "the subject breaks the rules of \(type.name): \(wrong)",
                    kept: "nothing was signed")
            }
        }
    }

    private static func sign(
        _ json: JSON, _ invocation: Invocation, _ signer: DocumentSignature, _ shell: Shell
    ) throws -> String {
        do {
            if invocation.value("form") == "token" {
                let token = try CredentialToken.sign(json, method: signer.method, by: signer.key)
                return token + "\n"
            }
            let delegation = JSON(CredentialType.capabilityDelegation.name)
            let delegates = json["type"]?.elements?.contains(delegation) ?? false
            let purpose: Relationship = delegates ? .capabilityDelegation : .assertionMethod
            let options = signer.options(purpose, at: shell.moment)
            return try DocumentSigner.sign(json, as: options, by: signer.key).pretty + "\n"
        } catch {
            throw CommandFailure(status: .misused, what: "it cannot be signed: \(error)")
        }
    }
}

extension Shell {
    /// Writes what was signed into the file that was named, or to standard output.
    func deliver(
        _ text: String, _ invocation: Invocation, by signer: DocumentSignature
    ) async throws -> Int32 {
        guard let path = invocation.value("save") else {
            Terminal.result(text)
            return 0
        }
        try await write(path, Array(text.utf8))
        Terminal.say("wrote \(path), signed by \(signer.did)")
        return 0
    }
}

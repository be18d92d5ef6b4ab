// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText

/// `atoll credential status`: begins a list, or says what one says of a credential.
enum CredentialStatus {
    static let command = CommandSpec(
        path: ["credential", "status"],
        summary: "begin a status list, or say what one says of a credential",
        discussion: """
            With --new a list of 131,072 entries is begun and signed; publish the file at the
            address you give it, and never the one that ends in .taken. Ends with 1 when the
            credential's entry is set.
            """,
        example:
            "atoll credential status list.json --new https://owner.example/status/1 --as owner",
        arguments: [
            ArgumentSpec(name: "list", help: "the file of the list"),
            ArgumentSpec(
                name: "credential", help: "the credential to look up", isRequired: false),
        ],
        options: [
            OptionSpec(name: "new", value: "URL", help: "begin a list with this address"),
            OptionSpec(
                name: "purpose", value: "WORD", help: "revocation (default) or suspension",
                choices: ["revocation", "suspension"]),
            DocumentSignature.option, ClientSettings.passphraseOption,
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = StatusFile(path: invocation.arguments[0], shell: shell)
        if let address = invocation.value("new") {
            let book = IdentityBook(settings: ClientSettings(invocation, shell))
            let signer = try await book.signer(invocation)
            try await file.begin(
                address: address, purpose: invocation.value("purpose") ?? "revocation",
                signer: signer)
            Terminal.say("wrote \(file.path), signed by \(signer.did)")
            return 0
        }
        let list = try await file.read()
        guard let path = invocation.arguments.dropFirst().first else {
            write(list, invocation.format)
            return 0
        }
        let entry = try await StatusFile.entry(of: path, in: list, shell)
        let isSet = try StatusFile.attempt("the list says nothing") { try list.isSet(entry) }
        let value: JSON = [
            "purpose": JSON(entry.purpose), "index": JSON(entry.index), "set": .bool(isSet),
        ]
        ResultText.write(value, as: invocation.format) {
            "\(entry.purpose), entry \(entry.index): \(isSet ? "set" : "not set")\n"
        }
        return isSet ? ExitStatus.refused.rawValue : ExitStatus.done.rawValue
    }

    private static func write(_ list: StatusListCredential, _ format: OutputFormat) {
        let value: JSON = [
            "id": JSON(list.id), "issuer": JSON(list.issuer), "purpose": JSON(list.purposes[0]),
            "set": JSON(list.list.setCount), "entries": JSON(list.list.count),
        ]
        ResultText.write(value, as: format) {
            "\(list.list.setCount) of \(list.list.count) entries are set in \(list.id)\n"
        }
    }
}

/// `atoll credential revoke`: takes a credential back in a list of one's own.
enum CredentialRevoke {
    static let command = CommandSpec(
        path: ["credential", "revoke"],
        summary: "set a credential's entry in a status list of yours, and sign the list anew",
        example: "atoll credential revoke credential.json list.json --as owner",
        arguments: [
            ArgumentSpec(name: "credential", help: "the credential"),
            ArgumentSpec(name: "list", help: "the file of the list"),
        ],
        options: [
            OptionSpec(name: "undo", help: "clear the entry: a suspension has ended"),
            DocumentSignature.option, ClientSettings.passphraseOption,
        ], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = StatusFile(path: invocation.arguments[1], shell: shell)
        let list = try await file.read()
        let entry = try await StatusFile.entry(of: invocation.arguments[0], in: list, shell)
        if invocation.has("undo"), entry.purpose == "revocation" {
            throw CommandFailure(
                status: .refused, what: "a revocation is for good", kept: "nothing was changed",
                next: "issue another credential")
        }
        let book = IdentityBook(settings: ClientSettings(invocation, shell))
        let signer = try await book.signer(invocation)
        guard "\(signer.did)" == list.issuer else {
            throw CommandFailure(
                status: .refused, what: "the list is by \(list.issuer)",
                kept: "nothing was changed", next: "name who signs it with --as")
        }
        let changed = try StatusFile.attempt("the list has no such entry") {
            var bits = list.list
            try bits.set(entry.index, to: !invocation.has("undo"))
            return bits
        }
        try await file.keep(changed, list.id, list.purposes[0], signer)
        Terminal.say("\(file.path) is signed anew; publish it at \(list.id)")
        return 0
    }
}

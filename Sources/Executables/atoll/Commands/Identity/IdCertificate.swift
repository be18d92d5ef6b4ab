// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Identity

/// `atoll id certificate`: a certificate for TLS that an identity issues for itself, for other
/// programs.
enum IdCertificate {
    static let command = CommandSpec(
        path: ["id", "certificate"],
        summary: "write a certificate for TLS that an identity, or a node, issues for itself",
        discussion: """
            The certificate has the DID as a name and the identity's key; with it curl, Python or a
            browser comes to a gateway as that identity. --secret gets the key, not sealed: keep it
            as you keep a key. The node's own certificate is made with --node-key in place of NAME.
            """,
        example: "atoll id certificate robot --save robot.pem --secret robot-secret.pem",
        arguments: [
            ArgumentSpec(
                name: "name", help: "an identity or a key of this home", isRequired: false)
        ],
        options: [
            OptionSpec(name: "save", value: "FILE", help: "where the certificate goes"),
            OptionSpec(name: "secret", value: "FILE", help: "where its key goes, not sealed"),
            OptionSpec(
                name: "valid", value: "TIME", help: "for how long it counts; default 24h"),
            OptionSpec(
                name: "host", value: "NAME", help: "a host it serves under", repeats: true),
            ClientSettings.passphraseOption, ValidatorSending.nodeKeyOption,
            ValidatorSending.nodePassphraseOption,
        ], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        guard let path = invocation.value("save"), let secret = invocation.value("secret") else {
            throw CommandFailure(
                status: .misused, what: "the files are not named",
                next: "name them with --save FILE and --secret FILE")
        }
        let hosts = invocation.values("host")
        guard hosts.count <= SelfIssuedCertificate.namesMax,
            hosts.allSatisfy({ $0.utf8.count <= SelfIssuedCertificate.nameBytesMax })
        else {
            throw CommandFailure(
                status: .misused,
                what: "a certificate has at most \(SelfIssuedCertificate.namesMax) hosts")
        }
        let valid = try invocation.quantity(
            "valid", default: 86_400_000, in: 60_000...366 * 86_400_000, such: "24h",
            read: QuantityText.milliseconds)
        var certificate = try await certificate(invocation, shell)
        certificate.hosts = hosts
        let credentials = certificate.credentials(seconds: Int64(valid / 1_000), shell.effects)
        let texts = try StatusFile.attempt("the certificate cannot be written") {
            try credentials.texts()
        }
        try await shell.write(secret, texts.key)
        try await shell.write(path, texts.chain)
        let names = certificate.dids.map(\.description).joined(separator: ", ")
        Terminal.say("wrote \(path) and its key \(secret), for \(names)")
        return 0
    }

    private static func certificate(
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> IdentityCertificate {
        if invocation.value(ValidatorSending.nodeKeyOption.name) != nil {
            return IdentityCertificate(
                node: try await ValidatorSending.nodeKey("the node's key", invocation, shell))
        }
        guard let name = invocation.arguments.first else {
            throw CommandFailure(
                status: .misused, what: "nobody is named",
                next: "name an identity of this home, or a node with --node-key FILE")
        }
        let signer = try await IdentityBook(settings: ClientSettings(invocation, shell)).signer(
            name)
        return IdentityCertificate(signer: signer)
    }
}

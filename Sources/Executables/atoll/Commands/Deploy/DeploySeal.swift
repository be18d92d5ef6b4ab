// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Deployments
import Glibc
import JSONText
import Vocabulary

/// `atoll deploy seal`: the secrets of a deployment as a parcel for one provider.
enum DeploySeal {
    static let command = CommandSpec(
        path: ["deploy", "seal"],
        summary: "seal a deployment's secrets to a provider's key, as a file",
        discussion: """
            Values come from the files and variables that the file names; external secrets and
            passwords of registries come from files named here. Nothing of them is shown. Only the
            provider can open the parcel, and only for this manifest.
            """,
        example: "atoll deploy seal compose.yaml --provider KEY --save secrets.sealed",
        arguments: [DeployFile.argument],
        options: DeployFile.options + [
            OptionSpec(
                name: "provider", value: "KEY",
                help: "the provider's public key, 64 hexadecimal digits"),
            OptionSpec(
                name: "secret", value: "NAME=FILE", help: "the value of an external secret",
                repeats: true),
            OptionSpec(
                name: "registry", value: "HOST=USER:FILE",
                help: "a private registry, who one is there, and a file with the password",
                repeats: true),
            OptionSpec(name: "save", value: "FILE", help: "where the parcel goes"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        guard
            let key = invocation.value("provider").flatMap(PublicKey.init(hexadecimal:))?
                .agreementKey
        else {
            throw CommandFailure(
                status: .misused, what: "--provider takes a public key, 64 hexadecimal digits")
        }
        guard let target = invocation.value("save") else {
            throw CommandFailure(status: .misused, what: "--save says where the parcel goes")
        }
        let file = try await DeployFile(invocation.arguments[0], invocation, shell)
        let deployment = try file.deployment()
        let secrets = try await secrets(of: file, invocation, shell)
        guard let ephemeral = AgreementKey(seed: shell.effects.chance.bytes(Bytes32.count)),
            let parcel = try? secrets.seal(
                to: key, for: deployment.digest, ephemeral: ephemeral)
        else {
            throw CommandFailure(status: .misused, what: "nothing can be sealed to this key")
        }
        try await shell.write(target, parcel)
        let value: JSON = [
            "manifest": JSON("\(deployment.digest)"), "file": JSON(target),
            "bytes": JSON(parcel.count), "secrets": .array(deployment.secrets.map { JSON($0) }),
            "registries": .array(secrets.credentials.map { JSON($0.registry) }),
        ]
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("manifest", "\(deployment.digest)")
            facts.add("secrets", deployment.secrets.joined(separator: ", "))
            facts.add("sealed", "\(target), \(parcel.count) bytes")
            return facts.text
        }
        return 0
    }

    private static func secrets(
        of file: DeployFile, _ invocation: Invocation, _ shell: Shell
    ) async throws -> DeploymentSecrets {
        let given = try pairs("secret", invocation)
        var values: [NamedSecret] = []
        for source in file.reading.secrets {
            let bytes: [UInt8]
            switch source.origin {
            case .file(let path):
                bytes = try await shell.read(
                    file.path(of: path), limit: SecretValue.bytesMax)
            case .variable(let name):
                guard let text = getenv(name) else {
                    throw missing(source.name, "the variable \(name) is not set")
                }
                bytes = Array(String(cString: text).utf8)
            case .given:
                guard let path = given.first(where: { $0.name == source.name })?.value else {
                    throw missing(source.name, "it is external: give --secret \(source.name)=FILE")
                }
                bytes = try await shell.read(path, limit: SecretValue.bytesMax)
            }
            guard let value = SecretValue(bytes) else {
                throw missing(source.name, "it is larger than \(SecretValue.bytesMax) bytes")
            }
            values.append(NamedSecret(source.name, value))
        }
        guard
            let secrets = DeploymentSecrets(
                values, credentials: try await credentials(invocation, shell))
        else { throw CommandFailure(status: .misused, what: "a registry is named twice") }
        return secrets
    }

    private static func credentials(
        _ invocation: Invocation, _ shell: Shell
    ) async throws -> [RegistryCredential] {
        var credentials: [RegistryCredential] = []
        for (registry, rest) in try pairs("registry", invocation) {
            guard let mark = rest.firstIndex(of: ":") else {
                throw CommandFailure(
                    status: .misused, what: "--registry is written as HOST=USER:FILE")
            }
            var bytes = try await shell.read(
                String(rest[rest.index(after: mark)...]), limit: SecretValue.bytesMax)
            // Editors end a file with a line feed, which is no part of a password.
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            guard let password = SecretValue(bytes) else { continue }
            credentials.append(
                RegistryCredential(
                    registry: registry, user: String(rest[..<mark]), password: password))
        }
        return credentials
    }

    private static func pairs(
        _ option: String, _ invocation: Invocation
    ) throws -> [(name: String, value: String)] {
        try invocation.values(option).map { text in
            guard let mark = text.firstIndex(of: "=") else {
                throw CommandFailure(
                    status: .misused, what: "--\(option) is '\(text)'; it is written as NAME=FILE")
            }
            return (String(text[..<mark]), String(text[text.index(after: mark)...]))
        }
    }

    private static func missing(_ name: String, _ reason: String) -> CommandFailure {
        CommandFailure(status: .refused, what: "the secret \(name): \(reason)")
    }
}

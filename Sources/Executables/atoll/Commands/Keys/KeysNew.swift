// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText
import Vocabulary

/// `atoll keys new`: draws a key and keeps it sealed.
enum KeysNew {
    static let command = CommandSpec(
        path: ["keys", "new"],
        summary: "draw a new key and keep it sealed with a passphrase",
        discussion: """
            The key lies in HOME/keys/NAME.key, readable for you alone, sealed with Argon2id and
            XChaCha20-Poly1305. Without the passphrase nobody can open it or recover it.
            """,
        example: "atoll keys new alice",
        arguments: [
            ArgumentSpec(
                name: "name", help: "what you call it; default 'default'", isRequired: false)
        ],
        options: [ClientSettings.passphraseOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let name = invocation.arguments.first ?? KeyFolder.usual
        guard let key = SigningKey(seed: shell.effects.chance.bytes(SigningKey.seedCount)) else {
            throw CommandFailure(status: .refused, what: "the system gave no random bytes")
        }
        let path = try await settings.keys.keep(key, as: name, invocation)
        KeyRow(name: name, publicKey: key.publicKey, path: path).write(invocation.format)
        return 0
    }
}

/// A key as commands show it: everything but the secret.
struct KeyRow {
    let name: String
    let publicKey: PublicKey
    let path: String

    var account: AccountID { AccountID(of: publicKey) }

    var json: JSON {
        [
            "name": JSON(name), "account": JSON("\(account)"), "publicKey": JSON("\(publicKey)"),
            "path": JSON(path),
        ]
    }

    func write(_ format: OutputFormat) {
        ResultText.write(json, as: format) {
            var facts = TextFacts()
            facts.add("name", name)
            facts.add("account", "\(account)")
            facts.add("public key", "\(publicKey)")
            facts.add("file", path)
            return facts.text
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Cryptography
import JSONText

/// `atoll keys list`: the keys of this home.
enum KeysList {
    static let command = CommandSpec(
        path: ["keys", "list"],
        summary: "list your keys and their accounts; opens none",
        example: "atoll keys list", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        var rows: [KeyRow] = []
        for name in await settings.keys.names() {
            let path = try settings.keys.place(of: name)
            guard let file = try? await settings.keys.read(path) else {
                Terminal.say("warning: \(path) is no key file")
                continue
            }
            rows.append(KeyRow(name: name, publicKey: file.publicKey, path: path))
        }
        let local = settings.cloud.clientKeyPath
        if let file = try? await settings.keys.read(local) {
            rows.append(KeyRow(name: "(local cloud)", publicKey: file.publicKey, path: local))
        }
        let value: JSON = ["keys": .array(rows.map(\.json))]
        ResultText.write(value, as: invocation.format) {
            var table = TextTable(["name", "account", "file"])
            for row in rows { table.add([row.name, "\(row.account)", row.path]) }
            return table.text
        }
        if rows.isEmpty { Terminal.say("there are no keys yet: atoll keys new") }
        return 0
    }
}

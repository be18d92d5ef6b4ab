// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// `atoll keys export`: the sealed file, as it is.
enum KeysExport {
    static let command = CommandSpec(
        path: ["keys", "export"],
        summary: "write a sealed key file, to keep or to take elsewhere",
        discussion: """
            What is written stays sealed: it opens with the same passphrase and nothing else. The
            secret itself is never shown.
            """,
        example: "atoll keys export alice alice.key",
        arguments: [
            ArgumentSpec(name: "name", help: "the key"),
            ArgumentSpec(
                name: "file", help: "where to write it; default standard output",
                isRequired: false),
        ], run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let keys = ClientSettings(invocation, shell).keys
        let file = try await keys.read(try await keys.existing(invocation.arguments[0]))
        guard let target = invocation.arguments.dropFirst().first, target != "-" else {
            Terminal.result(file.bytes)
            return 0
        }
        guard await !shell.exists(target) else {
            throw CommandFailure(
                status: .refused, what: "'\(target)' is there already", kept: "it is unchanged",
                next: "choose another file")
        }
        try await shell.write(target, file.bytes)
        Terminal.say("wrote \(target), sealed")
        return 0
    }
}

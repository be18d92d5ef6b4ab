// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Vocabulary

/// `atoll id specify`: which specification a machine has.
enum IdSpecify {
    static let command = CommandSpec(
        path: ["id", "specify"],
        summary: "state on the ledger which specification a machine has, by its file's hash",
        discussion: """
            Whoever has the file can check with 'atoll id resolve' that it is the one the machine
            stated: the SHA-256 of its bytes. Without FILE nothing is stated any more.
            """,
        example: "atoll id specify robot specification.json",
        arguments: [
            ArgumentSpec(name: "name", help: "the identity"),
            ArgumentSpec(name: "file", help: "the specification", isRequired: false),
        ], options: IdentitySending.options, hasOutputFormat: true, run: run)

    /// The largest specification: drawings and manuals belong elsewhere, by their own hashes.
    private static let fileBytesMax = 1 << 24

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        var digest: Digest?
        if let path = invocation.arguments.dropFirst().first {
            digest = SHA256.hash(try await shell.read(path, limit: fileBytesMax))
        }
        let sending = try await IdentitySending(invocation, shell)
        let entry = try await sending.book.existing(invocation.arguments[0])
        let key = try await sending.book.open(entry.key)
        let sent = try await sending.send(.setSpecification(digest), of: entry, by: key)
        let done = digest.map { "its specification is \($0)" } ?? "no specification is stated"
        IdentitySending.write(done, entry, sent, invocation.format)
        return 0
    }
}

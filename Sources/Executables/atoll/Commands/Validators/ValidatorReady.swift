// SPDX-License-Identifier: Apache-2.0
import Governance
import NodeAssembly

/// `atoll validator ready`: says that a validator's node can follow another version of the rules.
enum ValidatorReady {
    static let command = CommandSpec(
        path: ["validator", "ready"],
        summary: "say that your node can follow another version of the rules",
        discussion: """
            An upgrade that passed begins at its epoch when two thirds of the weight are ready by
            then, and is dropped otherwise. Install the program on every node first, then say so.
            """,
        example: "atoll validator ready 2",
        arguments: [
            ArgumentSpec(
                name: "version", help: "default the newest that this program knows",
                isRequired: false)
        ],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let known = House.rulesNewest
        let version =
            try invocation.arguments.first.map { try LawSending.number($0, "version") }
            ?? UInt64(known)
        guard version <= UInt64(known) else {
            throw CommandFailure(
                status: .refused, what: "this program knows versions of the rules up to \(known)",
                kept: "nothing was sent", next: "install the program that knows it first")
        }
        return try await LawSending(invocation, shell).send(
            GovernanceMessage.signalReady(UInt32(version)).message,
            done: "ready for version \(version) of the rules")
    }
}

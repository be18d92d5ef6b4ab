// SPDX-License-Identifier: Apache-2.0
import Validators

/// `atoll validator rotate-key`: votes with another key from the next epoch on.
enum ValidatorRotateKey {
    static let command = CommandSpec(
        path: ["validator", "rotate-key"],
        summary: "give your validator another consensus key from the next epoch on",
        discussion: """
            The old key votes until the epoch ends, the new one from then on: keep the node of the
            old key running until then, and have one with the new key follow the chain before.
            """,
        example: "atoll validator rotate-key --node-key new-node/node.key",
        options: ValidatorSending.options + [
            ValidatorSending.nodeKeyOption, ValidatorSending.nodePassphraseOption,
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await ValidatorSending(invocation, shell)
        let claim = try await sending.claim(invocation, shell)
        return try await sending.send(
            .rotateKey(claim), done: "key \(claim.key) votes from the next epoch on")
    }
}

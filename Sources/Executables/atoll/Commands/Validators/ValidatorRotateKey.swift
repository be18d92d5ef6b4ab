// SPDX-License-Identifier: Apache-2.0
import JSONText
import Validators

/// `atoll validator rotate-key`: votes with another key from the next epoch on.
enum ValidatorRotateKey {
    static let command = CommandSpec(
        path: ["validator", "rotate-key"],
        summary: "give your validator another consensus key from the next epoch on",
        discussion: """
            The old key votes until the epoch ends, the new one from then on. A node that knows both
            goes over by itself: start it with --next-key FILE, or put "nextKey" in its node.json.
            Later the new file takes the place of node.key.
            """,
        example: "atoll validator rotate-key --node-key new-node/node.key",
        options: ValidatorSending.options + [
            ValidatorSending.nodeKeyOption, ValidatorSending.nodePassphraseOption,
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await ValidatorSending(invocation, shell)
        let claim = try await sending.claim(invocation, shell)
        let file = invocation.value(ValidatorSending.nodeKeyOption.name).map(Surroundings.absolute)
        return try await sending.send(
            .rotateKey(claim), done: "key \(claim.key) votes from the next epoch on",
            next: file.map { next(file: $0) })
    }

    /// What the node of the old key is told, in words of its settings.
    static func next(file: String) -> String {
        "in the node's node.json: \"nextKey\": \(JSON(file).compact), then restart it before the "
            + "epoch ends"
    }
}

// SPDX-License-Identifier: Apache-2.0
import Validators
import Vocabulary

/// `atoll validator add-stake`: adds to what your validator has at stake.
enum ValidatorAddStake {
    static let command = CommandSpec(
        path: ["validator", "add-stake"],
        summary: "add to your validator's stake; it counts from the next epoch on",
        example: "atoll validator add-stake 250",
        arguments: [ArgumentSpec(name: "amount", help: "what you add, in whole units")],
        options: ValidatorSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let amount = try ValidatorSending.amount(invocation.arguments[0], "amount")
        return try await ValidatorSending(invocation, shell)
            .send(.addStake(amount), done: "added \(amount); it counts from the next epoch on")
    }
}

// SPDX-License-Identifier: Apache-2.0
import Validators

/// `atoll validator leave`: stops serving; the stake comes back after the unbonding time.
enum ValidatorLeave {
    static let command = CommandSpec(
        path: ["validator", "leave"],
        summary: "stop serving; the stake comes back by itself after the unbonding time",
        discussion: """
            A validator with a seat serves until a cut lets it go: keep the node running until
            'atoll validator show' says 'unbonding'. The stake stays within reach of evidence until
            it is back.
            """,
        example: "atoll validator leave",
        options: ValidatorSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        try await ValidatorSending(invocation, shell)
            .send(.leave, done: "asked to leave; keep the node running while it has a seat")
    }
}

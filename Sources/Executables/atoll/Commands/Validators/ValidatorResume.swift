// SPDX-License-Identifier: Apache-2.0
import Validators

/// `atoll validator resume`: stands for election again after jail.
enum ValidatorResume {
    static let command = CommandSpec(
        path: ["validator", "resume"],
        summary: "stand for election again when your validator's time in jail is over",
        example: "atoll validator resume",
        options: ValidatorSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        try await ValidatorSending(invocation, shell)
            .send(.resume, done: "stands for election at the next cut")
    }
}

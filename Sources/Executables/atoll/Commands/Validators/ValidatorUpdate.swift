// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Validators
import Vocabulary

/// `atoll validator update`: changes the name and who receives the fees.
enum ValidatorUpdate {
    static let command = CommandSpec(
        path: ["validator", "update"],
        summary: "change your validator's name, or who receives its fees",
        example: "atoll validator update --name lagoon",
        options: ValidatorSending.options + [
            OptionSpec(name: "name", value: "NAME", help: "what people call it; default as it is"),
            OptionSpec(
                name: "fees", value: "ACCOUNT", help: "who receives its fees; default as it is"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let fees = try fees(invocation)
        guard invocation.value("name") != nil || fees != nil else {
            throw CommandFailure(
                status: .misused, what: "nothing is to be changed", kept: "nothing was sent",
                next: "name what changes with --name or --fees")
        }
        let sending = try await ValidatorSending(invocation, shell)
        let now = try await sending.standing()
        let message = UpdateMember(
            name: invocation.value("name") ?? now.name, fees: fees ?? now.fees)
        return try await sending.send(.update(message), done: "changed the record")
    }

    /// The account of the fees, when one is named.
    static func fees(_ invocation: Invocation) throws -> AccountID? {
        guard let text = invocation.value("fees") else { return nil }
        guard let account = AccountID(hexadecimal: text) else {
            throw CommandFailure(
                status: .misused,
                what: "--fees '\(text)' is no account: one has 64 hexadecimal digits",
                kept: "nothing was sent")
        }
        return account
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Revenue
import Vocabulary

/// `atoll orchestrator`: who arranges one's work.
enum OrchestratorCommand {
    static let command = CommandSpec(
        path: ["orchestrator"],
        summary: "name who arranges your work and gets a share of what you pay, or nobody",
        discussion: """
            Where a network divides payments, a part is the orchestrator's: an account with a bond
            in that role. While you name nobody the treasury gets it. `atoll law` shows the shares.
            """,
        example: "atoll orchestrator <account>",
        arguments: [
            ArgumentSpec(name: "account", help: "default nobody any more", isRequired: false)
        ],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        var account: AccountID?
        if let name = invocation.arguments.first {
            account = try await ClientSettings(invocation, shell).account(named: name)
        }
        return try await LawSending(invocation, shell).send(
            RevenueMessage.nameOrchestrator(account).message,
            done: account.map { "\($0) arranges your work" } ?? "nobody arranges your work")
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// `atoll validator show`: one member of the validators.
enum ValidatorShow {
    static let command = CommandSpec(
        path: ["validator", "show"],
        summary: "show one validator: state, weight, stake, key",
        example: "atoll validator show <account>",
        arguments: [
            ArgumentSpec(
                name: "account", help: "which; default your key's", isRequired: false)
        ],
        options: [ClientSettings.keyOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account: AccountID =
            invocation.arguments.isEmpty
            ? try await settings.account() : try invocation.identifier(0, "account")
        let client = try await settings.client()
        let member = try await calling { () async throws(ClientFailure) in
            try await client.validator(account)
        }
        ResultText.write(member.json, as: invocation.format) {
            ValidatorRow(member: member).facts.text
        }
        return 0
    }
}

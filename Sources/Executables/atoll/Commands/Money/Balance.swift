// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// `atoll balance`: what an account has.
enum BalanceCommand {
    static let command = CommandSpec(
        path: ["balance"],
        summary: "show what an account has",
        example: "atoll balance",
        arguments: [
            ArgumentSpec(
                name: "account", help: "whose; default your key's", isRequired: false)
        ],
        options: [ClientSettings.keyOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account: AccountID =
            invocation.arguments.isEmpty
            ? try await settings.account() : try invocation.identifier(0, "account")
        let client = try await settings.client()
        let view = try await calling { () async throws(ClientFailure) in
            try await client.account(account)
        }
        ResultText.write(view.json, as: invocation.format) {
            var table = TextTable(["asset", "amount"], rightAligned: [0])
            for balance in view.balances { table.add(["\(balance.asset)", "\(balance.amount)"]) }
            if view.balances.isEmpty { table.add(["0", "0"]) }
            return table.text
        }
        return 0
    }
}

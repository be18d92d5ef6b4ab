// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// `atoll account events`: what has happened to an account.
enum AccountEvents {
    static let command = CommandSpec(
        path: ["account", "events"],
        summary: "list what has happened to an account, the oldest first",
        discussion: """
            Shows what the gateway says, as far back as its node keeps events: the newest 100,000
            blocks. 'in' and 'out' are amounts that came and went.
            """,
        example: "atoll account events --limit 5",
        arguments: [
            ArgumentSpec(
                name: "account", help: "whose; default your key's", isRequired: false)
        ],
        options: [
            ClientSettings.keyOption,
            OptionSpec(name: "limit", value: "N", help: "how many, 1 to 100; default 20"),
            OptionSpec(
                name: "cursor", value: "TEXT", help: "where the next page starts, as shown"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let account: AccountID =
            invocation.arguments.isEmpty
            ? try await settings.account() : try invocation.identifier(0, "account")
        let limit = Int(try invocation.number("limit", default: 20, in: 1...100))
        let client = try await settings.client()
        let page = try await calling { () async throws(ClientFailure) in
            try await client.events(
                of: account, limit: limit, cursor: invocation.value("cursor"))
        }
        ResultText.write(page.json, as: invocation.format) {
            table(of: page.items, for: account).text
        }
        if let next = page.next, invocation.format == .table {
            Terminal.say("more: atoll account events \(account) --cursor \(next)")
        }
        return 0
    }

    static func table(of events: [PastEventView], for account: AccountID) -> TextTable {
        var table = TextTable(
            ["block", "event", "in", "out", "other side", "transaction"], rightAligned: [0, 2, 3])
        for event in events {
            let movement = event.movement
            let comes = movement.map { $0.to == account } ?? false
            let goes = movement.map { $0.from == account } ?? false
            table.add([
                "\(event.height)", "\(event.module).\(event.name)",
                comes ? movement.map { "\($0.amount)" } ?? "-" : "-",
                goes ? movement.map { "\($0.amount)" } ?? "-" : "-",
                movement.map { QuantityText.short(comes ? $0.from : $0.to) } ?? "-",
                event.transaction.map { QuantityText.short($0) } ?? "-",
            ])
        }
        return table
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import JSONText
import Ledger
import Treasury
import Vocabulary

/// `atoll bounty`: promises to pay for findings.
enum BountyCommands {
    static let all = [
        showing.list(["bounty", "list"], summary: "list what findings are paid"),
        showing.show(["bounty", "show"], summary: "show a bounty: what each severity is paid"),
        new, award, close,
    ]

    private static let showing = CommonMoneyShowing(
        kind: .bounties,
        columns: ["number", "pool", "asset", "isOpen", "paid"].map(CommonMoneyShowing.plain))

    private static let number = ArgumentSpec(name: "bounty", help: "its number")

    private static let new = CommandSpec(
        path: ["bounty", "new"], summary: "promise to pay for findings, out of a pool of yours",
        example: "atoll bounty new 0 --row critical=5000..25000 --row low=10..100",
        arguments: [ArgumentSpec(name: "pool", help: "its number")],
        options: LawSending.commonOptions + [
            CommonArguments.assetOption,
            OptionSpec(
                name: "row", value: "NAME=MIN..MAX", help: "what one of a severity is paid",
                repeats: true),
            OptionSpec(name: "text", value: "FILE", help: "what is asked for; its hash is kept"),
        ], hasOutputFormat: true
    ) { invocation, shell in
        let pool = try LawSending.number(invocation.arguments[0], "number of a pool")
        let rows = try invocation.values("row").map(row)
        var subject = Digest.zero
        if let path = invocation.value("text") {
            subject = SHA256.hash(try await shell.read(path, limit: 1 << 20))
        }
        let bounty = Bounty(
            pool: pool, asset: try CommonArguments.asset(invocation), subject: subject, rows: rows)
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.openBounty(bounty).message, done: "findings are paid from pool \(pool)")
    }

    /// Reads `NAME=MIN..MAX`.
    static func row(_ text: String) throws -> Bounty.Row {
        let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
        let range = sides.last?.split(separator: "..", omittingEmptySubsequences: false) ?? []
        guard sides.count == 2, range.count == 2, let least = Amount(String(range[0])),
            let most = Amount(String(range[1]))
        else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no NAME=MIN..MAX, as low=10..100",
                kept: "nothing was sent")
        }
        return Bounty.Row(severity: sides[0], least: least, most: most)
    }

    private static let award = CommandSpec(
        path: ["bounty", "award"], summary: "pay for a finding, within its severity's range",
        example: "atoll bounty award 0 <account> low 50",
        arguments: [
            number, ArgumentSpec(name: "account", help: "who found it"),
            ArgumentSpec(name: "severity", help: "a row's name"),
            ArgumentSpec(name: "amount", help: "how much, in whole units"),
        ],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of a bounty")
        let finder = try await ClientSettings(invocation, shell).account(
            named: invocation.arguments[1])
        let amount = try ValidatorSending.amount(invocation.arguments[3], "amount")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.award(
                bounty: number, to: finder, severity: invocation.arguments[2], amount: amount
            ).message, done: "paid \(amount) to \(finder)")
    }

    private static let close = CommandSpec(
        path: ["bounty", "close"], summary: "pay for no more findings",
        example: "atoll bounty close 0", arguments: [number],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of a bounty")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.closeBounty(number).message, done: "closed bounty \(number)")
    }
}

/// `atoll badge`: marks that are earned and cannot be given on.
enum BadgeCommands {
    static let all = [list, give, revoke]

    private static let holder = ArgumentSpec(name: "account", help: "whose")
    private static let name = ArgumentSpec(
        name: "name", help: "what for, such as milestone/mainnet; 1 to 64 bytes")

    private static let list = CommandSpec(
        path: ["badge", "list"], summary: "list the marks that an account earned",
        example: "atoll badge list",
        arguments: [
            ArgumentSpec(name: "account", help: "whose; default your key's", isRequired: false)
        ],
        options: [ClientSettings.keyOption], hasOutputFormat: true
    ) { invocation, shell in
        let settings = ClientSettings(invocation, shell)
        let account =
            invocation.arguments.isEmpty
            ? try await settings.account()
            : try await settings.account(named: invocation.arguments[0])
        let client = try await settings.client()
        let badges = try await calling { () async throws(ClientFailure) in
            try await client.badges(of: account)
        }
        ResultText.write(badges, as: invocation.format) {
            var table = TextTable(["name", "since", "giver"], rightAligned: [1])
            for badge in badges["badges"]?.elements ?? [] {
                table.add([
                    badge["name"]?.text ?? "", badge["sinceHeight"]?.compact ?? "",
                    badge["giver"]?.text ?? "",
                ])
            }
            return table.text
        }
        return 0
    }

    private static let give = CommandSpec(
        path: ["badge", "give"], summary: "give a mark, once for each name",
        example: "atoll badge give <account> milestone/mainnet", arguments: [holder, name],
        options: LawSending.commonOptions + [
            OptionSpec(name: "evidence", value: "FILE", help: "what shows it; its hash is kept")
        ], hasOutputFormat: true
    ) { invocation, shell in
        let account = try await ClientSettings(invocation, shell).account(
            named: invocation.arguments[0])
        var evidence = Digest.zero
        if let path = invocation.value("evidence") {
            evidence = SHA256.hash(try await shell.read(path, limit: 64 << 20))
        }
        let name = invocation.arguments[1]
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.giveBadge(to: account, name: name, evidence: evidence).message,
            done: "gave \(name) to \(account)")
    }

    private static let revoke = CommandSpec(
        path: ["badge", "revoke"], summary: "take back a mark that you gave",
        example: "atoll badge revoke <account> milestone/mainnet", arguments: [holder, name],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let account = try await ClientSettings(invocation, shell).account(
            named: invocation.arguments[0])
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.revokeBadge(from: account, name: invocation.arguments[1]).message,
            done: "took \(invocation.arguments[1]) back")
    }
}

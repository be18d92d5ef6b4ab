// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Ledger
import Treasury
import Vocabulary

/// `atoll airdrop`: money for those on a list.
enum AirdropCommands {
    static let all = [
        tree, new,
        showing.list(["airdrop", "list"], summary: "list airdrops"),
        showing.show(
            ["airdrop", "show"],
            summary: "show an airdrop: its list's root, its times, what is left"),
        claim, sweep,
    ]

    private static let showing = CommonMoneyShowing(
        kind: .airdrops,
        columns: ["number", "asset", "held", "leaves", "opens", "expires"].map(
            CommonMoneyShowing.plain))

    private static let file = ArgumentSpec(
        name: "list", help: "a file of lines ACCOUNT,AMOUNT, amounts in whole units")
    private static let number = ArgumentSpec(name: "airdrop", help: "its number")

    private static func read(_ path: String, _ shell: Shell) async throws -> AirdropList {
        let bytes = try await shell.read(path, limit: AirdropList.bytesMax)
        do {
            return try AirdropList(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw CommandFailure(
                status: .misused, what: "line \(error.line) of '\(path)' \(error.reason)",
                kept: "nothing was sent")
        }
    }

    private static func total(_ list: AirdropList) throws -> Amount {
        guard let total = list.total else {
            throw CommandFailure(
                status: .misused, what: "the amounts of the list exceed what can exist",
                kept: "nothing was sent")
        }
        return total
    }

    private static let tree = CommandSpec(
        path: ["airdrop", "tree"], summary: "compute the root of a list, and ask nobody",
        discussion: """
            leaf = SHA-256(0, place, account, amount), inner = SHA-256(1, left, right); a last one
            without a partner goes up as it is. Anybody who has the list finds the same root.
            """,
        example: "atoll airdrop tree friends.csv", arguments: [file], hasOutputFormat: true
    ) { invocation, shell in
        let list = try await read(invocation.arguments[0], shell)
        let total = try total(list)
        let value: JSON = [
            "root": .string("\(list.root)"), "leaves": JSON(list.places.count),
            "amount": .string("\(total.units)"),
        ]
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("root", "\(list.root)")
            facts.add("places", "\(list.places.count)")
            facts.add("in all", "\(total)")
            return facts.text
        }
        return 0
    }

    private static let new = CommandSpec(
        path: ["airdrop", "new"], summary: "set money aside for those on a list",
        discussion: "Publish the list: whoever claims shows its place in it.",
        example: "atoll airdrop new friends.csv --over 30d", arguments: [file],
        options: LawSending.commonOptions + [
            CommonArguments.assetOption, CommonArguments.poolOption,
            OptionSpec(
                name: "opens-in", value: "TIME", help: "when it can be claimed; default now"),
            OptionSpec(name: "over", value: "TIME", help: "for how long; default 30d"),
        ], hasOutputFormat: true
    ) { invocation, shell in
        let list = try await read(invocation.arguments[0], shell)
        let range = 0...CommonArguments.spanMax
        let opens = shell.effects.time.wallClock().advanced(
            by: try invocation.quantity(
                "opens-in", default: 0, in: range, such: "1d", read: CommonArguments.span))
        let span = try invocation.quantity(
            "over", default: 30 * 86_400_000, in: range, such: "30d", read: CommonArguments.span)
        let sending = try await LawSending(invocation, shell)
        let order = CreateAirdrop(
            source: try CommonArguments.source(invocation, sending),
            asset: try CommonArguments.asset(invocation), amount: try total(list),
            root: list.root, leaves: UInt64(list.places.count), opens: opens,
            expires: opens.advanced(by: span))
        return try await sending.send(
            TreasuryMessage.createAirdrop(order).message,
            done: "set \(order.amount) aside for \(list.places.count) places")
    }

    private static let claim = CommandSpec(
        path: ["airdrop", "claim"], summary: "claim the places of an account in an airdrop",
        discussion: "What was claimed before is refused; anybody may claim for anybody.",
        example: "atoll airdrop claim 0 friends.csv", arguments: [number, file],
        options: LawSending.options + [
            OptionSpec(name: "account", value: "ACCOUNT", help: "whose; default who sends")
        ], hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of an airdrop")
        let list = try await read(invocation.arguments[1], shell)
        let sending = try await LawSending(invocation, shell)
        var account = sending.account
        if let name = invocation.value("account") {
            account = try await ClientSettings(invocation, shell).account(named: name)
        }
        let claims = list.claims(of: account, from: number)
        guard !claims.isEmpty else {
            throw CommandFailure(
                status: .refused, what: "account \(account) is not on the list",
                kept: "nothing was sent")
        }
        for claim in claims {
            let code = try await sending.send(
                TreasuryMessage.claimAirdrop(claim).message,
                done: "claimed place \(claim.place): \(claim.amount) for \(account)")
            guard code == 0 else { return code }
        }
        return 0
    }

    private static let sweep = CommandSpec(
        path: ["airdrop", "sweep"], summary: "take back what nobody claimed in time",
        example: "atoll airdrop sweep 0", arguments: [number],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of an airdrop")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.sweepAirdrop(number).message, done: "took back what was left")
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Ledger
import Treasury
import Vocabulary

/// What the commands about common money read from their arguments.
enum CommonArguments {
    static let assetOption = OptionSpec(
        name: "asset", value: "N", help: "of which asset; default 0, the native one")
    static let poolOption = OptionSpec(
        name: "from-pool", value: "N", help: "out of this pool; default the sender's balance")

    static func asset(_ invocation: Invocation) throws -> AssetID {
        AssetID(try invocation.number(assetOption.name, default: 0, in: 0...UInt64.max))
    }

    /// Where money comes from: a pool, or who sends.
    static func source(_ invocation: Invocation, _ sending: LawSending) throws -> Source {
        guard let text = invocation.value(poolOption.name) else {
            return .account(sending.account)
        }
        return .pool(try LawSending.number(text, "number of a pool"))
    }

    /// A span of time with days and years besides hours: `30d`, `4y` of 365.25 days.
    static func span(_ text: String) -> UInt64? {
        for (suffix, unit) in [("d", UInt64(86_400_000)), ("y", 31_557_600_000)] {
            guard text.hasSuffix(suffix), let count = UInt64(text.dropLast()) else { continue }
            let (product, overflow) = count.multipliedReportingOverflow(by: unit)
            return overflow ? nil : product
        }
        return QuantityText.milliseconds(text)
    }

    static let spanMax: UInt64 = 100 * 31_557_600_000
}

/// `atoll treasury`: common purses.
enum TreasuryCommands {
    static let all = [
        showing.list(["treasury", "list"], summary: "list the pools of common money"),
        showing.show(
            ["treasury", "show"], summary: "show a pool: its owner, what it holds, its limits"),
        new, deposit, spend, limit, give,
    ]

    private static let showing = CommonMoneyShowing(
        kind: .treasuries,
        columns: [
            CommonMoneyShowing.plain("number"), CommonMoneyShowing.plain("name"),
            (
                "native",
                { row in
                    let native = row["holdings"]?.elements?.first { $0["asset"]?.unsigned == 0 }
                    return LawSending.amount(native?["amount"] ?? .string("0"))
                }
            ), CommonMoneyShowing.plain("owner"),
        ])

    private static let pool = ArgumentSpec(name: "pool", help: "its number")
    private static let amount = ArgumentSpec(name: "amount", help: "how much, in whole units")

    private static let new = CommandSpec(
        path: ["treasury", "new"], summary: "make a pool of common money",
        example: "atoll treasury new harbour",
        arguments: [ArgumentSpec(name: "name", help: "what it is called; 1 to 64 bytes")],
        options: LawSending.commonOptions + [
            OptionSpec(name: "owner", value: "ACCOUNT", help: "who spends; default who sends")
        ], hasOutputFormat: true
    ) { invocation, shell in
        let sending = try await LawSending(invocation, shell)
        let settings = ClientSettings(invocation, shell)
        var owner = sending.account
        if let name = invocation.value("owner") {
            owner = try await settings.account(named: name)
        }
        let name = invocation.arguments[0]
        return try await sending.send(
            TreasuryMessage.createPool(name: name, owner: owner).message,
            done: "made the pool \(name), which \(owner) owns")
    }

    private static let deposit = CommandSpec(
        path: ["treasury", "deposit"], summary: "put money into a pool; anybody may",
        example: "atoll treasury deposit 0 25", arguments: [pool, amount],
        options: LawSending.options + [CommonArguments.assetOption], hasOutputFormat: true
    ) { invocation, shell in
        let (number, amount) = try poolAndAmount(invocation)
        let asset = try CommonArguments.asset(invocation)
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.deposit(pool: number, asset: asset, amount: amount).message,
            done: "put \(amount) into pool \(number)")
    }

    private static let spend = CommandSpec(
        path: ["treasury", "spend"], summary: "pay out of a pool, as its owner",
        discussion: """
            A pool of several signers is paid from with --as ACCOUNT, everybody's with
            --by-vote TITLE: then it is paid once enough agree, by itself.
            """,
        example: "atoll treasury spend 0 5 <account>",
        arguments: [pool, amount, ArgumentSpec(name: "account", help: "to whom")],
        options: LawSending.commonOptions + [CommonArguments.assetOption], hasOutputFormat: true
    ) { invocation, shell in
        let (number, amount) = try poolAndAmount(invocation)
        let account = try await ClientSettings(invocation, shell).account(
            named: invocation.arguments[2])
        let payment = Payment(to: account, amount, of: try CommonArguments.asset(invocation))
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.spend(pool: number, payments: [payment]).message,
            done: "paid \(amount) to \(account)")
    }

    private static let limit = CommandSpec(
        path: ["treasury", "limit"], summary: "limit what leaves a pool in a period",
        discussion: "A lower limit holds at once, a higher one after a whole period.",
        example: "atoll treasury limit 0 100 --period 30d", arguments: [pool, amount],
        options: LawSending.commonOptions + [
            CommonArguments.assetOption,
            OptionSpec(name: "period", value: "TIME", help: "how long, such as 30d; default 30d"),
        ], hasOutputFormat: true
    ) { invocation, shell in
        let (number, amount) = try poolAndAmount(invocation)
        let period = try invocation.quantity(
            "period", default: 30 * 86_400_000, in: 1...CommonArguments.spanMax, such: "30d",
            read: CommonArguments.span)
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.setLimit(
                pool: number, asset: try CommonArguments.asset(invocation), amount: amount,
                period: period
            ).message, done: "at most \(amount) leave pool \(number) in a period")
    }

    private static let give = CommandSpec(
        path: ["treasury", "give"], summary: "give a pool to another owner",
        example: "atoll treasury give 0 <account>",
        arguments: [pool, ArgumentSpec(name: "account", help: "the new owner")],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of a pool")
        let owner = try await ClientSettings(invocation, shell).account(
            named: invocation.arguments[1])
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.setOwner(pool: number, owner: owner).message,
            done: "pool \(number) is \(owner)'s")
    }

    private static func poolAndAmount(_ invocation: Invocation) throws -> (UInt64, Amount) {
        (
            try LawSending.number(invocation.arguments[0], "number of a pool"),
            try ValidatorSending.amount(invocation.arguments[1], "amount")
        )
    }
}

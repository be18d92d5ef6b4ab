// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Exchange
import JSONText
import Vocabulary

/// `atoll swap quote`: what a trade would give.
enum SwapQuoteCommand {
    static let command = CommandSpec(
        path: ["swap", "quote"],
        summary: "say what selling an amount would give, its fee and its impact",
        example: "atoll swap quote 10 --pool 0 --sell 0",
        arguments: [ArgumentSpec(name: "amount", help: "how much is sold, in whole units")],
        options: [ExchangeOptions.inPool, ExchangeOptions.sell], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let quote = try await ask(client, invocation)
        ResultText.write(quote, as: invocation.format) { text(quote) }
        return 0
    }

    static func ask(_ client: GatewayClient, _ invocation: Invocation) async throws -> JSON {
        let amount = try ValidatorSending.amount(invocation.arguments[0], "amount")
        let asset = AssetID(try ExchangeOptions.number(invocation, "sell"))
        let pool = try ExchangeOptions.number(invocation, "pool")
        return try await calling { () async throws(ClientFailure) in
            try await client.swapQuote(amount, of: asset, in: pool)
        }
    }

    static func text(_ quote: JSON) -> String {
        var facts = TextFacts()
        facts.add(
            "gives", "\(ExchangeOptions.units(quote["received"])) \(quote["symbol"]?.text ?? "")")
        facts.add("fee", "\(ExchangeOptions.units(quote["fee"])), in it")
        facts.add("impact", ExchangeOptions.percent(quote["impact"]))
        return facts.text
    }
}

/// `atoll swap`: sells one asset for another.
enum SwapCommand {
    static let command = CommandSpec(
        path: ["swap"], summary: "sell one asset for another in a pool",
        discussion: """
            Asks for a quote first and names the least it buys: a little less than the quote, as
            --slippage says, or --least. When others move the price further it does not happen and
            only the fee is paid. It happens within a minute or not at all.
            """,
        example: "atoll swap 10 --pool 0 --sell 0 --slippage 5000",
        arguments: [ArgumentSpec(name: "amount", help: "how much is sold, in whole units")],
        options: LawSending.options + [
            ExchangeOptions.inPool, ExchangeOptions.sell, ExchangeOptions.slippage,
            OptionSpec(name: "least", value: "AMOUNT", help: "the least it buys, in whole units"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await LawSending(invocation, shell)
        let quote = try await SwapQuoteCommand.ask(sending.sending.sender.client, invocation)
        let named = try invocation.value("least").map { try ValidatorSending.amount($0, "least") }
        let least =
            try named
            ?? ExchangeOptions.least(ExchangeOptions.units(quote["received"]), invocation)
        let swap = Swap(
            pool: try ExchangeOptions.number(invocation, "pool"),
            selling: AssetAmount(
                ExchangeOptions.units(quote["amount"]), of: AssetID(quote["sold"]?.unsigned ?? 0)),
            least: least,
            expires: shell.effects.time.wallClock().advanced(
                by: ExchangeOptions.patienceMilliseconds))
        return try await sending.send(
            ExchangeMessage.swap(swap).message,
            done: "sold \(swap.sold.amount) for at least \(least) \(quote["symbol"]?.text ?? "")")
    }
}

/// `atoll swap convert`: burns a role's asset for native units.
enum SwapConvert {
    static let command = CommandSpec(
        path: ["swap", "convert"],
        summary: "burn what a role earned for native units, at the period's rate",
        example: "atoll swap convert 1000 --asset 1",
        arguments: [ArgumentSpec(name: "amount", help: "how much is burnt, in whole units")],
        options: LawSending.options + [
            OptionSpec(
                name: "asset", value: "NUMBER", help: "which, as `atoll swap windows` lists"),
            OptionSpec(name: "least", value: "AMOUNT", help: "the least it gives; default 0"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let amount = try ValidatorSending.amount(invocation.arguments[0], "amount")
        let least = try invocation.value("least").map { try ValidatorSending.amount($0, "least") }
        let asset = AssetID(try invocation.number("asset", default: 1, in: 0...UInt64.max))
        return try await LawSending(invocation, shell).send(
            ExchangeMessage.convert(asset: asset, amount: amount, least: least ?? .zero).message,
            done: "burnt \(amount) of asset \(asset)")
    }
}

/// `atoll swap fund`: pays into what conversions are paid from.
enum SwapFund {
    static let command = CommandSpec(
        path: ["swap", "fund"], summary: "pay into the fund that conversions are paid from",
        example: "atoll swap fund 5000",
        arguments: [ArgumentSpec(name: "amount", help: "how much, in whole native units")],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let amount = try ValidatorSending.amount(invocation.arguments[0], "amount")
        return try await LawSending(invocation, shell).send(
            ExchangeMessage.fund(amount).message, done: "paid \(amount) into the fund")
    }
}

/// `atoll swap windows`: the rates of roles' assets.
enum SwapWindows {
    static let command = CommandSpec(
        path: ["swap", "windows"], summary: "list what roles' assets are worth now",
        example: "atoll swap windows", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let windows = try await calling { () async throws(ClientFailure) in
            try await client.roleWindows()
        }
        ResultText.write(windows, as: invocation.format) {
            var table = TextTable(
                ["asset", "symbol", "rate", "demand", "scarcity"], rightAligned: [0, 2, 3, 4])
            for window in windows["windows"]?.elements ?? [] {
                table.add([
                    "\(window["asset"]?.unsigned ?? 0)", window["symbol"]?.text ?? "",
                    ExchangeOptions.percent(window["rate"]),
                    ExchangeOptions.percent(window["demand"]),
                    ExchangeOptions.percent(window["scarcity"]),
                ])
            }
            return table.text
        }
        return 0
    }
}

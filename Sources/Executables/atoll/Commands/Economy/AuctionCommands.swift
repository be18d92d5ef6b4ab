// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Ledger
import Treasury
import Vocabulary

/// `atoll auction`: sales at a falling price, at one price for all.
enum AuctionCommands {
    static let all = [
        showing.list(["auction", "list"], summary: "list auctions and their prices now"),
        showing.show(
            ["auction", "show"], summary: "show an auction: its price now, what was paid in",
            discussion: """
                The price falls evenly until what was paid in buys everything, or to its end; it is
                everybody's then. Whoever paid in more than its goods cost gets the rest back.
                """),
        new, bid, claim, close,
    ]

    private static let showing = CommonMoneyShowing(
        kind: .auctions,
        columns: ["number", "asset", "supply", "price", "paid", "end", "isOver"].map(
            CommonMoneyShowing.plain))

    private static let number = ArgumentSpec(name: "auction", help: "its number")

    private static let new = CommandSpec(
        path: ["auction", "new"], summary: "sell an asset at a falling price",
        example: "atoll auction new 5 1000 --from 10 --to 1 --over 24h --cap 50",
        arguments: [
            ArgumentSpec(name: "asset", help: "its number, not the native one"),
            ArgumentSpec(name: "supply", help: "how much of it, in whole units"),
        ],
        options: LawSending.commonOptions + [
            CommonArguments.poolOption,
            OptionSpec(name: "from", value: "PRICE", help: "native units for one, at the start"),
            OptionSpec(name: "to", value: "PRICE", help: "the same at the end; default from"),
            OptionSpec(name: "opens-in", value: "TIME", help: "when it begins; default now"),
            OptionSpec(name: "over", value: "TIME", help: "how long it lasts; default 24h"),
            OptionSpec(name: "cap", value: "AMOUNT", help: "the most for one; default the supply"),
            OptionSpec(name: "persons", value: nil, help: "a cap for each person, not account"),
        ], hasOutputFormat: true
    ) { invocation, shell in
        let terms = try terms(invocation, now: shell.effects.time.wallClock())
        let sending = try await LawSending(invocation, shell)
        let source = try CommonArguments.source(invocation, sending)
        return try await sending.send(
            TreasuryMessage.createAuction(terms, source: source).message,
            done: "\(terms.supply) of asset \(terms.asset) are for sale")
    }

    /// The terms that arguments and options describe.
    static func terms(_ invocation: Invocation, now: Timestamp) throws -> AuctionTerms {
        let asset = AssetID(try LawSending.number(invocation.arguments[0], "number of an asset"))
        let supply = try ValidatorSending.amount(invocation.arguments[1], "amount")
        let first = try ValidatorSending.amount(invocation.value("from"), "price (--from)")
        let range = 0...CommonArguments.spanMax
        let start = now.advanced(
            by: try invocation.quantity(
                "opens-in", default: 0, in: range, such: "1d", read: CommonArguments.span))
        let span = try invocation.quantity(
            "over", default: 86_400_000, in: range, such: "24h", read: CommonArguments.span)
        return AuctionTerms(
            asset: asset, supply: supply, startPrice: first,
            endPrice: try invocation.amount("to") ?? first, start: start,
            end: start.advanced(by: span), cap: try invocation.amount("cap") ?? supply,
            isForPersons: invocation.has("persons"))
    }

    private static let bid = CommandSpec(
        path: ["auction", "bid"], summary: "pay in for goods of an auction",
        discussion: "What does not count, beyond room or cap, is never taken.",
        example: "atoll auction bid 0 25",
        arguments: [number, ArgumentSpec(name: "amount", help: "native units at most")],
        options: LawSending.options, hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of an auction")
        let offer = try ValidatorSending.amount(invocation.arguments[1], "amount")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.bid(auction: number, offer: offer).message, done: "bid \(offer)")
    }

    private static let claim = CommandSpec(
        path: ["auction", "claim"], summary: "fetch what was bought and what comes back",
        example: "atoll auction claim 0", arguments: [number],
        options: LawSending.options + [
            OptionSpec(name: "account", value: "ACCOUNT", help: "whose; default who sends")
        ], hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of an auction")
        let sending = try await LawSending(invocation, shell)
        var bidder = sending.account
        if let name = invocation.value("account") {
            bidder = try await ClientSettings(invocation, shell).account(named: name)
        }
        return try await sending.send(
            TreasuryMessage.collect(auction: number, bidder: bidder).message,
            done: "fetched goods and refund of \(bidder)")
    }

    private static let close = CommandSpec(
        path: ["auction", "close"], summary: "fetch what your auction earned and did not sell",
        discussion: "Once all bidders have collected, or thirty days after its end.",
        example: "atoll auction close 0", arguments: [number],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of an auction")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.closeAuction(number).message, done: "closed auction \(number)")
    }
}

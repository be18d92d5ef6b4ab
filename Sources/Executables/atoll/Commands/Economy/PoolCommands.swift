// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Exchange
import JSONText
import Vocabulary

/// `atoll pool list`: what is traded.
enum PoolList {
    static let command = CommandSpec(
        path: ["pool", "list"], summary: "list pools of two assets and what they have",
        example: "atoll pool list", hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let client = try await ClientSettings(invocation, shell).client()
        let page = try await calling { () async throws(ClientFailure) in
            try await client.liquidityPools()
        }
        ResultText.write(page, as: invocation.format) {
            var table = TextTable(["pool", "first", "second", "fee"], rightAligned: [0, 1, 2, 3])
            for pool in page["pools"]?.elements ?? [] {
                table.add([
                    "\(pool["number"]?.unsigned ?? 0)", PoolShow.side(pool["first"]),
                    PoolShow.side(pool["second"]), ExchangeOptions.percent(pool["fee"]),
                ])
            }
            return table.text
        }
        return 0
    }
}

/// `atoll pool show`: one pool.
enum PoolShow {
    static let command = CommandSpec(
        path: ["pool", "show"], summary: "show a pool, and what your key locked of it",
        example: "atoll pool show 0", arguments: [ExchangeOptions.pool],
        options: [ClientSettings.keyOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let number = try LawSending.number(invocation.arguments[0], "number of a pool")
        let account = try? await settings.account()
        let pool = try await ExchangeOptions.pool(
            number, try await settings.client(), lockOf: account)
        ResultText.write(pool, as: invocation.format) { text(pool) }
        return 0
    }

    static func text(_ pool: JSON) -> String {
        var facts = TextFacts()
        facts.add("first", side(pool["first"]))
        facts.add("second", side(pool["second"]))
        facts.add("fee", ExchangeOptions.percent(pool["fee"]))
        facts.add("shares", "\(ExchangeOptions.units(pool["shares"]))")
        facts.add("share asset", "\(pool["shareAsset"]?.unsigned ?? 0)")
        if let locked = pool["locked"] {
            facts.add("locked", "\(ExchangeOptions.units(locked))")
            facts.add("until", pool["lockedUntil"]?.unsigned.map { "\($0) ms" } ?? "")
        }
        return facts.text
    }

    static func side(_ json: JSON?) -> String {
        let symbol = json?["symbol"]?.text ?? ""
        return "\(ExchangeOptions.units(json?["reserve"])) \(symbol)"
    }
}

/// `atoll pool create`: makes a pool.
enum PoolCreate {
    static let command = CommandSpec(
        path: ["pool", "create"], summary: "make a pool of two assets with what it begins with",
        discussion: """
            The proportion of the two amounts is the first price. Its shares are an asset of their
            own; --lock keeps yours in the pool for a while, for all to see.
            """,
        example: "atoll pool create 1000:0 5000:1 --fee 3000 --lock 90d",
        arguments: [
            ArgumentSpec(name: "one", help: "AMOUNT:ASSET, such as 1000:0"),
            ArgumentSpec(name: "other", help: "AMOUNT:ASSET"),
        ],
        options: LawSending.options + [
            OptionSpec(
                name: "fee", value: "MILLIONTHS", help: "what trades pay; default 3000"),
            OptionSpec(name: "lock", value: "TIME", help: "how long your shares stay, such as 90d"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let lock = try invocation.value("lock").map { _ in
            try PoolLock.until("lock", invocation, shell)
        }
        let order = CreatePool(
            try ExchangeOptions.side(invocation.arguments[0]),
            try ExchangeOptions.side(invocation.arguments[1]),
            fee: try invocation.number("fee", default: 3_000, in: 0...500_000), lockedUntil: lock)
        return try await LawSending(invocation, shell).send(
            ExchangeMessage.createPool(order).message,
            done: "made; `atoll pool list` shows its number")
    }
}

/// `atoll pool add`: puts both assets in.
enum PoolAdd {
    static let command = CommandSpec(
        path: ["pool", "add"], summary: "put both assets into a pool, in its proportion",
        example: "atoll pool add 0 100 500",
        arguments: [
            ExchangeOptions.pool,
            ArgumentSpec(name: "first", help: "the most of the pool's first asset"),
            ArgumentSpec(name: "second", help: "the most of its second"),
        ],
        options: LawSending.options + [ExchangeOptions.slippage], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await LawSending(invocation, shell)
        let number = try LawSending.number(invocation.arguments[0], "number of a pool")
        let most = try invocation.arguments.dropFirst().map {
            try ValidatorSending.amount($0, "amount")
        }
        let pool = try await ExchangeOptions.pool(number, sending.sending.sender.client)
        let reserves = ["first", "second"].map { ExchangeOptions.units(pool[$0]?["reserve"]) }
        // What goes in now is limited by the side of which less is given.
        let other = most[0].scaled(by: reserves[1].units, over: max(reserves[0].units, 1))
        let isFirst = (other ?? most[1]) <= most[1]
        let first =
            isFirst
            ? most[0]
            : most[1].scaled(by: reserves[0].units, over: max(reserves[1].units, 1)) ?? most[0]
        let second = isFirst ? other ?? most[1] : most[1]
        let order = AddLiquidity(
            pool: number, firstMost: most[0], secondMost: most[1],
            firstLeast: try ExchangeOptions.least(first, invocation),
            secondLeast: try ExchangeOptions.least(second, invocation))
        return try await sending.send(
            ExchangeMessage.addLiquidity(order).message,
            done: "put about \(first) and \(second) into pool \(number)")
    }
}

/// `atoll pool remove`: takes both assets out.
enum PoolRemove {
    static let command = CommandSpec(
        path: ["pool", "remove"], summary: "take both assets out of a pool",
        example: "atoll pool remove 0 10",
        arguments: [
            ExchangeOptions.pool, ArgumentSpec(name: "shares", help: "how many, in whole shares"),
        ],
        options: LawSending.options + [ExchangeOptions.slippage], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let sending = try await LawSending(invocation, shell)
        let number = try LawSending.number(invocation.arguments[0], "number of a pool")
        let shares = try ValidatorSending.amount(invocation.arguments[1], "number of shares")
        let pool = try await ExchangeOptions.pool(number, sending.sending.sender.client)
        let all = ExchangeOptions.units(pool["shares"]).units
        let worth = ["first", "second"].map { name in
            ExchangeOptions.units(pool[name]?["reserve"]).scaled(by: shares.units, over: all)
                ?? .zero
        }
        let order = RemoveLiquidity(
            pool: number, shares: shares,
            firstLeast: try ExchangeOptions.least(worth[0], invocation),
            secondLeast: try ExchangeOptions.least(worth[1], invocation))
        return try await sending.send(
            ExchangeMessage.removeLiquidity(order).message,
            done: "took about \(worth[0]) and \(worth[1]) out of pool \(number)")
    }
}

/// `atoll pool lock`: keeps shares in a pool.
enum PoolLock {
    static let command = CommandSpec(
        path: ["pool", "lock"], summary: "lock shares of a pool for a while",
        example: "atoll pool lock 0 5 --for 90d",
        arguments: [
            ExchangeOptions.pool, ArgumentSpec(name: "shares", help: "how many, in whole shares"),
        ],
        options: LawSending.options + [
            OptionSpec(name: "for", value: "TIME", help: "how long, such as 90d; default 90d")
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let number = try LawSending.number(invocation.arguments[0], "number of a pool")
        let shares = try ValidatorSending.amount(invocation.arguments[1], "number of shares")
        let until = try until("for", invocation, shell)
        return try await LawSending(invocation, shell).send(
            ExchangeMessage.lock(pool: number, shares: shares, until: until).message,
            done: "locked \(shares) shares of pool \(number)")
    }

    /// The moment that lies so far ahead as an option says.
    static func until(
        _ option: String, _ invocation: Invocation, _ shell: Shell
    ) throws -> Timestamp {
        let day: UInt64 = 86_400_000
        let milliseconds = try invocation.quantity(
            option, default: 90 * day, in: 1...36_525 * day, such: "90d",
            read: QuantityText.milliseconds)
        return shell.effects.time.wallClock().advanced(by: milliseconds)
    }
}

/// `atoll pool unlock`: takes shares back whose lock has ended.
enum PoolUnlock {
    static let command = CommandSpec(
        path: ["pool", "unlock"], summary: "take back shares whose lock has ended",
        example: "atoll pool unlock 0", arguments: [ExchangeOptions.pool],
        options: LawSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let number = try LawSending.number(invocation.arguments[0], "number of a pool")
        return try await LawSending(invocation, shell).send(
            ExchangeMessage.unlock(pool: number).message, done: "took the shares back")
    }
}

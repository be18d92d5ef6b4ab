// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ExchangeModule {
    /// Makes a pool; its first shares are the root of the product of what it begins with, of which
    /// some are nobody's (EXCHANGE-1, EXCHANGE-4).
    @discardableResult
    func createPool(
        _ order: CreatePool, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> UInt64 {
        let sides = [order.one, order.other].sorted { $0.asset < $1.asset }
        let (first, second) = (sides[0], sides[1])
        try checkPair(first.asset, second.asset, order.fee, in: context)
        let pool = LiquidityPool(
            first.asset, first.amount, second.asset, second.amount, fee: order.fee)
        guard let own = pool.shares.subtracting(LiquidityPool.sharesKept), own > .zero else {
            throw .exchange(
                .amountTooSmall,
                "a pool begins with more than \(LiquidityPool.sharesKept.units) shares")
        }
        let number = nextPool(in: context)
        for side in sides {
            try bank.deposit(
                side.amount, of: side.asset, from: sender, into: .reserve(number, side.asset),
                in: context)
        }
        write(pool, number, in: context)
        context.set(
            .exchange, ExchangeKeys.pair(first.asset, second.asset, fee: order.fee),
            ExchangeKeys.bigEndian(number))
        try give(own, of: number, to: sender, in: context)
        context.emit(
            .poolCreated,
            ExchangeNote(
                number, sender, first.asset, first.amount, second.asset, second.amount))
        if let until = order.lockedUntil {
            try lock(own, of: number, until: until, from: sender, in: context)
        }
        return number
    }

    private func checkPair(
        _ first: AssetID, _ second: AssetID, _ fee: UInt64, in context: ExecutionContext
    ) throws(Refusal) {
        guard first != second, bank.supply(of: first, in: context) != nil,
            bank.supply(of: second, in: context) != nil
        else { throw .exchange(.badPair, "\(first) and \(second) are no two assets of the chain") }
        let queries = ExchangeQueries(context)
        let parameters = queries.parameters
        guard (parameters.feeMin...parameters.feeMax).contains(fee) else {
            throw .exchange(
                .badFee, "a fee is \(parameters.feeMin) to \(parameters.feeMax) millionths")
        }
        if let number = queries.number(of: first, second, fee: fee) {
            throw .exchange(.alreadyThere, "pool \(number) trades these assets for this fee")
        }
    }

    private func nextPool(in context: ExecutionContext) -> UInt64 {
        let number =
            context.value(.exchange, ExchangeKeys.counter).map {
                $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            } ?? 0
        context.set(.exchange, ExchangeKeys.counter, ExchangeKeys.bigEndian(number + 1))
        return number
    }

    /// Puts both assets in, in the pool's proportion (EXCHANGE-5).
    func addLiquidity(
        _ order: AddLiquidity, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var pool = try known(order.pool, in: context)
        guard let bought = pool.purchase(order.firstMost, order.secondMost) else {
            throw .exchange(.amountTooSmall, "so little buys no share, or so much does not fit")
        }
        guard bought.first >= order.firstLeast, bought.second >= order.secondLeast else {
            throw .exchange(
                .slippage, "the pool takes \(bought.first) and \(bought.second) now")
        }
        guard let first = pool.firstReserve.adding(bought.first),
            let second = pool.secondReserve.adding(bought.second),
            let shares = pool.shares.adding(bought.shares)
        else { throw .exchange(.amountTooLarge, "the pool cannot hold so much") }
        for (amount, asset) in [(bought.first, pool.first), (bought.second, pool.second)] {
            try bank.deposit(
                amount, of: asset, from: sender, into: .reserve(order.pool, asset), in: context)
        }
        (pool.firstReserve, pool.secondReserve, pool.shares) = (first, second, shares)
        write(pool, order.pool, in: context)
        try give(bought.shares, of: order.pool, to: sender, in: context)
        context.emit(
            .liquidityAdded,
            ExchangeNote(
                order.pool, sender, pool.first, bought.first, pool.second, bought.second))
    }

    /// Takes both assets out, rounded down (EXCHANGE-6).
    func removeLiquidity(
        _ order: RemoveLiquidity, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var pool = try known(order.pool, in: context)
        let (first, second) = pool.worth(of: order.shares)
        guard first > .zero || second > .zero,
            let left = pool.shares.subtracting(order.shares), left >= LiquidityPool.sharesKept
        else { throw .exchange(.amountTooSmall, "so few shares give nothing, or are not there") }
        guard first >= order.firstLeast, second >= order.secondLeast else {
            throw .exchange(.slippage, "the pool gives \(first) and \(second) now")
        }
        try bank.redeem(
            order.shares, of: LiquidityPool.shareAsset(of: order.pool), from: sender, in: context)
        pool.firstReserve = pool.firstReserve.subtracting(first) ?? .zero
        pool.secondReserve = pool.secondReserve.subtracting(second) ?? .zero
        pool.shares = left
        write(pool, order.pool, in: context)
        try bank.pay(first, from: .reserve(order.pool, pool.first), to: sender, in: context)
        try bank.pay(second, from: .reserve(order.pool, pool.second), to: sender, in: context)
        context.emit(
            .liquidityRemoved,
            ExchangeNote(order.pool, sender, pool.first, first, pool.second, second))
    }

    private func give(
        _ shares: Amount, of number: UInt64, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try bank.issue(
            shares, of: LiquidityPool.shareAsset(of: number), symbol: "POOL-\(number)",
            to: account, in: context)
    }

    func known(
        _ number: UInt64, in context: ExecutionContext
    ) throws(Refusal) -> LiquidityPool {
        guard let pool = ExchangeQueries(context).pool(number) else {
            throw .exchange(.unknown, "there is no pool \(number)")
        }
        return pool
    }

    func write(_ pool: LiquidityPool, _ number: UInt64, in context: ExecutionContext) {
        context.set(.exchange, ExchangeKeys.pool(number), pool.canonicalBytes)
    }
}

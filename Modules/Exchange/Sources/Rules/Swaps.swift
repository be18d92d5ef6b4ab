// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension ExchangeModule {
    /// Sells one asset for the other at what the product of the reserves allows (EXCHANGE-2,
    /// EXCHANGE-3).
    func swap(
        _ order: Swap, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var pool = try known(order.pool, in: context)
        let sold = order.sold
        guard context.block.time <= order.expires else {
            throw .exchange(.expired, "the trade was for \(order.expires) at the latest")
        }
        guard let bought = pool.other(than: sold.asset) else {
            throw .exchange(.badPair, "pool \(order.pool) does not trade asset \(sold.asset)")
        }
        guard let quote = pool.quote(selling: sold.asset, sold.amount) else {
            throw .exchange(.amountTooSmall, "so little buys nothing, or so much does not fit")
        }
        guard quote.received >= order.least else {
            throw .exchange(
                .slippage, "it would give \(quote.received), less than \(order.least)")
        }
        try bank.deposit(
            sold.amount, of: sold.asset, from: sender, into: .reserve(order.pool, sold.asset),
            in: context)
        try bank.pay(
            quote.received, from: .reserve(order.pool, bought), to: sender, in: context)
        pool.trade(quote, selling: sold.asset)
        write(pool, order.pool, in: context)
        context.emit(
            .swapped,
            ExchangeNote(order.pool, sender, sold.asset, sold.amount, bought, quote.received))
    }

    /// Locks shares; a lock is only ever made longer (EXCHANGE-7).
    func lock(
        _ shares: Amount, of number: UInt64, until: Timestamp, from sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        _ = try known(number, in: context)
        let before = ExchangeQueries(context).lock(of: sender, in: number)
        let latest = context.block.time.advanced(by: ExchangeParameters.timeMax)
        guard until > context.block.time, until <= latest, until >= before?.until ?? until else {
            throw .exchange(.badLock, "a lock ends later than now and than the one there is")
        }
        guard shares > .zero, let sum = shares.adding(before?.shares ?? .zero) else {
            throw .exchange(.amountTooSmall, "nothing is locked")
        }
        try bank.deposit(
            shares, of: LiquidityPool.shareAsset(of: number), from: sender,
            into: .lock(number, sender), in: context)
        context.set(
            .exchange, ExchangeKeys.lock(number, sender),
            LiquidityLock(shares: sum, until: until).canonicalBytes)
        context.emit(
            .locked,
            ExchangeNote(number, sender, LiquidityPool.shareAsset(of: number), shares))
    }

    /// Gives shares back whose lock has ended (EXCHANGE-7).
    func unlock(
        _ number: UInt64, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard let lock = ExchangeQueries(context).lock(of: sender, in: number) else {
            throw .exchange(.unknown, "account \(sender) locked nothing of pool \(number)")
        }
        guard context.block.time >= lock.until else {
            throw .exchange(.tooEarly, "they are locked until \(lock.until)")
        }
        context.set(.exchange, ExchangeKeys.lock(number, sender), nil)
        try bank.pay(lock.shares, from: .lock(number, sender), to: sender, in: context)
        context.emit(
            .unlocked,
            ExchangeNote(number, sender, LiquidityPool.shareAsset(of: number), lock.shares))
    }
}

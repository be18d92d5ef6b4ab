// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold of pools and locks (EXCHANGE-20).
struct ExchangeInvariants {
    let bank: any ExchangeBank

    /// Checks the pools and locks that a block changed. Cost: the block's changes.
    func breaches(after block: ExecutionContext) -> [String] {
        block.changes(of: .exchange).flatMap { change -> [String] in
            guard let after = change.after else { return [] }
            var found = breaches(after, at: change.key, in: block)
            if change.key.first == ExchangeKeys.poolPrefix, let before = change.before {
                found += compare(before, after, ExchangeKeys.number(in: change.key, at: 1))
            }
            return found
        }
    }

    /// Without a change of shares the product never falls.
    private func compare(_ before: [UInt8], _ after: [UInt8], _ number: UInt64) -> [String] {
        guard let old: LiquidityPool = ExchangeQueries.decoded(before),
            let new: LiquidityPool = ExchangeQueries.decoded(after), old.shares == new.shares
        else { return [] }
        return new.holdsProduct(of: old) ? [] : ["pool \(number): its product fell"]
    }

    /// Checks every pool and lock.
    func breaches(in state: any StateReader) -> [String] {
        [ExchangeKeys.poolPrefix, ExchangeKeys.lockPrefix].flatMap { kind in
            state.pairs(of: .exchange, prefix: [kind]).flatMap {
                breaches($0.value, at: $0.key, in: state)
            }
        }
    }

    private func breaches(
        _ bytes: [UInt8], at key: [UInt8], in state: any StateReader
    ) -> [String] {
        switch key[0] {
        case ExchangeKeys.poolPrefix:
            guard let pool: LiquidityPool = ExchangeQueries.decoded(bytes) else { return [] }
            return breaches(of: pool, ExchangeKeys.number(in: key, at: 1), in: state)
        case ExchangeKeys.lockPrefix:
            guard let lock: LiquidityLock = ExchangeQueries.decoded(bytes),
                let account = Bytes32(Array(key[9...])).map(AccountID.init)
            else { return [] }
            let number = ExchangeKeys.number(in: key, at: 1)
            return check(.lock(number, account), lock.shares, in: state)
        default: return []
        }
    }

    private func breaches(
        of pool: LiquidityPool, _ number: UInt64, in state: any StateReader
    ) -> [String] {
        let issued = bank.supply(of: LiquidityPool.shareAsset(of: number), in: state) ?? .zero
        let flaws =
            issued.adding(LiquidityPool.sharesKept) == pool.shares
            ? [] : ["pool \(number): \(issued) shares exist, not \(pool.shares)"]
        return flaws + check(.reserve(number, pool.first), pool.firstReserve, in: state)
            + check(.reserve(number, pool.second), pool.secondReserve, in: state)
    }

    private func check(
        _ vault: Vault, _ amount: Amount, in state: any StateReader
    ) -> [String] {
        let held = bank.balance(of: vault, in: state)
        return held == amount ? [] : ["\(vault): it holds \(held), not \(amount)"]
    }
}

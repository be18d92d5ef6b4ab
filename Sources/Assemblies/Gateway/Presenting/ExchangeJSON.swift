// SPDX-License-Identifier: Apache-2.0
import Accounts
import Exchange
import JSONText
import Ledger
import Vocabulary

/// Pools and windows of one state, with the symbols people know.
struct ExchangeJSON {
    let state: any StateReader
    let time: Timestamp

    private func asset(_ id: AssetID) -> Asset? { AccountsModule().asset(id, in: state) }

    /// A pool, with what an account locked of it.
    func pool(_ pool: LiquidityPool, _ number: UInt64, lockOf account: AccountID?) -> JSON {
        let lock = account.flatMap { ExchangeQueries(state).lock(of: $0, in: number) }
        return JSON(members: [
            ("number", JSON(number)), ("first", side(pool.first, pool.firstReserve)),
            ("second", side(pool.second, pool.secondReserve)), ("fee", JSON(pool.fee)),
            ("shares", JSON(pool.shares)),
            ("shareAsset", JSON(LiquidityPool.shareAsset(of: number))),
            ("locked", lock.map { JSON($0.shares) }), ("lockedUntil", lock.map { JSON($0.until) }),
        ])
    }

    private func side(_ id: AssetID, _ reserve: Amount) -> JSON {
        JSON(members: [
            ("asset", JSON(id)), ("symbol", .string(asset(id)?.symbol ?? "")),
            ("reserve", JSON(reserve)),
        ])
    }

    /// What selling an amount gives now.
    func quote(_ quote: SwapQuote, _ pool: LiquidityPool, selling sold: AssetID) -> JSON {
        let bought = pool.other(than: sold) ?? sold
        return JSON(members: [
            ("sold", JSON(sold)), ("amount", JSON(quote.given)), ("fee", JSON(quote.fee)),
            ("bought", JSON(bought)), ("symbol", .string(asset(bought)?.symbol ?? "")),
            ("received", JSON(quote.received)), ("impact", JSON(quote.impact)),
        ])
    }

    /// Every window, and what they are paid from.
    var windows: JSON {
        let queries = ExchangeQueries(state)
        let rows = queries.windows().compactMap { id -> JSON? in
            let supply = asset(id)?.supply ?? .zero
            return queries.window(id, at: time, supply: supply).map { window in
                JSON(members: [
                    ("asset", JSON(id)), ("symbol", .string(asset(id)?.symbol ?? "")),
                    ("supply", JSON(supply)), ("target", JSON(window.terms.target)),
                    ("reference", JSON(window.terms.reference)), ("since", JSON(window.since)),
                    ("converted", JSON(window.now)), ("demand", JSON(UInt64(window.demand))),
                    ("scarcity", JSON(UInt64(window.scarcity))), ("rate", JSON(window.rate)),
                ])
            }
        }
        return JSON(members: [
            ("windows", .array(rows)),
            ("least", JSON(queries.parameters.conversionMin)),
            ("yearlyLeft", queries.emission(at: time).map { JSON($0.left) }),
        ])
    }
}

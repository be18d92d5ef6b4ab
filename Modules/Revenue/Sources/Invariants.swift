// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold (REVENUE-20).
struct RevenueInvariants {
    let bank: any RevenueBank

    /// Checks the record and that nothing rests. Cost: three reads, and one for each asset that
    /// work earns.
    func breaches(in state: any StateReader) -> [String] {
        let queries = RevenueQueries(state)
        var found = queries.totals.isEven ? [] : ["revenue: what came in is not what went out"]
        let assets = [AssetID.native] + queries.tables.work.map(\.asset)
        for asset in assets where bank.purse(of: asset, in: state) != .zero {
            found.append("revenue: the purse of asset \(asset) holds something between divisions")
        }
        if bank.balance(of: RevenueKeys.collector, in: state) != .zero {
            found.append("revenue: collected fees were not divided")
        }
        return found
    }
}

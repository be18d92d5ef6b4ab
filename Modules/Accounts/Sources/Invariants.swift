// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold: per asset, balances and escrows add up to the supply (ACCOUNTS-9).
enum AccountsInvariants {
    /// Compares what the block added to balances and escrows with what it added to the supply.
    /// Cost: the block's changes.
    static func breaches(after block: ExecutionContext) -> [String] {
        var before = Tally()
        var after = Tally()
        for change in block.changes(of: .accounts) {
            before.add(key: change.key, value: change.before)
            after.add(key: change.key, value: change.after)
        }
        // Sums wrap at 2^128 on both sides alike, so equal differences stay equal.
        return Tally.assets(before, after).compactMap { asset in
            let held = after.held(asset) &- before.held(asset)
            let supply = after.supply(asset) &- before.supply(asset)
            guard held != supply else { return nil }
            return "asset \(asset): holdings and supply did not change by the same amount"
        }
    }

    /// Adds up the whole state. Cost: every balance and escrow.
    static func breaches(in state: any StateReader) -> [String] {
        var tally = Tally()
        for prefix in [
            AccountsKeys.balancePrefix, AccountsKeys.escrowPrefix, AccountsKeys.assetPrefix,
        ] {
            for pair in state.pairs(of: .accounts, prefix: [prefix]) {
                tally.add(key: pair.key, value: pair.value)
            }
        }
        return Tally.assets(tally, tally).compactMap { asset in
            guard tally.held(asset) != tally.supply(asset) else { return nil }
            return "asset \(asset): \(Amount(tally.held(asset))) is held, "
                + "\(Amount(tally.supply(asset))) exists"
        }
    }
}

/// Sums per asset.
private struct Tally {
    private var held: [AssetID: UInt128] = [:]
    private var supplies: [AssetID: UInt128] = [:]

    func held(_ asset: AssetID) -> UInt128 { held[asset] ?? 0 }
    func supply(_ asset: AssetID) -> UInt128 { supplies[asset] ?? 0 }

    static func assets(_ first: Tally, _ second: Tally) -> [AssetID] {
        var all = Set<AssetID>()
        for tally in [first, second] {
            all.formUnion(tally.held.keys)
            all.formUnion(tally.supplies.keys)
        }
        return all.sorted()
    }

    mutating func add(key: [UInt8], value: [UInt8]?) {
        guard let value, let kind = key.first else { return }
        switch kind {
        case AccountsKeys.balancePrefix:
            let asset = AssetID(AccountsModule.number(key.suffix(8)))
            guard let amount: Amount = Balances.decoded(value) else { return }
            held[asset, default: 0] &+= amount.units
        case AccountsKeys.escrowPrefix:
            guard let escrow: Escrow = Balances.decoded(value) else { return }
            held[escrow.asset, default: 0] &+= escrow.amount.units
        case AccountsKeys.assetPrefix:
            let id = AssetID(AccountsModule.number(key.suffix(8)))
            guard let asset: Asset = Balances.decoded(value) else { return }
            supplies[id, default: 0] &+= asset.supply.units
        default:
            return
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold: chests hold what records say (TREASURY-20).
struct TreasuryInvariants {
    let bank: any TreasuryBank

    /// Checks the grants, airdrops and auctions that a block changed. Cost: the block's changes.
    func breaches(after block: ExecutionContext) -> [String] {
        block.changes(of: .treasury).flatMap { change in
            change.after.map { breaches($0, at: change.key, in: block) } ?? []
        }
    }

    /// Checks every grant, airdrop and auction.
    func breaches(in state: any StateReader) -> [String] {
        let kinds = [
            TreasuryKeys.grantPrefix, TreasuryKeys.airdropPrefix, TreasuryKeys.auctionPrefix,
        ]
        return kinds.flatMap { kind in
            state.pairs(of: .treasury, prefix: [kind]).flatMap {
                breaches($0.value, at: $0.key, in: state)
            }
        }
    }

    private func breaches(
        _ bytes: [UInt8], at key: [UInt8], in state: any StateReader
    ) -> [String] {
        guard key.count == 9 else { return [] }
        let number = TreasuryKeys.number(in: key, at: 1)
        switch key[0] {
        case TreasuryKeys.grantPrefix:
            guard let grant: Grant = TreasuryQueries.decoded(bytes) else { return [] }
            let flaws = grant.claimed > grant.total ? ["grant \(number): paid too much"] : []
            return flaws + check(.grant(number), grant.asset, grant.held, in: state)
        case TreasuryKeys.airdropPrefix:
            guard let airdrop: Airdrop = TreasuryQueries.decoded(bytes) else { return [] }
            return check(.airdrop(number), airdrop.asset, airdrop.held, in: state)
        case TreasuryKeys.auctionPrefix:
            guard let record: AuctionRecord = TreasuryQueries.decoded(bytes) else { return [] }
            return check(.goods(number), record.auction.terms.asset, record.goods, in: state)
                + check(.bids(number), .native, record.bids, in: state)
        default: return []
        }
    }

    private func check(
        _ holder: Chest.Holder, _ asset: AssetID, _ amount: Amount, in state: any StateReader
    ) -> [String] {
        let held = bank.balance(of: Chest(holder, asset), in: state)
        return held == amount ? [] : ["\(holder): its chest holds \(held), not \(amount)"]
    }
}

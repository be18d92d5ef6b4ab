// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension AccountsModule {
    /// What an account has of an asset.
    public func balance(
        of account: AccountID, _ asset: AssetID = .native, in state: any StateReader
    ) -> Amount {
        Balances.read(account, asset, in: state)
    }

    /// What an account has, by ascending asset, after `after`; at most `limit` assets.
    public func balances(
        of account: AccountID, after: AssetID? = nil, limit: Int = 100, in state: any StateReader
    ) -> [(asset: AssetID, amount: Amount)] {
        let pairs = state.scan(
            .accounts, prefix: AccountsKeys.balances(of: account),
            after: after.map { AccountsKeys.balance(of: account, $0) }, limit: limit)
        return pairs.compactMap { pair in
            guard let amount: Amount = Balances.decoded(pair.value) else { return nil }
            return (AssetID(Self.number(pair.key.suffix(8))), amount)
        }
    }

    /// What an escrow holds, or nothing when it is empty or unknown.
    public func escrow(_ key: EscrowKey, in state: any StateReader) -> Escrow? {
        Balances.decoded(state.value(.accounts, AccountsKeys.escrow(key)))
    }

    /// An asset of the chain.
    public func asset(_ id: AssetID, in state: any StateReader) -> Asset? {
        Balances.asset(id, in: state)
    }

    /// The chain's assets by ascending number, after `after`; at most `limit`.
    public func assets(
        after: AssetID? = nil, limit: Int = 100, in state: any StateReader
    ) -> [(id: AssetID, asset: Asset)] {
        let pairs = state.scan(
            .accounts, prefix: [AccountsKeys.assetPrefix], after: after.map(AccountsKeys.asset),
            limit: limit)
        return pairs.compactMap { pair in
            guard let asset: Asset = Balances.decoded(pair.value) else { return nil }
            return (AssetID(Self.number(pair.key.suffix(8))), asset)
        }
    }

    static func number(_ bigEndian: ArraySlice<UInt8>) -> UInt64 {
        bigEndian.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

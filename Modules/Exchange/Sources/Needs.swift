// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps money: vaults of single assets, and shares as assets.
public protocol ExchangeBank: Sendable {
    /// Moves an amount above zero from an account's balance into a vault.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller or the asset is unknown; nothing has
    ///   moved then.
    func deposit(
        _ amount: Amount, of asset: AssetID, from account: AccountID, into vault: Vault,
        in context: ExecutionContext
    ) throws(Refusal)

    /// Moves an amount from a vault into an account's balance. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the vault holds less; nothing has moved then.
    func pay(
        _ amount: Amount, from vault: Vault, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// Ends the existence of an amount in a vault.
    ///
    /// - Throws: A ``Refusal`` when the vault holds less.
    func burn(_ amount: Amount, from vault: Vault, in context: ExecutionContext) throws(Refusal)

    /// Makes an amount of a pool's shares.
    ///
    /// - Throws: A ``Refusal`` when more would exist than 128 bits hold.
    func issue(
        _ shares: Amount, of asset: AssetID, symbol: String, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal)

    /// Ends the existence of an amount of a pool's shares.
    ///
    /// - Throws: A ``Refusal`` when the account has less.
    func redeem(
        _ shares: Amount, of asset: AssetID, from account: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// What a vault holds.
    func balance(of vault: Vault, in state: any StateReader) -> Amount

    /// What exists of an asset, or nothing when the chain has no such asset.
    func supply(of asset: AssetID, in state: any StateReader) -> Amount?
}

/// Where this module's money lies; each vault holds one asset.
public enum Vault: Hashable, Sendable {
    /// One side of a pool.
    case reserve(UInt64, AssetID)
    /// Shares of a pool that an account locked.
    case lock(UInt64, AccountID)
    /// What conversions are paid from.
    case fund
    /// What is about to be burnt.
    case furnace(AssetID)
}

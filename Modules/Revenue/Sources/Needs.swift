// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps money. What is to be divided lies in one purse for each
/// asset, into which whoever pays puts it, and out of which all of it goes at once.
public protocol RevenueBank: Sendable {
    /// What an account has of the native asset.
    func balance(of account: AccountID, in state: any StateReader) -> Amount
    /// Moves an amount of the native asset from an account into the purse.
    ///
    /// - Throws: A ``Refusal`` when the account has less; nothing has moved then.
    func collect(
        _ amount: Amount, from account: AccountID, in context: ExecutionContext) throws(Refusal)
    /// What the purse of an asset holds: nothing, except while something is being divided.
    func purse(of asset: AssetID, in state: any StateReader) -> Amount
    /// Pays out of the purse. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when it holds less, or the account cannot hold more.
    func pay(
        _ amount: Amount, of asset: AssetID, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal)
    /// Ends the existence of an amount in the purse. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when it holds less.
    func burn(
        _ amount: Amount, of asset: AssetID, in context: ExecutionContext) throws(Refusal)
    /// Moves an amount out of the purse into a pool of the treasury. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when it holds less.
    func give(
        _ amount: Amount, of asset: AssetID, toPool pool: UInt64, in context: ExecutionContext
    ) throws(Refusal)
    /// Moves an amount of the native asset out of the purse to what all validators and those
    /// behind them share at the next cut. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when it holds less.
    func giveValidators(_ amount: Amount, in context: ExecutionContext) throws(Refusal)
    /// Whether the treasury has a pool.
    func hasPool(_ pool: UInt64, in state: any StateReader) -> Bool
    /// What a pool of the treasury has of an asset.
    func held(of asset: AssetID, byPool pool: UInt64, in state: any StateReader) -> Amount
    /// Pays an account out of a pool of the treasury. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the pool holds less.
    func payWork(
        _ amount: Amount, of asset: AssetID, fromPool pool: UInt64, to account: AccountID,
        in context: ExecutionContext
    ) throws(Refusal)
}

/// What this module asks of whoever knows people and machines.
public protocol RevenuePeople: Sendable {
    /// Whether an account has a bond as an orchestrator now (CO-05).
    func isOrchestrator(_ account: AccountID, in state: any StateReader) -> Bool
    /// A provider's reputation, in millionths of the best.
    func reputation(of provider: AccountID, in state: any StateReader) -> UInt64
    /// What a provider says it can.
    func capabilities(of provider: AccountID, in state: any StateReader) -> [String]
}

// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps the native asset: bonds by the provider's account.
public protocol BondBank: Sendable {
    /// Moves an amount above zero from the owner's balance into its bond.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller; nothing has moved then.
    func holdBond(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext) throws(Refusal)

    /// Moves an amount out of a bond.
    ///
    /// - Throws: A ``Refusal`` when the bond is smaller, or when an escrow named as destination
    ///   holds another asset; nothing has moved then.
    func releaseBond(
        _ amount: Amount, of owner: AccountID, to destination: BondDestination,
        in context: ExecutionContext) throws(Refusal)

    /// What is held as an account's bond.
    func bond(of owner: AccountID, in state: any StateReader) -> Amount
}

/// Where money out of a bond goes.
public enum BondDestination: Hashable, Sendable {
    /// Into an account's balance.
    case account(AccountID)
    /// Into an escrow of another module, by that module's own id.
    case escrow(ModuleID, Bytes32)
    /// Nowhere: it ceases to exist and the supply falls.
    case burnt
}

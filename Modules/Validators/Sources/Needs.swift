// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps the native asset: stakes by the member's account.
public protocol StakeBank: Sendable {
    /// Moves an amount above zero from the owner's balance into its stake.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller; nothing has moved then.
    func holdStake(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext) throws(Refusal)

    /// Moves an amount out of a stake.
    ///
    /// - Throws: A ``Refusal`` when the stake is smaller; nothing has moved then.
    func releaseStake(
        _ amount: Amount, of owner: AccountID, to destination: StakeDestination,
        in context: ExecutionContext) throws(Refusal)

    /// What is held as an account's stake.
    func stake(of owner: AccountID, in state: any StateReader) -> Amount
}

/// Where money out of a stake goes.
public enum StakeDestination: Hashable, Sendable {
    /// Back into its owner's balance.
    case owner
    /// Nowhere: it ceases to exist and the supply falls.
    case burnt
}

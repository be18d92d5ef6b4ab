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

/// What this module asks of whoever keeps the stake that others put behind members.
public protocol Backers: Sendable {
    /// An offence costs what stands behind a member, too: of what stood there before the offence
    /// was punished, `after` millionths in all, of which `before` have been taken already.
    ///
    /// - Parameter epoch: The epoch of the offence.
    func punish(
        behind account: AccountID, of epoch: Epoch, before: UInt64, after: UInt64,
        in context: ExecutionContext)
}

/// Nobody puts stake behind others.
public struct NoBackers: Backers {
    /// Creates it.
    public init() {}
    /// Nothing stands there.
    public func punish(
        behind account: AccountID, of epoch: Epoch, before: UInt64, after: UInt64,
        in context: ExecutionContext
    ) {}
}

/// Where money out of a stake goes.
public enum StakeDestination: Hashable, Sendable {
    /// Back into its owner's balance.
    case owner
    /// Away from its owner, for an offence; the bank's law says to whom, or that it is burnt.
    case forfeited
}

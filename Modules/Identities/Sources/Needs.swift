// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Whoever wants to know when somebody begins or ceases to be known as a person.
public protocol PersonWatcher: Sendable {
    /// What is known of the person behind an account has changed.
    func personChanged(_ account: AccountID, in context: ExecutionContext)
}

/// Nobody wants to know.
public struct NoPersonWatcher: PersonWatcher {
    /// Creates it.
    public init() {}
    /// Nothing.
    public func personChanged(_ account: AccountID, in context: ExecutionContext) {}
}

/// What this module asks of whoever keeps the native asset: bonds by the issuer's identity.
public protocol IssuerBank: Sendable {
    /// Moves an amount above zero from the payer's balance into an issuer's bond.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller; nothing has moved then.
    func holdBond(
        _ amount: Amount, of issuer: AccountID, from payer: AccountID,
        in context: ExecutionContext) throws(Refusal)

    /// Moves an amount out of an issuer's bond into an account's balance; zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the bond is smaller; nothing has moved then.
    func releaseBond(
        _ amount: Amount, of issuer: AccountID, to account: AccountID,
        in context: ExecutionContext) throws(Refusal)

    /// Ends the existence of a part of an issuer's bond; zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the bond is smaller; nothing has moved then.
    func burnBond(
        _ amount: Amount, of issuer: AccountID, in context: ExecutionContext) throws(Refusal)

    /// What is held as an issuer's bond.
    func bond(of issuer: AccountID, in state: any StateReader) -> Amount
}

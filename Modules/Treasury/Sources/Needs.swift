// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps money: chests of single assets.
public protocol TreasuryBank: Sendable {
    /// Moves an amount above zero from an account's balance into a chest of that asset.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller; nothing has moved then.
    func deposit(
        _ amount: Amount, from account: AccountID, into chest: Chest, in context: ExecutionContext
    ) throws(Refusal)

    /// Moves an amount from a chest into an account's balance. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the chest holds less; nothing has moved then.
    func pay(
        _ amount: Amount, from chest: Chest, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// Moves an amount between chests of one asset. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the first holds less; nothing has moved then.
    func move(
        _ amount: Amount, from chest: Chest, into other: Chest, in context: ExecutionContext
    ) throws(Refusal)

    /// What a chest holds.
    func balance(of chest: Chest, in state: any StateReader) -> Amount
}

/// What this module asks of the law as a whole: to do what an account of several signers decided.
public protocol Dispatcher: Sendable {
    /// Executes a message as an account's.
    ///
    /// - Throws: What its module refuses.
    func execute(
        _ message: Message, as account: AccountID, in context: ExecutionContext) throws(Refusal)
}

/// What this module asks of whoever knows people: who is one person, however many accounts it has.
public protocol PersonBook: Sendable {
    /// The person behind an account, or nothing when nobody vouches for one.
    func person(of account: AccountID, in state: any StateReader) -> Bytes32?
}

/// Nobody vouches for anybody.
public struct NoPersons: PersonBook {
    /// Creates it.
    public init() {}
    /// Nothing.
    public func person(of account: AccountID, in state: any StateReader) -> Bytes32? { nil }
}

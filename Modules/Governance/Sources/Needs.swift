// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// What this module asks of whoever keeps money: deposits of proposals, and locked stake.
public protocol GovernanceBank: Sendable {
    /// Moves an amount above zero of the native asset from a balance into a purse.
    ///
    /// - Throws: A ``Refusal`` when the balance is smaller; nothing has moved then.
    func hold(
        _ amount: Amount, from account: AccountID, in purse: BallotPurse,
        _ context: ExecutionContext) throws(Refusal)
    /// Moves an amount from a purse into a balance. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the purse holds less; nothing has moved then.
    func release(
        _ amount: Amount, from purse: BallotPurse, to account: AccountID,
        in context: ExecutionContext) throws(Refusal)
    /// Ends the existence of an amount in a purse. Zero does nothing.
    ///
    /// - Throws: A ``Refusal`` when the purse holds less.
    func burn(
        _ amount: Amount, from purse: BallotPurse, in context: ExecutionContext) throws(Refusal)
    /// What a purse holds.
    func balance(of purse: BallotPurse, in state: any StateReader) -> Amount
}

/// Where this module's money lies.
public enum BallotPurse: Hashable, Sendable {
    /// A proposal's deposit.
    case deposit(UInt64)
    /// What an account locked to vote with.
    case lock(AccountID)
}

/// What this module asks of whoever knows stakes and people.
public protocol StakeBook: Sendable {
    /// What an account has at stake and cannot move to another account while a vote lasts.
    func stake(of account: AccountID, in state: any StateReader) -> Amount
    /// The weight of its lock: the root of its units times a multiplier, in millionths.
    func rootWeight(of account: AccountID, in state: any StateReader) -> UInt128
    /// The person behind an account, or nothing when nobody vouches for one.
    func person(of account: AccountID, in state: any StateReader) -> Bytes32?
    /// Who votes in consensus now, with which weight.
    func validators(in state: any StateReader) -> [(account: AccountID, weight: UInt64)]
    /// The newest epoch whose set is known.
    func newestEpoch(in state: any StateReader) -> Epoch
}

/// What this module asks of the law as a whole.
public protocol LawDesk: Sendable {
    /// Executes a message as an account's.
    ///
    /// - Throws: What its module refuses.
    func execute(
        _ message: Message, as account: AccountID, in context: ExecutionContext) throws(Refusal)
    /// The figures of a module that can be changed, or nothing when it has none.
    func figures(of module: ModuleID, in state: any StateReader) -> JSON?
    /// Sets all figures of a module.
    ///
    /// - Throws: A ``Refusal`` with the first that is out of its range; nothing has changed then.
    func adjust(
        _ module: ModuleID, to figures: JSON, in context: ExecutionContext) throws(Refusal)
}

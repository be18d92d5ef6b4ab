// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What the ledger asks of whoever keeps accounts: nonces, and the native asset for fees.
public protocol FeeBook: Sendable {
    /// The number the account's next transaction must have.
    func nextNonce(of account: AccountID, in state: any StateReader) -> UInt64
    /// What the account can pay in fees now.
    func spendable(by account: AccountID, in state: any StateReader) -> Amount
    /// Makes the account's next nonce one higher.
    func advanceNonce(of account: AccountID, in context: ExecutionContext)
    /// Moves a fee from the payer to the block's proposer.
    ///
    /// - Throws: A ``Refusal`` when the payer has less; nothing has changed then.
    func charge(
        _ fee: Amount, to payer: AccountID, for proposer: AccountID, in context: ExecutionContext
    ) throws(Refusal)
}

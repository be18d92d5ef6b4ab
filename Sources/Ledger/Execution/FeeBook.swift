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
    /// Moves a fee from the payer to whoever receives the block's fees.
    ///
    /// - Throws: A ``Refusal`` when the payer has less; nothing has changed then.
    func charge(
        _ fee: Amount, to payer: AccountID, for receiver: AccountID, in context: ExecutionContext
    ) throws(Refusal)

    /// Which account receives a block's fees: its proposer's, or one whose money is divided at the
    /// block's end. Asked once for each block, of the state before it (LEDGER-23).
    func receiver(of proposer: AccountID, in state: any StateReader) -> AccountID

    /// Who pays a transaction's fee: its sender, unless the transaction asks another who has
    /// promised to (LEDGER-22).
    ///
    /// A transaction of native messages alone is paid by its sender, whatever this says.
    ///
    /// - Throws: A ``Refusal`` when it asks somebody who does not pay for it.
    func payer(
        of transaction: CheckedTransaction, fee: Amount, at now: Timestamp,
        in state: any StateReader
    ) throws(Refusal) -> AccountID

    /// Notes that another than the sender has paid a transaction's fee.
    ///
    /// - Throws: A ``Refusal`` when it must not be paid after all; nothing has changed then.
    func noteFee(
        _ fee: Amount, paidFor transaction: CheckedTransaction, in context: ExecutionContext
    ) throws(Refusal)
}

extension FeeBook {
    /// The proposer itself.
    public func receiver(of proposer: AccountID, in state: any StateReader) -> AccountID {
        proposer
    }

    /// The sender.
    public func payer(
        of transaction: CheckedTransaction, fee: Amount, at now: Timestamp,
        in state: any StateReader
    ) throws(Refusal) -> AccountID { transaction.account }

    /// Nothing to note.
    public func noteFee(
        _ fee: Amount, paidFor transaction: CheckedTransaction, in context: ExecutionContext
    ) throws(Refusal) {}
}

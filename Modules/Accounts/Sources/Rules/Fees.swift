// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension AccountsModule: AccountBook {
    /// The number the account's next transaction must have, from 0 (ACCOUNTS-4).
    public func nextNonce(of account: AccountID, in state: any StateReader) -> UInt64 {
        guard let bytes = state.value(.accounts, AccountsKeys.nonce(of: account)) else { return 0 }
        var decoder = CanonicalDecoder(bytes)
        guard let nonce = try? decoder.read(UInt64.self) else {
            preconditionFailure("a stored nonce does not read")
        }
        return nonce
    }

    /// The account's native balance.
    public func spendable(by account: AccountID, in state: any StateReader) -> Amount {
        balance(of: account, in: state)
    }

    /// Makes the account's next nonce one higher; 2^64 transactions of one account never happen.
    public func advanceNonce(of account: AccountID, in context: ExecutionContext) {
        var encoder = CanonicalEncoder(capacity: 8)
        encoder.write(nextNonce(of: account, in: context) + 1)
        context.set(.accounts, AccountsKeys.nonce(of: account), encoder.bytes)
    }

    /// Moves a fee to who receives the block's fees (ACCOUNTS-5); a fee of zero moves nothing.
    ///
    /// - Throws: `insufficientBalance`, `balanceTooLarge`.
    public func charge(
        _ fee: Amount, to payer: AccountID, for receiver: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard fee > .zero else { return }
        try context.atomically { () throws(Refusal) in
            try Balances.debit(fee, of: .native, from: payer, in: context)
            try Balances.credit(fee, of: .native, to: receiver, in: context)
            context.emit(
                .feePaid, about: payer.raw,
                Movement(from: payer, to: receiver, asset: .native, amount: fee))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Market
import Vocabulary

/// What clients set aside for orders, as escrows of the accounts module.
struct OrdersInEscrow: EscrowBank {
    let accounts: AccountsModule

    func hold(
        from account: AccountID, asset: AssetID, amount: Amount, escrow: Bytes32,
        in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: asset, from: account, as: key(escrow), in: context)
    }

    func release(
        escrow: Bytes32, to account: AccountID, amount: Amount, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(escrow), to: account, in: context)
    }

    func burn(escrow: Bytes32, amount: Amount, in context: ExecutionContext) throws(Refusal) {
        try accounts.burn(amount, from: key(escrow), in: context)
    }

    func balance(of escrow: Bytes32, in state: any StateReader) -> Amount {
        accounts.escrow(key(escrow), in: state)?.amount ?? .zero
    }

    private func key(_ id: Bytes32) -> EscrowKey { EscrowKey(module: .market, id: id) }
}

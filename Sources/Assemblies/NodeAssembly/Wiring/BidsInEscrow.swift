// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Names
import Vocabulary

/// Bids for names as escrows of the accounts module, named by the name's hash.
struct BidsInEscrow: NameBank {
    let accounts: AccountsModule

    func holdBid(
        _ amount: Amount, for name: Bytes32, from bidder: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: .native, from: bidder, as: key(name), in: context)
    }

    func releaseBid(
        _ amount: Amount, for name: Bytes32, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.release(amount, from: key(name), to: account, in: context)
    }

    func burnBid(
        _ amount: Amount, for name: Bytes32, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.burn(amount, from: key(name), in: context)
    }

    func held(for name: Bytes32, in state: any StateReader) -> Amount {
        accounts.escrow(key(name), in: state)?.amount ?? .zero
    }

    private func key(_ name: Bytes32) -> EscrowKey { EscrowKey(module: .names, id: name) }
}

// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Registry
import Vocabulary

/// Bonds of providers as escrows of the accounts module, named by the provider's account.
struct BondsInEscrow: BondBank {
    let accounts: AccountsModule

    func holdBond(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: .native, from: owner, as: key(of: owner), in: context)
    }

    func releaseBond(
        _ amount: Amount, of owner: AccountID, to destination: BondDestination,
        in context: ExecutionContext
    ) throws(Refusal) {
        switch destination {
        case .account(let account):
            try accounts.release(amount, from: key(of: owner), to: account, in: context)
        case .escrow(let module, let id):
            try accounts.move(
                amount, from: key(of: owner), into: EscrowKey(module: module, id: id), in: context)
        case .burnt:
            try accounts.burn(amount, from: key(of: owner), in: context)
        }
    }

    func bond(of owner: AccountID, in state: any StateReader) -> Amount {
        accounts.escrow(key(of: owner), in: state)?.amount ?? .zero
    }

    private func key(of owner: AccountID) -> EscrowKey {
        EscrowKey(module: .registry, id: owner.raw)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Validators
import Vocabulary

/// Stakes of validators as escrows of the accounts module, named by the member's account.
struct StakesInEscrow: StakeBank {
    let accounts: AccountsModule

    func holdStake(
        _ amount: Amount, of owner: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        try accounts.hold(amount, of: .native, from: owner, as: key(of: owner), in: context)
    }

    func releaseStake(
        _ amount: Amount, of owner: AccountID, to destination: StakeDestination,
        in context: ExecutionContext
    ) throws(Refusal) {
        switch destination {
        case .owner:
            try accounts.release(amount, from: key(of: owner), to: owner, in: context)
        case .forfeited:
            try accounts.burn(amount, from: key(of: owner), in: context)
        }
    }

    func stake(of owner: AccountID, in state: any StateReader) -> Amount {
        accounts.escrow(key(of: owner), in: state)?.amount ?? .zero
    }

    private func key(of owner: AccountID) -> EscrowKey {
        EscrowKey(module: .validators, id: owner.raw)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Accounts
import Ledger
import Staking
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
            // The same law as for every penalty (STAKING-7).
            let honest = StakingQueries(context).honestShare(of: amount)
            try accounts.move(
                honest, from: key(of: owner), into: StakesInPurses.key(.penalties), in: context)
            guard let rest = amount.subtracting(honest) else { return }
            try accounts.burn(rest, from: key(of: owner), in: context)
        }
    }

    func stake(of owner: AccountID, in state: any StateReader) -> Amount {
        accounts.escrow(key(of: owner), in: state)?.amount ?? .zero
    }

    private func key(of owner: AccountID) -> EscrowKey {
        EscrowKey(module: .validators, id: owner.raw)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Staking
import Validators
import Vocabulary

/// Validators as the module Staking sees them: it reads their state and says what stands behind
/// them.
struct ValidatorsWithBacking: ValidatorBook {
    func standing(of account: AccountID, in state: any StateReader) -> ValidatorStanding? {
        ValidatorsQueries(state).member(of: account).map { member in
            ValidatorStanding(
                isOpen: member.status == .active,
                own: member.stake.subtracting(member.backing) ?? .zero)
        }
    }

    func newestEpoch(in state: any StateReader) -> Epoch {
        ValidatorsQueries(state).nextSet?.epoch ?? Epoch(0)
    }

    func seats(of epoch: Epoch, in state: any StateReader) -> [ValidatorSeat] {
        let queries = ValidatorsQueries(state)
        return (queries.seats(of: epoch)?.seats ?? []).map { seat in
            ValidatorSeat(
                account: seat.account, weight: seat.weight,
                isPunished: queries.offence(of: seat.account, in: epoch) != nil)
        }
    }

    func unbondingEpochs(in state: any StateReader) -> UInt64 {
        ValidatorsQueries(state).parameters.unbondingEpochs
    }

    func setBacking(
        _ amount: Amount, behind account: AccountID, in context: ExecutionContext
    ) {
        ValidatorBacking.set(amount, behind: account, in: context)
    }
}

/// The pools of the module Staking as what stands behind validators.
struct PoolsBehindValidators: Backers {
    let staking: StakingModule

    func punish(
        behind account: AccountID, of epoch: Epoch, before: UInt64, after: UInt64,
        in context: ExecutionContext
    ) {
        staking.punishPool(of: account, for: epoch, before: before, after: after, in: context)
    }
}

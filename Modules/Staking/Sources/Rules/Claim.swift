// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Pays an owner's rewards behind an operator, and an operator's own earnings (STAKING-17).
    func claim(
        from account: AccountID, for sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard StakingQueries(context).pool(of: account) != nil else {
            throw .staking(.nothingToClaim, "nothing stands behind \(account)")
        }
        var pool = openPool(of: account, in: context)
        var paid = false
        if StakingQueries(context).delegation(of: sender, behind: account) != nil {
            var delegation = openDelegation(of: sender, in: &pool, in: context)
            delegation.paid = pool.accumulated
            write(delegation, of: sender, behind: account, in: context)
            paid = true
        }
        if sender == account, pool.earned > .zero {
            pay(pool.earned, from: .rewards(account), to: sender, in: context)
            context.emit(
                .rewardClaimed, StakeNote(owner: sender, operator: account, amount: pool.earned))
            pool.earned = .zero
            paid = true
        }
        guard paid else { throw .staking(.nothingToClaim, "account \(sender) has nothing there") }
        write(pool, in: context)
    }

    /// Pays what steady shares earned, with what loyalty adds as far as the budget goes.
    func payReward(
        of delegation: inout Delegation, of owner: AccountID, in pool: inout Pool,
        in context: ExecutionContext
    ) {
        let reward = delegation.reward(at: pool.accumulated)
        delegation.paid = pool.accumulated
        guard reward > .zero else { return }
        pool.due = pool.due.subtracting(reward) ?? .zero
        pay(reward, from: .rewards(pool.operator), to: owner, in: context)
        let bonus = min(
            Self.share(reward, loyalty(since: delegation.since, in: context)),
            bank.balance(of: .budget, in: context))
        pay(bonus, from: .budget, to: owner, in: context)
        context.emit(
            .rewardClaimed,
            StakeNote(owner: owner, operator: pool.operator, amount: reward, other: bonus))
    }

    /// What loyalty adds to rewards, in millionths (OP-15).
    private func loyalty(since: Timestamp, in context: ExecutionContext) -> UInt64 {
        let parameters = parameters(in: context)
        let age = context.block.time.value - min(since.value, context.block.time.value)
        switch age {
        case ..<(StakingParameters.year / 2): return 0
        case ..<StakingParameters.year: return parameters.loyaltyHalfYear
        case ..<(2 * StakingParameters.year): return parameters.loyaltyYear
        default: return parameters.loyaltyTwoYears
        }
    }

    /// Adds to the budget that rewards are released from.
    func fund(
        _ amount: Amount, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { throw .staking(.amountTooSmall, "nothing to add") }
        try bank.deposit(amount, of: .native, from: sender, into: .budget, in: context)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Lets stake come back to the sender once nothing can be shown of the epochs it counted in
    /// (STAKING-18).
    func undelegate(
        _ order: StakeOrder, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var pool = try poolWithStake(of: sender, behind: order.operator, in: context)
        let (_, tokens) = try sell(
            order.amount, of: &pool, compounds: order.compounds, of: sender, in: context)
        transfer(
            tokens, from: .stake(order.operator), into: .leaving(order.operator), in: context)
        pool.leaving = Self.sum(pool.leaving, tokens)
        write(pool, in: context)
        let exposure = exposure(to: order.operator, in: context)
        let withdrawal = Withdrawal(owner: sender, amount: tokens, exposure: exposure)
        let number = count(in: context) { clock in
            defer { clock.withdrawals += 1 }
            return clock.withdrawals
        }
        context.set(
            .staking, StakingKeys.withdrawal(exposure.ends, number), withdrawal.canonicalBytes)
        context.emit(
            .undelegated, StakeNote(owner: sender, operator: order.operator, amount: tokens))
    }

    /// What stake that leaves an operator now answers for.
    func exposure(to account: AccountID, in context: ExecutionContext) -> Exposure {
        let newest = validators.newestEpoch(in: context)
        let ends = newest.advanced(by: 1 + validators.unbondingEpochs(in: context))
        return Exposure(
            operator: account, epoch: newest,
            kept: StakingQueries(context).keptShare(of: account, upTo: newest, ends: ends),
            ends: ends)
    }

    /// A pool in which somebody has something; redelegated shares have answered first.
    func poolWithStake(
        of owner: AccountID, behind account: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> Pool {
        guard StakingQueries(context).delegation(of: owner, behind: account) != nil else {
            throw .staking(.unknownDelegation, "account \(owner) has nothing behind \(account)")
        }
        var pool = openPool(of: account, in: context)
        answer(of: owner, in: &pool, in: context)
        return pool
    }

    /// Takes an owner's shares for at most an amount out of a pool; the tokens stay in its purse.
    ///
    /// - Returns: The shares and the tokens.
    func sell(
        _ amount: Amount, of pool: inout Pool, compounds: Bool, of owner: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) -> (shares: UInt128, tokens: Amount) {
        var delegation = openDelegation(of: owner, in: &pool, in: context)
        var stake = pool[compounds]
        let owned = delegation[compounds]
        let isAll = stake.worth(of: owned) <= amount
        let shares = isAll ? owned : stake.shares(for: amount) ?? owned
        let tokens = stake.worth(of: shares)
        guard shares > 0 else {
            throw .staking(.amountTooSmall, "nothing of this kind is behind \(pool.operator)")
        }
        try checkRipe(shares, of: delegation, compounds, owner, pool.operator, in: context)
        stake.shares -= shares
        stake.tokens = stake.tokens.subtracting(tokens) ?? .zero
        delegation[compounds] = owned - shares
        let rest = stake.worth(of: owned - shares)
        let least = parameters(in: context).delegationMin
        guard isAll || rest >= least else {
            throw .staking(.amountTooSmall, "\(rest) would be left, below the least, \(least)")
        }
        pool[compounds] = stake
        write(delegation, of: owner, behind: pool.operator, in: context)
        return (shares, tokens)
    }

    /// The most withdrawals paid in one block: 32 are some 250 writes.
    static let withdrawalsPerBlockMax = 32

    /// Pays the withdrawals whose epoch has come, the oldest first; what offences have taken of
    /// them goes where penalties go (STAKING-18).
    func payWithdrawals(in context: ExecutionContext) {
        let newest = validators.newestEpoch(in: context)
        let due = StakingQueries(context).withdrawals(limit: Self.withdrawalsPerBlockMax)
        for entry in due where entry.epoch <= newest {
            context.set(.staking, StakingKeys.withdrawal(entry.epoch, entry.number), nil)
            let withdrawal = entry.withdrawal
            let account = withdrawal.exposure.operator
            let worth = StakingQueries(context).worth(of: withdrawal)
            let lost = withdrawal.amount.subtracting(worth) ?? .zero
            pay(worth, from: .leaving(account), to: withdrawal.owner, in: context)
            forfeit(lost, from: .leaving(account), in: context)
            if var pool = StakingQueries(context).pool(of: account) {
                pool.leaving = pool.leaving.subtracting(withdrawal.amount) ?? .zero
                context.set(.staking, StakingKeys.pool(account), pool.canonicalBytes)
            }
            context.emit(
                .stakeReturned,
                StakeNote(owner: withdrawal.owner, operator: account, amount: worth, other: lost))
        }
    }
}

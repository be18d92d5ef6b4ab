// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Puts stake behind another operator at once; it answers for both until nothing can be shown
    /// of the first any more (STAKING-19).
    func redelegate(
        _ order: MoveOrder, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let source = order.from.operator
        guard source != order.to else {
            throw .staking(.sameOperator, "the stake is behind \(source) already")
        }
        try checkOpen(order.to, in: context)
        var old = try poolWithStake(of: sender, behind: source, in: context)
        let compounds = order.from.compounds
        let (_, tokens) = try sell(
            order.from.amount, of: &old, compounds: compounds, of: sender, in: context)
        write(old, in: context)
        var new = openPool(of: order.to, in: context)
        answer(of: sender, in: &new, in: context)
        guard StakingQueries(context).redelegation(of: sender, to: order.to) == nil else {
            throw .staking(.unripe, "shares behind \(order.to) still answer for another")
        }
        let least = parameters(in: context).delegationMin
        guard tokens >= least else {
            throw .staking(.amountTooSmall, "\(tokens) is below the least, \(least)")
        }
        transfer(tokens, from: .stake(source), into: .stake(order.to), in: context)
        let shares = try buy(tokens, of: &new, compounds: compounds, for: sender, in: context)
        write(new, in: context)
        let redelegation = Redelegation(
            exposure: exposure(to: source, in: context), compounds: compounds, shares: shares)
        context.set(
            .staking, StakingKeys.redelegation(sender, order.to), redelegation.canonicalBytes)
        context.emit(
            .redelegated, StakeNote(owner: sender, operator: order.to, amount: tokens))
    }

    /// Lets redelegated shares answer now for what is known of their former operator; anybody may
    /// ask.
    func settle(
        owner: AccountID, behind account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard StakingQueries(context).redelegation(of: owner, to: account) != nil else {
            throw .staking(.unknownDelegation, "no shares there answer for another operator")
        }
        var pool = openPool(of: account, in: context)
        answer(of: owner, in: &pool, in: context)
        write(pool, in: context)
    }

    /// Takes from redelegated shares what offences of their former operator cost, and forgets the
    /// redelegation once it is ripe.
    func answer(of owner: AccountID, in pool: inout Pool, in context: ExecutionContext) {
        let queries = StakingQueries(context)
        guard let redelegation = queries.redelegation(of: owner, to: pool.operator) else { return }
        let exposure = redelegation.exposure
        let now = queries.keptShare(
            of: exposure.operator, upTo: exposure.epoch, ends: exposure.ends)
        var left = redelegation.shares
        if now < exposure.kept, exposure.kept > 0 {
            left = Amount(left).scaled(by: now, over: exposure.kept)?.units ?? 0
            take(redelegation.shares - left, redelegation, of: owner, in: &pool, in: context)
        }
        let isRipe = validators.newestEpoch(in: context) >= exposure.ends
        let rest = Redelegation(
            exposure: Exposure(
                operator: exposure.operator, epoch: exposure.epoch, kept: now, ends: exposure.ends),
            compounds: redelegation.compounds, shares: left)
        context.set(
            .staking, StakingKeys.redelegation(owner, pool.operator),
            isRipe || left == 0 ? nil : rest.canonicalBytes)
    }

    private func take(
        _ shares: UInt128, _ redelegation: Redelegation, of owner: AccountID,
        in pool: inout Pool, in context: ExecutionContext
    ) {
        var delegation = openDelegation(of: owner, in: &pool, in: context)
        let kind = redelegation.compounds
        var stake = pool[kind]
        let tokens = stake.worth(of: shares)
        stake.tokens = stake.tokens.subtracting(tokens) ?? .zero
        stake.shares -= shares
        delegation[kind] -= shares
        pool[kind] = stake
        write(delegation, of: owner, behind: pool.operator, in: context)
        forfeit(tokens, from: .stake(pool.operator), in: context)
        context.emit(
            .settled, StakeNote(owner: owner, operator: pool.operator, amount: .zero, other: tokens)
        )
    }

    /// Checks that shares may leave: those that answer for a former operator stay until they are
    /// ripe.
    func checkRipe(
        _ shares: UInt128, of delegation: Delegation, _ compounds: Bool, _ owner: AccountID,
        _ account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard
            let redelegation = StakingQueries(context).redelegation(of: owner, to: account),
            redelegation.compounds == compounds
        else { return }
        guard delegation[compounds] - shares >= redelegation.shares else {
            throw .staking(
                .unripe,
                "\(redelegation.shares) shares answer for \(redelegation.exposure.operator) until "
                    + "epoch \(redelegation.exposure.ends)")
        }
    }
}

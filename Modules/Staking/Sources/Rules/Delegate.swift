// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Puts stake of the sender behind an operator (STAKING-13).
    func delegate(
        _ order: StakeOrder, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let least = parameters(in: context).delegationMin
        guard order.amount >= least else {
            throw .staking(.amountTooSmall, "\(order.amount) is below the least, \(least)")
        }
        try checkOpen(order.operator, in: context)
        var pool = openPool(of: order.operator, in: context)
        try bank.deposit(
            order.amount, of: .native, from: sender, into: .stake(order.operator), in: context)
        _ = try buy(
            order.amount, of: &pool, compounds: order.compounds, for: sender, in: context)
        write(pool, in: context)
        context.emit(
            .delegated,
            StakeNote(owner: sender, operator: order.operator, amount: order.amount))
    }

    func checkOpen(_ account: AccountID, in context: ExecutionContext) throws(Refusal) {
        guard let standing = validators.standing(of: account, in: context) else {
            throw .staking(.unknownOperator, "account \(account) is no validator")
        }
        guard standing.isOpen else {
            throw .staking(.operatorClosed, "validator \(account) takes no new stake now")
        }
    }

    /// Turns tokens that lie in a pool's purse into shares of an owner.
    ///
    /// - Returns: How many shares.
    func buy(
        _ amount: Amount, of pool: inout Pool, compounds: Bool, for owner: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) -> UInt128 {
        var stake = pool[compounds]
        guard let shares = stake.shares(for: amount) else {
            throw .staking(.poolRuined, "the pool of \(pool.operator) has lost everything")
        }
        stake.tokens = Self.sum(stake.tokens, amount)
        stake.shares += shares
        // Nobody can make shares so dear that rounding takes more than a millionth of what others
        // put in (STAKING-14).
        let lost = amount.subtracting(stake.worth(of: shares)) ?? .zero
        guard shares > 0, lost <= Self.share(amount, 1) else {
            throw .staking(.roundingTooLarge, "the shares of this pool are too coarse")
        }
        pool[compounds] = stake
        var delegation = openDelegation(of: owner, in: &pool, in: context)
        if !compounds {
            delegation.age(by: shares, at: context.block.time)
        }
        delegation[compounds] += shares
        write(delegation, of: owner, behind: pool.operator, in: context)
        return shares
    }

    /// What an account has in a pool, its rewards paid out.
    func openDelegation(
        of owner: AccountID, in pool: inout Pool, in context: ExecutionContext
    ) -> Delegation {
        guard
            var delegation = StakingQueries(context).delegation(
                of: owner, behind: pool.operator)
        else { return Delegation(paid: pool.accumulated, since: context.block.time) }
        payReward(of: &delegation, of: owner, in: &pool, in: context)
        return delegation
    }

    func write(
        _ delegation: Delegation, of owner: AccountID, behind account: AccountID,
        in context: ExecutionContext
    ) {
        context.set(
            .staking, StakingKeys.delegation(owner, account),
            delegation.isEmpty ? nil : delegation.canonicalBytes)
    }
}

extension Delegation {
    /// Makes the steady shares' average age that of the present ones and so many new ones.
    fileprivate mutating func age(by shares: UInt128, at now: Timestamp) {
        let passed = now.value - min(since.value, now.value)
        let (all, overflow) = steady.addingReportingOverflow(shares)
        guard !overflow, all > 0 else { return }
        // The age, not the time, is averaged: below 2^64, whatever the shares.
        let age = Amount(UInt128(passed)).scaled(by: steady, over: all)?.units ?? 0
        since = Timestamp(now.value - UInt64(min(age, UInt128(passed))))
    }
}

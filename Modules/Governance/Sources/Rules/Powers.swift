// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension GovernanceModule {
    /// Locks units to vote with (GOVERNANCE-2).
    func lock(
        _ amount: Amount, of sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero else { throw .governance(.badAmount, "nothing to lock") }
        try bank.hold(amount, from: sender, in: .lock(sender), context)
        var lock =
            GovernanceQueries(context).lock(of: sender)
            ?? VoteLock(amount: .zero, busy: Timestamp(0))
        guard let sum = lock.amount.adding(amount) else {
            throw .governance(.badAmount, "the lock would exceed 128 bits")
        }
        lock.amount = sum
        context.set(.governance, GovernanceKeys.lock(sender), lock.canonicalBytes)
        refresh(sender, in: context)
    }

    /// Gives locked units back when no vote of theirs goes on (GOVERNANCE-2).
    func unlock(
        _ amount: Amount, of sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard var lock = GovernanceQueries(context).lock(of: sender), amount > .zero,
            let rest = lock.amount.subtracting(amount)
        else { throw .governance(.badAmount, "so much is not locked") }
        guard context.block.time >= lock.busy else {
            throw .governance(.voteGoesOn, "votes keep it until \(lock.busy)")
        }
        try bank.release(amount, from: .lock(sender), to: sender, in: context)
        lock.amount = rest
        context.set(
            .governance, GovernanceKeys.lock(sender),
            rest == .zero ? nil : lock.canonicalBytes)
        refresh(sender, in: context)
    }

    /// Lets another vote with one's stake from now on; what was open before stays (GOVERNANCE-4).
    func delegate(
        _ sender: AccountID, to delegate: AccountID?, in context: ExecutionContext
    ) throws(Refusal) {
        let now = GovernanceQueries(context).power(of: sender, at: context.block.height)
        guard delegate != sender, delegate != now.delegate else {
            throw .governance(.badDelegate, "that changes nothing")
        }
        var power = now
        if let former = now.delegate { receive(now.own, to: .zero, by: former, in: context) }
        power.delegate = delegate
        write(power, of: sender, in: context)
        if let delegate { receive(.zero, to: now.own, by: delegate, in: context) }
        refresh(sender, in: context)
    }

    /// Notes what an account has at stake now (GOVERNANCE-3). Whoever keeps stakes calls this when
    /// they change; anybody may ask.
    public func refresh(_ account: AccountID, in context: ExecutionContext) {
        let queries = GovernanceQueries(context)
        let now = context.block.height
        let before = queries.power(of: account, at: now)
        let locked = queries.lock(of: account)?.amount ?? .zero
        var power = before
        power.own = locked.adding(stakes.stake(of: account, in: context)) ?? locked
        let isPerson = stakes.person(of: account, in: context) != nil
        power.root = isPerson ? stakes.rootWeight(of: account, in: context) : 0
        guard power != before else { return }
        write(power, of: account, in: context)
        if let delegate = power.delegate {
            receive(before.own, to: power.own, by: delegate, in: context)
        }
        var total = queries.total(at: now)
        total.stake = total.stake &- before.own.units &+ power.own.units
        total.roots = total.roots &- before.root &+ power.root
        context.set(.governance, GovernanceKeys.total(now), total.canonicalBytes)
        forget([5], before: now, in: context)
        context.emit(
            .powerChanged, GovernanceNote(0, account, weight: power.own.units))
    }

    /// Changes what an account may vote with for others.
    private func receive(
        _ before: Amount, to after: Amount, by account: AccountID, in context: ExecutionContext
    ) {
        var power = GovernanceQueries(context).power(of: account, at: context.block.height)
        let rest = power.received.subtracting(before) ?? .zero
        power.received = rest.adding(after) ?? rest
        write(power, of: account, in: context)
    }

    private func write(_ power: Power, of account: AccountID, in context: ExecutionContext) {
        context.set(
            .governance, GovernanceKeys.power(account, context.block.height), power.canonicalBytes)
        forget(GovernanceKeys.powers(of: account), before: context.block.height, in: context)
    }

    /// Drops up to two values that no vote can ask for any more: too old, with a newer one that is,
    /// too.
    private func forget(_ prefix: [UInt8], before now: BlockHeight, in context: ExecutionContext) {
        guard now.value > Self.memory else { return }
        let edge = prefix + GovernanceKeys.bigEndian(~(now.value - Self.memory))
        let old = context.scan(.governance, prefix: prefix, after: edge, limit: 3)
        for entry in old.dropFirst() { context.set(.governance, entry.key, nil) }
    }

    /// For how many blocks powers are remembered: 2^26, eleven weeks at ten blocks a second.
    private static let memory: UInt64 = 1 << 26
}

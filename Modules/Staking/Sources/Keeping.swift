// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// How rules read and write what the module keeps.
extension StakingModule {
    func parameters(in state: any StateReader) -> StakingParameters {
        StakingQueries(state).parameters
    }

    /// The bond of a role, which must be there.
    func known(
        _ role: Role, of account: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> RoleBond {
        guard let bond = StakingQueries(context).bond(role, of: account) else {
            throw .staking(.unknownBond, "account \(account) has no bond as \(role)")
        }
        return bond
    }

    func terms(of role: Role, in context: ExecutionContext) throws(Refusal) -> RoleTerms {
        guard let terms = StakingQueries(context).terms(of: role) else {
            throw .staking(.roleClosed, "this chain has no role \(role)")
        }
        return terms
    }

    /// Writes a bond, what all of its role come to, and what lies in its failure domain.
    func write(_ bond: RoleBond, in context: ExecutionContext) {
        let queries = StakingQueries(context)
        let before = queries.bond(bond.role, of: bond.account)
        var totals = queries.totals(of: bond.role)
        totals.count += bond.isHere ? 1 : 0
        totals.count -= (before?.isHere ?? false) ? 1 : 0
        totals.base = Self.changed(totals.base, from: before?.base ?? .zero, to: bond.base)
        context.set(.staking, StakingKeys.totals(of: bond.role), totals.canonicalBytes)
        for kind in DomainKind.allCases {
            if let before, let domain = before.domain {
                note(.zero, was: before.base, kind, domain, bond.role, in: context)
            }
            if let domain = bond.domain {
                note(bond.base, was: .zero, kind, domain, bond.role, in: context)
            }
        }
        context.set(.staking, StakingKeys.bond(bond.role, bond.account), bond.canonicalBytes)
        if bond.role == .holder { watcher.stakeChanged(of: bond.account, in: context) }
    }

    private func note(
        _ base: Amount, was before: Amount, _ kind: DomainKind, _ domain: FailureDomain,
        _ role: Role, in context: ExecutionContext
    ) {
        let name = kind.name(in: domain)
        let held = StakingQueries(context).bonded(kind, name, of: role)
        let now = Self.changed(held, from: before, to: base)
        context.set(
            .staking, StakingKeys.domain(kind, name, of: role),
            now == .zero ? nil : now.canonicalBytes)
    }

    /// A sum of which one part changed. All parts are money of one supply, so nothing overflows.
    static func changed(_ sum: Amount, from before: Amount, to after: Amount) -> Amount {
        guard let rest = sum.subtracting(before), let changed = rest.adding(after) else {
            preconditionFailure("a sum is the sum of its parts")
        }
        return changed
    }

    /// A sum of two amounts of one supply.
    static func sum(_ first: Amount, _ second: Amount) -> Amount {
        changed(first, from: .zero, to: second)
    }

    /// A share in millionths, rounded down.
    static func share(_ amount: Amount, _ partsPerMillion: UInt64) -> Amount {
        amount.scaled(
            by: UInt128(min(partsPerMillion, StakingParameters.million)),
            over: UInt128(StakingParameters.million)) ?? .zero
    }

    // MARK: Pools

    /// An operator's pool, whose rewards have flowed up to this block; a new one is empty.
    func openPool(of account: AccountID, in context: ExecutionContext) -> Pool {
        guard var pool = StakingQueries(context).pool(of: account) else {
            return Pool(
                account, commission: parameters(in: context).commissionStart,
                at: context.block.height)
        }
        let flow = pool.flow(to: context.block.height)
        transfer(flow.compounded, from: .rewards(account), into: .stake(account), in: context)
        transfer(flow.unclaimed, from: .rewards(account), into: .budget, in: context)
        if let notice = pool.notice, notice.from <= validators.newestEpoch(in: context) {
            pool.commission = notice.partsPerMillion
        }
        return pool
    }

    /// Writes a pool and says what stands behind its operator.
    func write(_ pool: Pool, in context: ExecutionContext) {
        context.set(.staking, StakingKeys.pool(pool.operator), pool.canonicalBytes)
        validators.setBacking(pool.backing, behind: pool.operator, in: context)
    }

    /// Moves money that this module knows to be there.
    func transfer(
        _ amount: Amount, from purse: Purse, into other: Purse, in context: ExecutionContext
    ) {
        guard amount > .zero else { return }
        do {
            try bank.move(amount, from: purse, into: other, in: context)
        } catch {
            preconditionFailure("a purse holds what its record says: \(error)")
        }
    }

    /// Pays money that this module knows to be there.
    func pay(
        _ amount: Amount, from purse: Purse, to account: AccountID, in context: ExecutionContext
    ) {
        guard amount > .zero else { return }
        do {
            try bank.pay(amount, from: purse, to: account, in: context)
        } catch {
            preconditionFailure("a purse holds what its record says: \(error)")
        }
    }

    /// Takes a penalty: a share for honest validators, the rest burnt (STAKING-7).
    func forfeit(_ amount: Amount, from purse: Purse, in context: ExecutionContext) {
        let honest = Self.share(amount, parameters(in: context).honestPartsPerMillion)
        transfer(honest, from: purse, into: .penalties, in: context)
        burn(amount.subtracting(honest) ?? .zero, from: purse, in: context)
    }

    /// Burns money that this module knows to be there.
    func burn(_ amount: Amount, from purse: Purse, in context: ExecutionContext) {
        guard amount > .zero else { return }
        do {
            try bank.burn(amount, from: purse, in: context)
        } catch {
            preconditionFailure("a purse holds what its record says: \(error)")
        }
    }

    /// Changes what the module counts for itself.
    func count<Result>(
        in context: ExecutionContext, _ change: (inout StakingClock) -> Result
    ) -> Result {
        var clock = StakingQueries(context).clock ?? StakingClock(at: context.block.time)
        let result = change(&clock)
        context.set(.staking, StakingKeys.clock, clock.canonicalBytes)
        return result
    }
}

extension RoleBond {
    /// Whether anything of it is still there.
    var isHere: Bool { base > .zero || second > .zero || !parts.isEmpty }
}

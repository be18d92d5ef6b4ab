// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Lets a part of a bond come back; the least must stay (STAKING-4).
    func reduceBond(
        _ amounts: BondAmounts, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let bond = try known(amounts.role, of: sender, in: context)
        switch bond.status {
        case .bonded, .paused: break
        case .jailed, .unbonding, .withdrawn, .banned:
            throw .staking(.wrongStatus, "only a bond that stands can be reduced")
        }
        guard amounts.base > .zero || amounts.second > .zero else {
            throw .staking(.amountTooSmall, "nothing to take")
        }
        guard let base = bond.base.subtracting(amounts.base),
            let second = bond.second.subtracting(amounts.second)
        else { throw .staking(.amountTooLarge, "the bond is \(bond.base) and \(bond.second)") }
        try checkUnlocked(bond, in: context)
        try checkLeast(base: base, second: second, terms(of: bond.role, in: context))
        try part(amounts.base, amounts.second, of: bond, in: context)
    }

    /// Ends a role: all of the bond comes back (STAKING-5).
    func leave(
        _ role: Role, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = try known(role, of: sender, in: context)
        switch bond.status {
        case .bonded, .paused, .jailed: break
        case .unbonding, .withdrawn, .banned:
            throw .staking(.wrongStatus, "the bond leaves or has left already")
        }
        try checkUnlocked(bond, in: context)
        bond.status = .unbonding
        try part(bond.base, bond.second, of: bond, in: context)
    }

    private func checkUnlocked(
        _ bond: RoleBond, in context: ExecutionContext
    ) throws(Refusal) {
        guard context.block.time >= bond.lockedUntil else {
            throw .staking(.locked, "the lock ends at \(bond.lockedUntil)")
        }
    }

    /// Takes amounts out of what stands and lets them come back after the delay.
    func part(
        _ base: Amount, _ second: Amount, of bond: RoleBond, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = bond
        let terms = try terms(of: bond.role, in: context)
        let delay = max(terms.unbonding, LockTerms.table[Int(bond.lock)].unbonding)
        let due = context.block.time.advanced(by: delay)
        bond.base = bond.base.subtracting(base) ?? .zero
        bond.second = bond.second.subtracting(second) ?? .zero
        if let last = bond.parts.indices.last, bond.parts[last].due == due {
            bond.parts[last].base = Self.sum(bond.parts[last].base, base)
            bond.parts[last].second = Self.sum(bond.parts[last].second, second)
        } else {
            // One place is kept for the last part, so that leaving is always possible.
            let places = RoleBond.partsMax - (bond.isLeaving ? 0 : 1)
            guard bond.parts.count < places else {
                throw .staking(.tooManyParts, "\(bond.parts.count) parts come back already")
            }
            bond.parts.append(BondPart(base: base, second: second, due: due))
        }
        context.set(.staking, StakingKeys.partDue(due, bond.role, bond.account), [1])
        write(bond, in: context)
        context.emit(.bondChanged, bond)
    }

    /// The most bonds of which parts come back in one block: 32 are some 200 writes.
    static let bondsPerBlockMax = 32

    /// Pays back the parts whose time has come, the oldest first (STAKING-6).
    func payBonds(in context: ExecutionContext) {
        let due = context.scan(
            .staking, prefix: [StakingKeys.partPrefix], after: nil, limit: Self.bondsPerBlockMax)
        for entry in due {
            guard StakingKeys.number(in: entry.key, at: 1) <= context.block.time.value,
                let role = Role(rawValue: entry.key[9])
            else { return }
            context.set(.staking, entry.key, nil)
            payParts(role, StakingKeys.account(in: entry.key, at: 10), in: context)
        }
    }

    private func payParts(_ role: Role, _ account: AccountID, in context: ExecutionContext) {
        guard var bond = StakingQueries(context).bond(role, of: account) else { return }
        for part in bond.parts where part.due <= context.block.time {
            pay(part.base, from: .bond(role, account), to: account, in: context)
            pay(part.second, from: .second(role, account), to: account, in: context)
        }
        bond.parts.removeAll { $0.due <= context.block.time }
        if bond.status == .unbonding, bond.parts.isEmpty { bond.status = .withdrawn }
        write(bond, in: context)
        context.emit(.bondReturned, bond)
    }
}

extension RoleBond {
    /// Whether all of it leaves.
    fileprivate var isLeaving: Bool { status == .unbonding || status == .banned }
}

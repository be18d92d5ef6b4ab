// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension StakingModule {
    /// Bonds the sender for a role (STAKING-2).
    func openBond(
        _ order: OpenBond, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let terms = try terms(of: order.role, in: context)
        let earlier = StakingQueries(context).bond(order.role, of: sender)
        switch earlier?.status {
        case nil, .withdrawn?: break
        case .banned?: throw .staking(.banned, "account \(sender) is banned as \(order.role)")
        case .bonded?, .paused?, .jailed?, .unbonding?:
            throw .staking(.alreadyBonded, "account \(sender) has a bond as \(order.role)")
        }
        guard Int(order.lock) < LockTerms.table.count else {
            throw .staking(.badLock, "there are \(LockTerms.table.count) locks, from 0")
        }
        if let domain = order.domain, !domain.isValid {
            throw .staking(
                .badDomain, "a country has two capital letters, a name 1 to 64 plain bytes")
        }
        try checkLeast(base: order.base, second: order.second, terms)
        try deposit(order.base, order.second, order.role, terms, from: sender, in: context)
        let lock = LockTerms.table[Int(order.lock)]
        let bond = RoleBond(
            role: order.role, account: sender, status: .bonded, base: order.base,
            second: order.second, lock: order.lock,
            lockedUntil: context.block.time.advanced(by: lock.milliseconds), signer: nil,
            domain: order.domain, parts: [], offences: earlier?.offences ?? 0,
            slashed: earlier?.slashed ?? .zero, since: earlier?.since ?? context.block.height)
        write(name(order.signer, for: bond, in: context), in: context)
        context.emit(.bondChanged, bond)
    }

    /// Adds to a bond that stands or waits (STAKING-3).
    func addBond(
        _ amounts: BondAmounts, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = try known(amounts.role, of: sender, in: context)
        switch bond.status {
        case .bonded, .paused, .jailed: break
        case .unbonding, .withdrawn, .banned:
            throw .staking(.wrongStatus, "a bond that leaves takes nothing more")
        }
        guard amounts.base > .zero || amounts.second > .zero else {
            throw .staking(.amountTooSmall, "nothing to add")
        }
        let terms = try terms(of: amounts.role, in: context)
        try deposit(amounts.base, amounts.second, amounts.role, terms, from: sender, in: context)
        bond.base = Self.sum(bond.base, amounts.base)
        bond.second = Self.sum(bond.second, amounts.second)
        write(bond, in: context)
        context.emit(.bondChanged, bond)
    }

    /// Checks that both amounts are as much as a role asks for.
    func checkLeast(base: Amount, second: Amount, _ terms: RoleTerms) throws(Refusal) {
        guard base >= terms.baseMin else {
            throw .staking(.amountTooSmall, "\(base) is below the least, \(terms.baseMin)")
        }
        guard second >= terms.secondMin else {
            throw .staking(
                .amountTooSmall, "\(second) of the role's asset is below \(terms.secondMin)")
        }
    }

    private func deposit(
        _ base: Amount, _ second: Amount, _ role: Role, _ terms: RoleTerms,
        from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        if base > .zero {
            try bank.deposit(
                base, of: .native, from: sender, into: .bond(role, sender), in: context)
        }
        guard second > .zero else { return }
        guard let asset = terms.asset else {
            throw .staking(.noSecondAsset, "the role \(role) has no asset of its own")
        }
        try bank.deposit(second, of: asset, from: sender, into: .second(role, sender), in: context)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

/// What must always hold: records and purses agree, and shares are all somebody's (STAKING-30).
struct StakingInvariants {
    let bank: any StakingBank

    /// Checks the bonds and pools that a block changed. Cost: the block's changes.
    func breaches(after block: ExecutionContext) -> [String] {
        block.changes(of: .staking).flatMap { change -> [String] in
            switch change.key.first {
            case StakingKeys.bondPrefix: breaches(bond: change.after, in: block)
            case StakingKeys.poolPrefix: breaches(pool: change.after, in: block)
            default: []
            }
        }
    }

    /// Checks every bond and pool, and adds up every delegation and withdrawal.
    func breaches(in state: any StateReader) -> [String] {
        var found: [String] = []
        var totals: [Role: RoleTotals] = [:]
        for pair in state.pairs(of: .staking, prefix: [StakingKeys.bondPrefix]) {
            found += breaches(bond: pair.value, in: state)
            guard let bond: RoleBond = StakingQueries.decoded(pair.value) else { continue }
            var sum = totals[bond.role] ?? .none
            sum.count += bond.isHere ? 1 : 0
            sum.base = StakingModule.sum(sum.base, bond.base)
            totals[bond.role] = sum
        }
        for role in Role.allCases {
            let kept = StakingQueries(state).totals(of: role)
            let counted = totals[role] ?? .none
            if kept.count != counted.count || kept.base != counted.base {
                found.append("role \(role): its totals are not the sum of its bonds")
            }
        }
        var sums: [AccountID: PoolSums] = [:]
        for pair in state.pairs(of: .staking, prefix: [StakingKeys.delegationPrefix]) {
            guard let delegation: Delegation = StakingQueries.decoded(pair.value) else { continue }
            let account = StakingKeys.account(in: pair.key, at: 33)
            let accumulated = StakingQueries(state).pool(of: account)?.accumulated ?? 0
            sums[account, default: PoolSums()].add(delegation, at: accumulated)
        }
        for pair in state.pairs(of: .staking, prefix: [StakingKeys.withdrawalPrefix]) {
            guard let withdrawal: Withdrawal = StakingQueries.decoded(pair.value) else { continue }
            sums[withdrawal.exposure.operator, default: PoolSums()].leaving &+=
                withdrawal.amount.units
        }
        for pair in state.pairs(of: .staking, prefix: [StakingKeys.poolPrefix]) {
            guard let pool: Pool = StakingQueries.decoded(pair.value) else { continue }
            found += breaches(pool: pair.value, in: state)
            found += (sums.removeValue(forKey: pool.operator) ?? PoolSums()).breaches(of: pool)
        }
        for account in sums.keys.sorted() { found.append("pool \(account): is not there") }
        return found
    }

    private func breaches(bond bytes: [UInt8]?, in state: any StateReader) -> [String] {
        guard let bond: RoleBond = StakingQueries.decoded(bytes) else { return [] }
        let place = "bond of \(bond.account) as \(bond.role)"
        var found: [String] = []
        if bank.balance(of: .bond(bond.role, bond.account), in: state) != bond.reachable {
            found.append("\(place): its purse does not hold \(bond.reachable)")
        }
        if bank.balance(of: .second(bond.role, bond.account), in: state) != bond.reachableSecond {
            found.append("\(place): its second purse does not hold \(bond.reachableSecond)")
        }
        if bond.status == .withdrawn, bond.isHere { found.append("\(place): withdrawn and here") }
        return found
    }

    private func breaches(pool bytes: [UInt8]?, in state: any StateReader) -> [String] {
        guard let pool: Pool = StakingQueries.decoded(bytes) else { return [] }
        let purses: [(Purse, Amount)] = [
            (.stake(pool.operator), pool.backing), (.rewards(pool.operator), pool.rewards),
            (.leaving(pool.operator), pool.leaving),
        ]
        var found = purses.compactMap { purse, amount in
            let held = bank.balance(of: purse, in: state)
            return held == amount
                ? nil : "pool \(pool.operator): \(purse) holds \(held), not \(amount)"
        }
        for stake in [pool.steady, pool.compounding] where stake.shares == 0 {
            if stake.tokens > .zero {
                found.append("pool \(pool.operator): tokens without shares")
            }
        }
        if pool.liquidShares > pool.compounding.shares {
            found.append("pool \(pool.operator): more shares as an asset than there are")
        }
        return found
    }
}

/// What the delegations and withdrawals of one operator come to.
private struct PoolSums {
    var steady: UInt128 = 0
    var compounding: UInt128 = 0
    var rewards: UInt128 = 0
    var leaving: UInt128 = 0

    mutating func add(_ delegation: Delegation, at accumulated: UInt128) {
        steady &+= delegation.steady
        compounding &+= delegation.compounding
        rewards &+= delegation.reward(at: accumulated).units
    }

    func breaches(of pool: Pool) -> [String] {
        var found: [String] = []
        let place = "pool \(pool.operator)"
        if steady != pool.steady.shares { found.append("\(place): steady shares do not add up") }
        if compounding &+ pool.liquidShares != pool.compounding.shares {
            found.append("\(place): compounding shares do not add up")
        }
        if rewards > pool.due.units { found.append("\(place): owes more rewards than it has") }
        if leaving != pool.leaving.units { found.append("\(place): withdrawals do not add up") }
        return found
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What bonds weigh where they vote or are chosen.
extension StakingQueries {
    /// What a bond counts as in its role: no more than the share that its owner, region and country
    /// may have of it (STAKING-9); nothing unless it is bonded.
    public func effectiveBond(_ role: Role, of account: AccountID) -> Amount {
        guard let bond = bond(role, of: account), bond.status == .bonded else { return .zero }
        guard let domain = bond.domain else { return bond.base }
        let parameters = parameters
        let total = totals(of: role).base
        return DomainKind.allCases.map { kind in
            let share =
                switch kind {
                case .country: parameters.countryPartsPerMillion
                case .region: parameters.regionPartsPerMillion
                case .entity: parameters.entityPartsPerMillion
                }
            let allowed =
                total.scaled(by: UInt128(share), over: UInt128(StakingParameters.million)) ?? total
            let held = bonded(kind, kind.name(in: domain), of: role)
            guard held > allowed else { return bond.base }
            return bond.base.scaled(by: allowed.units, over: held.units) ?? .zero
        }.min() ?? .zero
    }

    /// What an account has at stake and cannot give to another account while a vote lasts: its
    /// holder's bond and its steady delegations, the first hundred by operator; compounding ones
    /// may become an asset, which can be sent.
    public func boundStake(of account: AccountID) -> Amount {
        var sum = Amount.zero
        if let bond = bond(.holder, of: account), bond.status == .bonded { sum = bond.base }
        for entry in delegations(of: account) {
            let worth = pool(of: entry.operator)?.steady.worth(of: entry.delegation.steady)
            sum = sum.adding(worth ?? .zero) ?? sum
        }
        return sum
    }

    /// The weight of a holder's bond: the root of its whole units times its lock's multiplier, in
    /// millionths of a vote (STAKING-10).
    public func lockedWeight(of account: AccountID) -> UInt128 {
        guard let bond = bond(.holder, of: account), bond.status == .bonded else { return 0 }
        return LockTerms.table[Int(bond.lock)].weight(of: bond.base)
    }
}

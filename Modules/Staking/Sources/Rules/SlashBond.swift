// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension StakingModule {
    /// Takes what an offence costs of an account's bond for a role, wherever the bond stands and
    /// also of what comes back (STAKING-7). Other modules call this with causes they have found.
    ///
    /// - Returns: What was taken in the native asset.
    /// - Throws: `unknownBond`, `unknownCause`.
    @discardableResult
    public func slash(
        _ role: Role, of account: AccountID, for cause: String, in context: ExecutionContext
    ) throws(Refusal) -> Amount {
        var bond = try known(role, of: account, in: context)
        guard let row = StakingQueries(context).slash(cause, of: role) else {
            throw .staking(.unknownCause, "no row says what \(cause) costs a \(role)")
        }
        let added = correlation(of: role, in: context)
        let base = bond.takeBase(row.graded(row.base, offences: bond.offences), and: added)
        let second = bond.takeSecond(row.graded(row.second, offences: bond.offences), and: added)
        forfeit(base, from: .bond(role, account), in: context)
        burn(second, from: .second(role, account), in: context)
        bond.offences += bond.offences < .max ? 1 : 0
        bond.slashed = bond.slashed.adding(base) ?? Amount(.max)
        write(bond, in: context)
        note(base, of: role, in: context)
        context.emit(
            .bondSlashed, about: account.raw,
            BondLoss(role: role, cause: cause, base: base, second: second).canonicalBytes)
        try sentence(bond, row, in: context)
        return base
    }

    /// How many millionths more an offence costs for what its role has lost in this window.
    private func correlation(of role: Role, in context: ExecutionContext) -> UInt64 {
        let totals = window(of: role, in: context)
        let whole = Self.sum(totals.base, totals.windowSlashed)
        guard totals.windowSlashed > .zero,
            let lost = Amount(UInt128(StakingParameters.million))
                .scaled(by: totals.windowSlashed.units, over: whole.units)
        else { return 0 }
        let factor = parameters(in: context).correlationPartsPerMillion
        return UInt64(
            min(lost.units * UInt128(factor), UInt128(StakingParameters.million) << 32)
                / UInt128(StakingParameters.million))
    }

    private func window(of role: Role, in context: ExecutionContext) -> RoleTotals {
        var totals = StakingQueries(context).totals(of: role)
        let length = parameters(in: context).correlationMilliseconds
        if context.block.time >= totals.windowStart.advanced(by: length) {
            totals.windowStart = context.block.time
            totals.windowSlashed = .zero
        }
        return totals
    }

    private func note(_ taken: Amount, of role: Role, in context: ExecutionContext) {
        var totals = window(of: role, in: context)
        totals.windowSlashed = totals.windowSlashed.adding(taken) ?? Amount(.max)
        context.set(.staking, StakingKeys.totals(of: role), totals.canonicalBytes)
    }

    /// Bans, jails, or leaves in place.
    private func sentence(
        _ bond: RoleBond, _ row: SlashTerms, in context: ExecutionContext
    ) throws(Refusal) {
        var bond = bond
        let whole = bond.slashed.adding(bond.reachable) ?? Amount(.max)
        if let share = row.bansFrom, bond.slashed >= Self.share(whole, share),
            bond.status != .banned
        {
            bond.status = .banned
            if bond.base > .zero || bond.second > .zero {
                try part(bond.base, bond.second, of: bond, in: context)
            } else {
                write(bond, in: context)
                context.emit(.bondChanged, bond)
            }
            return
        }
        switch bond.status {
        case .bonded, .paused, .jailed: break
        case .unbonding, .withdrawn, .banned: return
        }
        let terms = try terms(of: bond.role, in: context)
        let isShort = bond.base < terms.baseMin || bond.second < terms.secondMin
        guard row.jail > 0 || isShort else { return }
        var until = context.block.time.advanced(by: row.jail)
        if case .jailed(let already) = bond.status { until = max(until, already) }
        bond.status = .jailed(until: until)
        write(bond, in: context)
        context.emit(.bondChanged, bond)
    }
}

extension RoleBond {
    /// Takes a share of what stands and of each part, rounded down.
    fileprivate mutating func takeBase(_ rate: UInt64, and added: UInt64) -> Amount {
        guard rate > 0 else { return .zero }
        var taken = StakingModule.share(base, rate + added)
        base = base.subtracting(taken) ?? .zero
        for index in parts.indices {
            let lost = StakingModule.share(parts[index].base, rate + added)
            parts[index].base = parts[index].base.subtracting(lost) ?? .zero
            taken = StakingModule.sum(taken, lost)
        }
        return taken
    }

    fileprivate mutating func takeSecond(_ rate: UInt64, and added: UInt64) -> Amount {
        guard rate > 0 else { return .zero }
        var taken = StakingModule.share(second, rate + added)
        second = second.subtracting(taken) ?? .zero
        for index in parts.indices {
            let lost = StakingModule.share(parts[index].second, rate + added)
            parts[index].second = parts[index].second.subtracting(lost) ?? .zero
            taken = StakingModule.sum(taken, lost)
        }
        return taken
    }
}

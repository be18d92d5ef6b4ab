// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

extension StakingModule {
    /// Shares an epoch's rewards among its seats when the block is its cut (STAKING-16). Cost: the
    /// seats, at most 100, whatever stands behind them.
    func shareRewards(in context: ExecutionContext) {
        let lengths = LedgerParameters(in: context).epochs
        guard let ended = lengths.epoch(cutAt: context.block.height) else { return }
        let seats = validators.seats(of: ended, in: context)
        let honest = seats.filter { !$0.isPunished && $0.weight > 0 }
        let penalties = bank.balance(of: .penalties, in: context)
        let released = honest.isEmpty ? .zero : release(seats, in: context)
        let pot = Self.sum(penalties, released)
        let conducts = conducts(of: honest, in: ended, lengths, context)
        let weights = zip(honest, conducts).map { UInt128($0.weight) * UInt128($1.weighs) }
        if pot > .zero, let parts = pot.split(by: weights) {
            let stakes = StakingQueries(context).stakes(of: ended)?.entries ?? []
            let end = lengths.cut(of: ended.advanced(by: 1))
            for (index, seat) in honest.enumerated() {
                let paid = Self.share(parts[index], conducts[index].pays)
                // What conduct costs is nobody's gain: it goes back to what is released later.
                transfer(
                    parts[index].subtracting(paid) ?? .zero, from: .penalties, into: .budget,
                    in: context)
                let own = stakes.first { $0.account == seat.account }
                if paid > .zero { give(paid, to: seat, own, end, in: context) }
            }
            context.emit(
                .rewardsShared, about: .zero,
                RewardShare(
                    epoch: ended, released: released, penalties: penalties,
                    seats: UInt16(honest.count)
                ).canonicalBytes)
        }
        noteStakes(of: ended.advanced(by: 1), in: context)
    }

    private func conducts(
        of seats: [ValidatorSeat], in epoch: Epoch, _ lengths: EpochLengths,
        _ context: ExecutionContext
    ) -> [RewardConduct] {
        let parameters = parameters(in: context)
        return seats.map { seat in
            RewardConduct(
                conduct.conduct(of: seat.account, in: epoch, context), in: epoch, lengths,
                parameters)
        }
    }

    /// Releases what the time since the last cut is worth (STAKING-24), into the purse of
    /// penalties, from which all of it is shared.
    private func release(_ seats: [ValidatorSeat], in context: ExecutionContext) -> Amount {
        let now = context.block.time
        let (began, last) = count(in: context) { clock in
            defer { clock.released = max(now, clock.released) }
            return (clock.began, clock.released)
        }
        let weight = seats.reduce(UInt128(0)) { $0 + UInt128($1.weight) }
        let released = Emission(parameters: parameters(in: context), began: began).released(
            from: last, to: now, staked: Amount(weight * Amount.unitsPerWhole),
            budget: bank.balance(of: .budget, in: context))
        transfer(released, from: .budget, into: .penalties, in: context)
        return released
    }

    /// Divides a validator's part between it and those who stood behind it when the epoch began.
    private func give(
        _ part: Amount, to seat: ValidatorSeat, _ stakes: EpochStakes.Entry?, _ end: BlockHeight,
        in context: ExecutionContext
    ) {
        var pool = openPool(of: seat.account, in: context)
        transfer(part, from: .penalties, into: .rewards(seat.account), in: context)
        let weights = [stakes?.own.units ?? 1, stakes?.backing.units ?? 0]
        let divided = part.split(by: weights) ?? [part, .zero]
        let commission = Self.share(divided[1], pool.commission)
        var behind = divided[1].subtracting(commission) ?? .zero
        if pool.insuredSince != nil {
            let premium = Self.share(behind, parameters(in: context).premiumPartsPerMillion)
            transfer(premium, from: .rewards(seat.account), into: .insurance, in: context)
            behind = behind.subtracting(premium) ?? .zero
        }
        pool.earned = Self.sum(pool.earned, Self.sum(divided[0], commission))
        pool.stream = RewardStream(
            left: Self.sum(pool.stream.left, behind), at: context.block.height, end: end)
        write(pool, in: context)
    }

    /// Notes how the stakes of the next epoch are made up, and forgets those of the one before.
    private func noteStakes(of epoch: Epoch, in context: ExecutionContext) {
        let entries = validators.seats(of: epoch, in: context).map { seat in
            EpochStakes.Entry(
                account: seat.account,
                own: validators.standing(of: seat.account, in: context)?.own ?? .zero,
                backing: StakingQueries(context).pool(of: seat.account)?.backing ?? .zero)
        }
        context.set(
            .staking, StakingKeys.stakes(of: epoch), EpochStakes(entries: entries).canonicalBytes)
        guard epoch.value >= 2 else { return }
        context.set(.staking, StakingKeys.stakes(of: Epoch(epoch.value - 2)), nil)
    }
}

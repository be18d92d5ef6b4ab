// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension StakingModule {
    /// Takes from an operator's pool what its offence costs, and notes it for stake that has left
    /// it; the insurance pays back its part (STAKING-22, STAKING-23).
    ///
    /// - Parameters:
    ///   - before: How many millionths this epoch's offence has cost already.
    ///   - after: How many it costs in all, at least `before`.
    public func punishPool(
        of account: AccountID, for epoch: Epoch, before: UInt64, after: UInt64,
        in context: ExecutionContext
    ) {
        let million = StakingParameters.million
        precondition(before <= after && after <= million, "an offence costs at most everything")
        note(after, of: account, in: epoch, in: context)
        guard StakingQueries(context).pool(of: account) != nil else { return }
        var pool = openPool(of: account, in: context)
        var taken = Amount.zero
        for compounds in [false, true] {
            var stake = pool[compounds]
            let lost =
                before == million
                ? .zero
                : stake.tokens.scaled(
                    by: UInt128(after - before), over: UInt128(million - before)) ?? .zero
            stake.tokens = stake.tokens.subtracting(lost) ?? .zero
            pool[compounds] = stake
            taken = Self.sum(taken, lost)
        }
        forfeit(taken, from: .stake(account), in: context)
        let covered = cover(taken, of: &pool, for: epoch, in: context)
        write(pool, in: context)
        context.emit(
            .poolPunished,
            StakeNote(owner: account, operator: account, amount: taken, other: covered))
    }

    private func note(
        _ taken: UInt64, of account: AccountID, in epoch: Epoch, in context: ExecutionContext
    ) {
        context.set(
            .staking, StakingKeys.loss(of: account, in: epoch), Timestamp(taken).canonicalBytes)
        // No exposure reaches further back than twice the delay.
        let reach = 2 * validators.unbondingEpochs(in: context) + 4
        let newest = validators.newestEpoch(in: context).value
        guard newest > reach else { return }
        let old = context.scan(
            .staking, prefix: StakingKeys.losses(of: account), after: nil, limit: 8)
        for entry in old where StakingKeys.number(in: entry.key, at: 33) < newest - reach {
            context.set(.staking, entry.key, nil)
        }
    }

    /// Pays a part of a loss back into a pool that was insured long enough.
    private func cover(
        _ loss: Amount, of pool: inout Pool, for epoch: Epoch, in context: ExecutionContext
    ) -> Amount {
        let parameters = parameters(in: context)
        guard let since = pool.insuredSince,
            since.advanced(by: parameters.insuranceEpochs) <= epoch, pool.backing > .zero
        else { return .zero }
        let fund = bank.balance(of: .insurance, in: context)
        let covered = min(
            Self.share(loss, parameters.coverPartsPerMillion),
            Self.share(fund, parameters.claimPartsPerMillion))
        guard
            let parts = covered.split(by: [pool.steady.tokens.units, pool.compounding.tokens.units])
        else { return .zero }
        transfer(covered, from: .insurance, into: .stake(pool.operator), in: context)
        pool.steady.tokens = Self.sum(pool.steady.tokens, parts[0])
        pool.compounding.tokens = Self.sum(pool.compounding.tokens, parts[1])
        return covered
    }
}

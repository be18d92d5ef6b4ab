// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension RevenueModule {
    /// What so much fuel is as hours of computing, in the base units of an amount.
    public func hours(ofFuel fuel: UInt64, in state: any StateReader) -> Amount {
        let perHour = RevenueQueries(state).parameters.fuelPerHour
        return Amount(UInt128(fuel)).scaled(
            by: Amount.unitsPerWhole, over: UInt128(perHour)) ?? .zero
    }

    /// Pays what work earns besides its price, in the asset of its role (REVENUE-5, REVENUE-6):
    /// nothing is minted, and what the pool does not have is not paid.
    ///
    /// - Parameters:
    ///   - kind: Which kind of work, as the genesis names it.
    ///   - quantity: How much of it, in units with eighteen decimals.
    ///   - paid: What was paid for it, in the native asset.
    /// - Returns: What was paid.
    @discardableResult
    public func payWork(
        _ kind: String, quantity: Amount, paid: Amount, to provider: AccountID,
        in context: ExecutionContext
    ) -> Amount {
        let queries = RevenueQueries(context)
        let parameters = queries.parameters
        guard let pool = parameters.workPool,
            let row = queries.tables.work.first(where: { $0.kind == kind })
        else { return .zero }
        let earned = earned(row, quantity, by: provider, in: context)
        let cap =
            paid.scaled(
                by: UInt128(parameters.workPerPaid), over: UInt128(RevenueParameters.million))
            ?? .zero
        let held = bank.held(of: row.asset, byPool: pool, in: context)
        let amount = min(earned, cap, held)
        guard amount > .zero else { return .zero }
        do {
            try bank.payWork(
                amount, of: row.asset, fromPool: pool, to: provider, in: context)
        } catch {
            preconditionFailure("a pool has what it says: \(error)")
        }
        context.emit(.workPaid, RevenueNote(provider, provider, row.asset, amount))
        return amount
    }

    /// Work times reputation times what the machine is.
    private func earned(
        _ row: WorkReward, _ quantity: Amount, by provider: AccountID,
        in context: ExecutionContext
    ) -> Amount {
        let queries = RevenueQueries(context)
        let parameters = queries.parameters
        let million = UInt128(RevenueParameters.million)
        let score = UInt128(min(people.reputation(of: provider, in: context), 1_000_000))
        let span = UInt128(parameters.reputationHigh - parameters.reputationLow)
        var amount =
            quantity.scaled(by: row.perUnit.units, over: Amount.unitsPerWhole)?
            .scaled(by: UInt128(parameters.reputationLow) + span * score / million, over: million)
            ?? .zero
        let capabilities = people.capabilities(of: provider, in: context)
        for multiplier in queries.tables.multipliers
        where capabilities.contains(multiplier.capability) {
            amount = amount.scaled(by: UInt128(multiplier.weight), over: million) ?? amount
        }
        return early(amount, provider, in: context)
    }

    /// What the work of the first providers counts more, for a while (CO-16); who earns for the
    /// first time gets its place.
    private func early(
        _ amount: Amount, _ provider: AccountID, in context: ExecutionContext
    ) -> Amount {
        let queries = RevenueQueries(context)
        let rows = queries.tables.early
        guard !rows.isEmpty, amount > .zero else { return amount }
        let now = context.block.time
        let earner = queries.earner(provider) ?? Earner(place: queries.earners, since: now)
        if queries.earner(provider) == nil {
            context.set(.revenue, RevenueKeys.earner(provider), earner.canonicalBytes)
            context.set(
                .revenue, RevenueKeys.earners,
                Amount(UInt128(earner.place) + 1).canonicalBytes)
        }
        var end: UInt64 = 0
        for row in rows {
            end += row.count
            guard earner.place < end else { continue }
            guard now <= earner.since.advanced(by: row.spanMilliseconds) else { return amount }
            return amount.scaled(
                by: UInt128(row.weight), over: UInt128(RevenueParameters.million)) ?? amount
        }
        return amount
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension RevenueModule {
    /// Divides what the block's fees came to (REVENUE-1). Cost: one read where nothing was
    /// collected, else at most four movements, however many transactions paid.
    func divideFees(in context: ExecutionContext) {
        let collected = bank.balance(of: RevenueKeys.collector, in: context)
        guard collected > .zero else { return }
        let parameters = RevenueQueries(context).parameters
        guard let parts = collected.split(by: parameters.fees.weights) else {
            preconditionFailure("shares add up to a million")
        }
        let proposer = context.block.proposer
        do {
            try context.atomically { () throws(Refusal) in
                try bank.collect(collected, from: RevenueKeys.collector, in: context)
                try bank.burn(parts[0], of: .native, in: context)
                try giveTreasury(parts[1], of: .native, parameters, in: context)
                try bank.giveValidators(parts[2], in: context)
                try bank.pay(parts[3], of: .native, to: proposer, in: context)
            }
        } catch {
            preconditionFailure("what was collected is there: \(error)")
        }
        change(in: context) { totals in
            totals.fees &+= collected.units
            totals.burnt &+= parts[0].units
            totals.treasury &+= parts[1].units
            totals.validators &+= parts[2].units
            totals.proposers &+= parts[3].units
        }
        context.emit(
            .feesDivided, RevenueNote(proposer, proposer, .native, collected, parts: parts))
    }

    /// Gives everybody's pool its part; a part is only ever above zero where there is one.
    func giveTreasury(
        _ amount: Amount, of asset: AssetID, _ parameters: RevenueParameters,
        in context: ExecutionContext
    ) throws(Refusal) {
        guard amount > .zero, let pool = parameters.treasuryPool else { return }
        try bank.give(amount, of: asset, toPool: pool, in: context)
    }

    /// Changes the record of what was divided.
    func change(in context: ExecutionContext, _ body: (inout RevenueTotals) -> Void) {
        var totals = RevenueQueries(context).totals
        body(&totals)
        context.set(.revenue, RevenueKeys.totals, totals.canonicalBytes)
    }
}

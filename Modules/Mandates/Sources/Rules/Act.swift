// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MandatesModule {
    /// Carries out a message of the principal, within the mandate (MANDATES-3 to MANDATES-5).
    func act(
        _ message: ActForPrincipal, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        let chain = try MandatesQueries(context).chain(to: message.mandate)
        guard let mandate = chain.first, mandate.delegate == sender else {
            throw .mandates(.notDelegate, "mandate \(message.mandate) is not the sender's")
        }
        try Self.checkTime(of: chain, at: context.block.time)
        let kind = try checkReach(of: mandate, over: message.message)
        let spent = try desk.carryOut(message.message, for: mandate.principal, in: context)
        try charge(spent, to: chain, in: context)
        context.emit(
            .acted, about: mandate.id.raw,
            ActedForPrincipal(
                principal: mandate.principal, delegate: sender, kind: kind, spent: spent))
    }

    /// Checks kind and resources of a message (MANDATES-5).
    func checkReach(
        of mandate: Mandate, over message: Message
    ) throws(Refusal) -> MessageKind {
        guard let kind = MessageKind(of: message), mandate.scope.kinds.contains(kind) else {
            throw .mandates(
                .kindNotCovered,
                "mandate \(mandate.id) does not cover this message of module "
                    + "\(message.module.value)")
        }
        guard let covered = mandate.scope.resources else { return kind }
        guard let resources = desk.resources(of: message) else {
            throw .mandates(
                .resourceNotCovered, "the message does not say what it is about")
        }
        if let other = resources.first(where: { !covered.contains($0) }) {
            throw .mandates(.resourceNotCovered, "\(Digest(other)) is not covered")
        }
        return kind
    }

    /// Takes what was spent from the budgets of a mandate and of all it is a part of (MANDATES-8).
    func charge(
        _ spent: [Spending], to chain: [Mandate], in context: ExecutionContext
    ) throws(Refusal) {
        guard !spent.isEmpty else { return }
        for mandate in chain {
            var expenses = MandatesQueries(context).expenses(of: mandate.id)
            for spending in spent {
                try expenses.add(spending, under: mandate, at: context.block.time)
            }
            context.set(
                .mandates, MandatesKeys.expenses(mandate.id), expenses.canonicalBytes)
        }
    }
}

extension Expenses {
    /// Adds an expense, if the mandate's budget reaches for it.
    mutating func add(
        _ spending: Spending, under mandate: Mandate, at now: Timestamp
    ) throws(Refusal) {
        func over(_ words: String) -> Refusal {
            .mandates(.overBudget, "mandate \(mandate.id): \(words)")
        }
        guard let budget = mandate.scope.budget(of: spending.asset) else {
            throw over("nothing of asset \(spending.asset) may be spent")
        }
        let period = mandate.scope.period(at: now)
        var item =
            item(of: spending.asset)
            ?? Item(asset: spending.asset, total: .zero, period: period, inPeriod: .zero)
        if item.period != period {
            item.period = period
            item.inPeriod = .zero
        }
        guard let total = item.total.adding(spending.amount), total <= budget.total else {
            throw over("\(item.total) of \(budget.total) is spent, \(spending.amount) is asked")
        }
        guard let inPeriod = item.inPeriod.adding(spending.amount),
            budget.perPeriod.map({ inPeriod <= $0 }) ?? true
        else {
            throw over(
                "\(item.inPeriod) of \(budget.perPeriod ?? .zero) is spent in this period, "
                    + "\(spending.amount) is asked")
        }
        item.total = total
        item.inPeriod = inPeriod
        items.removeAll { $0.asset == spending.asset }
        items.append(item)
        items.sort { $0.asset < $1.asset }
    }
}

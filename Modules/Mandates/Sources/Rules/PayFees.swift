// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What the ledger's fees ask: who pays for a transaction (MANDATES-9).
extension MandatesModule {
    /// The mandate whose principal is asked to pay a transaction's fee: that of a first message
    /// ``PayFees``, or nothing.
    public static func sponsor(of messages: [Message]) -> MandateID? {
        guard let first = messages.first, first.module == .mandates,
            case .payFees(let message) = try? MandatesMessage(canonicalBytes: first.payload)
        else { return nil }
        return message.mandate
    }

    /// Who pays a fee that a transaction asks its principal for.
    ///
    /// - Throws: `unknownMandate`, `mandateEnded`, `notDelegate`, `notYetValid`, `mandateExpired`,
    ///   `paysNoFees`, `kindNotCovered`, `resourceNotCovered`, `overBudget`.
    public func payer(
        of fee: Amount, under id: MandateID, for messages: [Message], from sender: AccountID,
        at now: Timestamp, in state: any StateReader
    ) throws(Refusal) -> AccountID {
        let chain = try MandatesQueries(state).chain(to: id)
        guard let mandate = chain.first, mandate.delegate == sender else {
            throw .mandates(.notDelegate, "mandate \(id) is not the sender's")
        }
        try Self.checkTime(of: chain, at: now)
        guard chain.allSatisfy(\.scope.paysFees) else {
            throw .mandates(.paysNoFees, "mandate \(id) pays no fees")
        }
        for message in messages.dropFirst() where !isAct(message, under: id) {
            _ = try checkReach(of: mandate, over: message)
        }
        for link in chain {
            var expenses = MandatesQueries(state).expenses(of: link.id)
            try expenses.add(Spending(asset: .native, amount: fee), under: link, at: now)
        }
        return mandate.principal
    }

    /// Takes a fee that was paid from the budgets of the mandate it was paid under.
    ///
    /// - Throws: `overBudget`; not after ``payer(of:under:for:from:at:in:)`` named the payer.
    public func chargeFee(
        _ fee: Amount, under id: MandateID, in context: ExecutionContext
    ) throws(Refusal) {
        guard fee > .zero else { return }
        let spending = Spending(asset: .native, amount: fee)
        let chain = try MandatesQueries(context).chain(to: id)
        try charge([spending], to: chain, in: context)
        context.emit(.feesPaid, about: id.raw, spending)
    }

    private func isAct(_ message: Message, under id: MandateID) -> Bool {
        guard message.module == .mandates,
            case .act(let act) = try? MandatesMessage(canonicalBytes: message.payload)
        else { return false }
        return act.mandate == id
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// What is paid for work: by whom, to whom, for what.
public struct WorkPayment: Hashable, Sendable {
    /// How much, as the receipt says it.
    public let amount: Amount
    /// Of which asset.
    public let asset: AssetID
    /// Who pays.
    public let client: AccountID
    /// Who did the work.
    public let provider: AccountID
    /// Which service: `jobs`, `leases`.
    public let service: String

    /// Describes a payment.
    public init(
        _ amount: Amount, of asset: AssetID, from client: AccountID, to provider: AccountID,
        service: String
    ) {
        self.amount = amount
        self.asset = asset
        self.client = client
        self.provider = provider
        self.service = service
    }
}

extension RevenueModule {
    /// Whether payments are divided at all; where they are not, whoever pays need not come here.
    public func divides(_ payment: WorkPayment, in state: any StateReader) -> Bool {
        let queries = RevenueQueries(state)
        return queries.parameters.payments.provider < RevenueParameters.million
            || queries.tables.services.contains { $0.service == payment.service }
    }

    /// Divides a payment that was put into the purse of its asset (REVENUE-2 to REVENUE-4).
    ///
    /// - Throws: A ``Refusal`` of the bank; the caller undoes everything then.
    public func divide(
        _ payment: WorkPayment, in context: ExecutionContext
    ) throws(Refusal) {
        let queries = RevenueQueries(context)
        let parameters = queries.parameters
        let isNative = payment.asset == .native
        let fee =
            isNative
            ? queries.tables.services.first { $0.service == payment.service }?
                .fee(of: payment.amount) ?? .zero : .zero
        let rest = payment.amount.subtracting(fee) ?? .zero
        guard var parts = rest.split(by: parameters.payments.weights) else {
            preconditionFailure("shares add up to a million")
        }
        let orchestrator = orchestrator(for: payment, in: context)
        if orchestrator == nil { Self.move(&parts, from: 1, to: 2) }
        // Validators share the native asset alone.
        if !isNative { Self.move(&parts, from: 4, to: 2) }
        try bank.pay(fee, of: payment.asset, to: collector(in: context), in: context)
        try bank.pay(parts[0], of: payment.asset, to: payment.provider, in: context)
        if let orchestrator {
            try bank.pay(parts[1], of: payment.asset, to: orchestrator, in: context)
        }
        try giveTreasury(parts[2], of: payment.asset, parameters, in: context)
        try bank.burn(parts[3], of: payment.asset, in: context)
        try bank.giveValidators(parts[4], in: context)
        if isNative { note(payment.amount, fee, parts, in: context) }
        context.emit(
            .paymentDivided,
            RevenueNote(
                payment.provider, payment.client, payment.asset, payment.amount,
                parts: [fee] + parts))
    }

    /// Who gets services' fees at first: they are divided as fees are, at the end of the block.
    private func collector(in context: ExecutionContext) -> AccountID {
        RevenueQueries(context).collector(for: context.block.proposer)
    }

    /// Who arranged the work, as far as it has a bond for that now (REVENUE-4).
    private func orchestrator(
        for payment: WorkPayment, in context: ExecutionContext
    ) -> AccountID? {
        guard let named = RevenueQueries(context).orchestrator(of: payment.client),
            named != payment.provider, people.isOrchestrator(named, in: context)
        else { return nil }
        return named
    }

    private static func move(_ parts: inout [Amount], from source: Int, to target: Int) {
        parts[target] = parts[target].adding(parts[source]) ?? parts[target]
        parts[source] = .zero
    }

    private func note(
        _ amount: Amount, _ fee: Amount, _ parts: [Amount], in context: ExecutionContext
    ) {
        change(in: context) { totals in
            totals.payments &+= amount.units
            totals.services &+= fee.units
            totals.providers &+= parts[0].units
            totals.orchestrators &+= parts[1].units
            totals.treasury &+= parts[2].units
            totals.burnt &+= parts[3].units
            totals.validators &+= parts[4].units
        }
    }

    /// Names who arranges a client's work (REVENUE-4).
    func nameOrchestrator(
        _ account: AccountID?, for client: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        if let account {
            guard account != client else {
                throw .revenue(.oneself, "nobody arranges its own work for a share of it")
            }
            guard people.isOrchestrator(account, in: context) else {
                throw .revenue(
                    .notOrchestrator, "account \(account) has no bond as an orchestrator")
            }
        }
        context.set(
            .revenue, RevenueKeys.orchestrator(of: client), account?.canonicalBytes)
        context.emit(.orchestratorNamed, RevenueNote(client, account ?? client))
    }
}

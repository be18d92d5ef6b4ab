// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension MarketDesk {
    /// Ends an order: the only place where an escrow is paid out (MARKET-3, MARKET-17).
    ///
    /// Each execution names what it is paid; whatever is left goes back to the client.
    func end(
        _ order: Order, as ending: OrderEnding, result: JobResult? = nil,
        executions: [ReceiptExecution]
    ) throws(Refusal) {
        var refund = order.terms.maxCost
        for execution in executions {
            guard let left = refund.subtracting(execution.paid) else {
                preconditionFailure("bills within their shares never exceed the escrow")
            }
            refund = left
            try payWork(of: execution, for: order, result)
        }
        try pay(refund, from: order.job.raw, to: order.client)
        try divideBonds(of: order.job, among: executions)
        note(executions, of: order.job, ending: ending)
        let cost = order.terms.maxCost.subtracting(refund) ?? .zero
        book.end(
            order,
            with: Receipt(
                of: order, chain: context.block.chain, ending: ending, result: result,
                executions: executions, cost: cost, refund: refund, ended: moment))
        emit(
            .orderEnded(ending, client: order.client, cost: cost, refund: refund),
            about: order.job)
    }

    /// Pays for an execution, by whatever division holds for payments (MARKET-21).
    private func payWork(
        of execution: ReceiptExecution, for order: Order, _ result: JobResult?
    ) throws(Refusal) {
        guard execution.paid > .zero else { return }
        try payments.pay(
            JobPayment(
                provider: execution.provider, client: order.client, amount: execution.paid,
                asset: order.terms.asset,
                fuel: execution.finding == .agreed ? result?.fuelUsed ?? Fuel(0) : Fuel(0)),
            from: order.job.raw, in: context)
    }

    private func pay(_ amount: Amount, from escrow: Bytes32, to account: AccountID) throws(Refusal)
    {
        guard amount > .zero else { return }
        try bank.release(escrow: escrow, to: account, amount: amount, in: context)
    }

    private func note(_ executions: [ReceiptExecution], of job: JobID, ending: OrderEnding) {
        for execution in executions {
            let kind: ProviderEvidence =
                switch (execution.finding, ending) {
                case (.agreed, _): .completed
                case (.dissented, _): .lied
                case (.undecided, .undetermined): .undetermined
                case (.undecided, _): .interrupted
                }
            evidence.record(kind, provider: execution.provider, job: job, in: context)
        }
    }
}

// MARK: - Slashed bonds

extension MarketDesk {
    /// Where slashed parts of bonds wait until they are divided: never with the client's money.
    static func bondEscrow(of job: JobID) -> Bytes32 {
        SHA256.hash(Array("atoll/market/bonds/1".utf8) + [0] + job.raw.bytes).raw
    }

    /// Takes a part of a bond and says so.
    func slash(
        _ provider: AccountID, _ partsPerMillion: UInt32, for reason: SlashReason, in job: JobID,
        into escrow: Bytes32
    ) -> Amount {
        guard partsPerMillion > 0 else { return .zero }
        let amount = providers.slash(
            provider, partsPerMillion: partsPerMillion, into: escrow, in: context)
        emit(.providerSlashed(provider: provider, amount: amount, reason: reason), about: job)
        return amount
    }

    /// Pays extra executions out of slashed bonds, then disposes of the rest (MARKET-13).
    private func divideBonds(
        of job: JobID, among executions: [ReceiptExecution]
    ) throws(Refusal) {
        let escrow = Self.bondEscrow(of: job)
        for execution in executions {
            try pay(execution.paidFromBonds, from: escrow, to: execution.provider)
        }
        try disposeOfBonds(in: escrow)
    }

    /// Gives what a bond escrow holds to the treasury, or burns it when there is none.
    func disposeOfBonds(in escrow: Bytes32) throws(Refusal) {
        let rest = bank.balance(of: escrow, in: context)
        guard rest > .zero else { return }
        guard let treasury = parameters.treasury else {
            return try bank.burn(escrow: escrow, amount: rest, in: context)
        }
        try bank.release(escrow: escrow, to: treasury, amount: rest, in: context)
    }
}

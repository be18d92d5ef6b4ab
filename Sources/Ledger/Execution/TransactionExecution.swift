// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The execution of one transaction of section 2 (LEDGER-7 to LEDGER-11).
struct TransactionExecution {
    let checked: CheckedTransaction
    let parameters: LedgerParameters
    let modules: [any LedgerModule]
    let fees: any FeeBook
    /// Who receives the fee.
    let receiver: AccountID
    let index: UInt32

    /// Applies the transaction as far as it goes and says how far that was.
    ///
    /// - Parameter known: What became of a transaction before, by its hash.
    func run(
        in context: ExecutionContext, known: (Digest) -> TransactionOutcome?
    ) -> TransactionOutcome {
        let hash = checked.hash
        context.transaction = hash
        let fee: Amount
        do {
            fee = try payFee(in: context, known: known)
        } catch {
            return outcome(hash, .skipped(error), fee: .zero, in: context)
        }
        do {
            try context.atomically { () throws(Refusal) in
                for message in checked.transaction.messages {
                    try execute(message, in: context)
                }
            }
            return outcome(hash, .applied, fee: fee, in: context)
        } catch {
            return outcome(hash, .refused(error), fee: fee, in: context)
        }
    }

    /// Checks the transaction, uses up its nonce and charges its fee; a refusal leaves no trace.
    private func payFee(
        in context: ExecutionContext, known: (Digest) -> TransactionOutcome?
    ) throws(Refusal) -> Amount {
        if let refusal = checked.refusal { throw refusal }
        let account = checked.account
        let next = fees.nextNonce(of: account, in: context)
        // What has run has used up its nonce, so that only a used one asks for this look.
        if checked.transaction.nonce < next, let known = known(checked.hash), known.isConsumed {
            throw .duplicate(at: known.height)
        }
        let rules = AdmissionRules(parameters: parameters, fees: fees)
        try rules.checkValidity(of: checked, at: context.block.height)
        try rules.checkNonce(of: checked, next: next, ahead: 0)
        let fee = try rules.fee(of: checked)
        let payer = try fees.payer(of: checked, fee: fee, at: context.block.time, in: context)
        try context.atomically { () throws(Refusal) in
            fees.advanceNonce(of: account, in: context)
            try charge(fee, to: payer, in: context)
            if payer != account { try fees.noteFee(fee, paidFor: checked, in: context) }
        }
        return fee
    }

    private func charge(
        _ fee: Amount, to account: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard fees.spendable(by: account, in: context) >= fee else { throw .feeNotCovered(fee) }
        try fees.charge(fee, to: account, for: receiver, in: context)
    }

    private func execute(_ message: Message, in context: ExecutionContext) throws(Refusal) {
        guard let module = modules.first(where: { $0.id == message.module }) else {
            throw .ledger(.unknownModule, "no module \(message.module.value) on this chain")
        }
        try module.execute(message.payload, from: checked.account, in: context)
    }

    private func outcome(
        _ hash: Digest, _ verdict: TransactionOutcome.Verdict, fee: Amount,
        in context: ExecutionContext
    ) -> TransactionOutcome {
        TransactionOutcome(
            hash: hash, verdict: verdict, feeCharged: fee, height: context.block.height,
            index: index)
    }
}

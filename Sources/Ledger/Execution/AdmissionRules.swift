// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// The checks against state that execution and the pool of waiting transactions share (LEDGER-7).
struct AdmissionRules {
    let parameters: LedgerParameters
    let fees: any FeeBook

    /// Checks that a block of `height` may still, and may already, hold the transaction.
    func checkValidity(
        of checked: CheckedTransaction, at height: BlockHeight
    ) throws(Refusal) {
        let last = checked.transaction.validUntil
        guard last >= height else {
            throw .ledger(.expired, "it was valid until height \(last); this is height \(height)")
        }
        let furthest = height.advanced(by: parameters.validityBlocksMax)
        guard last <= furthest else {
            throw .ledger(.validTooFar, "validUntil \(last) is beyond \(furthest)")
        }
    }

    /// Checks the nonce: the account's next, or up to `ahead` later ones.
    func checkNonce(
        of checked: CheckedTransaction, next: UInt64, ahead: UInt64
    ) throws(Refusal) {
        let nonce = checked.transaction.nonce
        guard nonce >= next else {
            throw .ledger(.nonceTooLow, "nonce \(nonce) is used; the next is \(next)")
        }
        guard nonce - next <= ahead else {
            throw .ledger(.nonceTooHigh, "nonce \(nonce) is too far ahead; the next is \(next)")
        }
    }

    /// The fee, when the sender would pay it.
    func fee(of checked: CheckedTransaction) throws(Refusal) -> Amount {
        let feeMax = checked.transaction.feeMax
        let fee = parameters.fee(
            bytes: checked.byteCount, of: checked.transaction.messages)
        guard let fee, fee <= feeMax else {
            throw .ledger(
                .feeMaxTooLow,
                "the fee is \(fee?.description ?? "beyond 128 bits"), feeMax is \(feeMax)")
        }
        return fee
    }
}

extension LedgerMachine {
    /// How many nonces ahead of the executed one a transaction may wait: 64 an account, so one
    /// account holds at most 64 × 64 KiB = 4 MiB of a pool.
    public static let nonceAheadMax: UInt64 = 64

    /// Whether a transaction may wait to enter a block, judged by the executed state (LEDGER-12).
    ///
    /// - Returns: Why not, or nothing when it may.
    public func admit(_ signed: SignedTransaction) -> Refusal? {
        admit(CheckedTransaction(signed, chain: chain))
    }

    /// Judges the same of a transaction that has been checked for this chain.
    ///
    /// - Returns: Why not, or nothing when it may.
    public func admit(_ checked: CheckedTransaction) -> Refusal? {
        precondition(checked.chain == chain, "checked for another chain")
        do throws(LedgerFailure) {
            return try query { _ in judgement(of: checked) }
        } catch {
            return .ledger(.unavailable, "the state cannot be read now: \(error)")
        }
    }

    private func judgement(of checked: CheckedTransaction) -> Refusal? {
        do {
            try checkAdmission(checked)
            return nil
        } catch {
            return error
        }
    }

    private func checkAdmission(_ checked: CheckedTransaction) throws(Refusal) {
        if let refusal = checked.refusal { throw refusal }
        let account = checked.account
        let next = fees.nextNonce(of: account, in: self)
        if checked.transaction.nonce < next, let known = storedOutcome(of: checked.hash),
            known.isConsumed
        {
            throw .duplicate(at: known.height)
        }
        let rules = AdmissionRules(parameters: parameters, fees: fees)
        try rules.checkValidity(of: checked, at: height.advanced(by: 1))
        try rules.checkNonce(of: checked, next: next, ahead: Self.nonceAheadMax)
        let fee = try rules.fee(of: checked)
        let payer = try fees.payer(of: checked, fee: fee, at: time, in: self)
        let balance = fees.spendable(by: payer, in: self)
        guard balance >= checked.transaction.feeMax else {
            throw .ledger(
                .feeNotCovered,
                "the balance \(balance) is below feeMax \(checked.transaction.feeMax)")
        }
    }
}

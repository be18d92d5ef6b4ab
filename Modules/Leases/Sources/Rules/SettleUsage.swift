// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Pays what both sides signed, receipt by receipt (LEASES-10).
    func settleUsage(_ message: SettleUsage, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        guard let seat = record.primary, record.billingStarted else { throw wrongPhase(record) }
        guard sender == seat.provider || sender == record.tenant else {
            throw LeasesRefusal.notPrimary.refusal("only the tenant and the provider settle")
        }
        guard !message.receipts.isEmpty else {
            throw LeasesRefusal.brokenChain.refusal("no receipt is there")
        }
        let terms = book.terms(of: record)
        for receipt in message.receipts {
            try check(receipt, of: record, seat, terms)
            try settle(receipt.receipt, of: &record, seat, terms)
        }
        // What both signed says more than what one claimed.
        record.claim = nil
        book.save(record)
    }

    private func check(
        _ signed: CosignedReceipt, of record: LeaseRecord, _ seat: LeaseSeat, _ terms: LeaseTerms
    ) throws(Refusal) {
        let receipt = signed.receipt
        guard receipt.chain == context.block.chain, receipt.lease == record.lease,
            receipt.provider == seat.provider
        else {
            throw LeasesRefusal.foreignStatement.refusal(
                "the receipt is of another chain, lease or provider")
        }
        try check(receipt.token, of: record)
        guard receipt.sequence == record.receipts + 1, receipt.previous == record.lastReceipt
        else {
            throw LeasesRefusal.brokenChain.refusal(
                "receipt \(receipt.sequence) does not follow receipt \(record.receipts), "
                    + "\(record.lastReceipt)")
        }
        try checkPeriod(of: receipt, in: record)
        guard seat.receiptKey.accepts(signed.byProvider, over: receipt.signedBytes),
            terms.receiptKey.accepts(signed.byTenant, over: receipt.signedBytes)
        else {
            throw LeasesRefusal.badSignature.refusal(
                "a receipt needs the signatures of both receipt keys")
        }
    }

    private func checkPeriod(
        of receipt: UsageReceipt, in record: LeaseRecord
    ) throws(Refusal) {
        let end = record.billingEnd(at: now)
        guard receipt.from >= record.settledUntil, receipt.from < receipt.until,
            receipt.until <= end
        else {
            throw LeasesRefusal.badPeriod.refusal(
                "a receipt begins at \(record.settledUntil) or later and ends by \(end)")
        }
    }

    private func settle(
        _ receipt: UsageReceipt, of record: inout LeaseRecord, _ seat: LeaseSeat,
        _ terms: LeaseTerms
    ) throws(Refusal) {
        let time = receipt.until.since(receipt.from)
        let period = record.periodMilliseconds
        let bill = min(
            seat.prices.bill(for: receipt.usage, in: time, period: period),
            terms.ceiling.accrued(in: time, period: period))
        let payment = try pay(bill, to: seat.provider, from: &record)
        record.rate = min(bill.accruedUp(in: period, period: time), terms.ceiling)
        record.receipts = receipt.sequence
        record.lastReceipt = receipt.digest
        record.settledUntil = receipt.until
        emit(
            .usageSettled, about: record.lease,
            LeaseNote(seat.provider) {
                $0.other = record.tenant
                $0.amount = payment
                $0.rest = bill.subtracting(payment) ?? .zero
                $0.number = receipt.sequence
                $0.time = receipt.until
                $0.digest = receipt.digest
            })
    }
}

extension LeaseRecord {
    /// Whether it has begun to cost.
    var billingStarted: Bool {
        switch phase {
        case .open, .reserved: false
        case .active, .paused, .grace, .closing: true
        }
    }
}

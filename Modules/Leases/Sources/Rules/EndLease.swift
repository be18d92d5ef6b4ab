// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Nothing runs any more; what was co-signed can still be settled for a while, so that nobody
    /// closes to dodge the last receipt (LEASES-17).
    func beginClosing(
        _ ending: LeaseRecord, _ reason: CloseReason, by account: AccountID?,
        _ usual: LeaseEvidence
    ) {
        var record = ending
        // Whoever left is judged by how it left, whatever ends the lease then.
        let evidence = record.departure?.evidence ?? usual
        var billedUntil = record.billingEnd(at: now)
        if record.departure != nil { billedUntil = min(billedUntil, record.aliveUntil) }
        let until = now.advanced(by: parameters.settleMilliseconds)
        releaseBids(&record) { _ in true }
        for standby in record.standbys { book.free(standby.provider, from: record) }
        record.standbys = []
        record.notice = nil
        record.departure = nil
        record.phase = .closing(
            ClosingNote(
                reason: reason, by: account, billedUntil: billedUntil, evidence: evidence),
            until: until)
        book.save(record)
        emit(
            .closing, about: record.lease,
            LeaseNote(account ?? record.tenant) {
                $0.other = account == record.tenant ? record.primary?.provider : record.tenant
                $0.time = until
                $0.code = reason.rawValue
            })
    }

    /// Ends a lease: what is left goes back to the tenant, what was held is free (LEASES-9).
    func end(
        _ record: LeaseRecord, _ reason: CloseReason, by account: AccountID?,
        _ finding: LeaseEvidence?
    ) throws(Refusal) {
        let terms = book.terms(of: record)
        let refund = record.funds
        try bank.release(refund, of: record.lease, to: record.tenant, in: context)
        if let finding, let seat = record.primary {
            // Who was paid nothing has completed nothing.
            let isEmpty = finding == .completed && record.paid == .zero
            evidence.record(
                isEmpty ? .undecided : finding, provider: seat.provider, lease: record.lease,
                in: context)
        }
        book.end(
            record, terms,
            with: ClosedLease(
                lease: record.lease, tenant: record.tenant, deployment: terms.deployment,
                manifest: record.manifest, provider: record.primary?.provider,
                token: record.token, receipts: record.receipts, lastReceipt: record.lastReceipt,
                asset: terms.asset, paid: record.paid, refund: refund, reason: reason,
                by: account, openedAt: record.openedAt, closedAt: now))
        emit(
            .closed, about: record.lease,
            LeaseNote(record.tenant) {
                $0.other = record.primary?.provider
                $0.amount = record.paid
                $0.rest = refund
                $0.code = reason.rawValue
            })
    }
}

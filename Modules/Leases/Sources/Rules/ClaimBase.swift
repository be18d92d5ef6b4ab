// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Takes down what a provider claims alone: the base price, no later than it renewed the lease
    /// (LEASES-11).
    func claimBase(_ message: ClaimBase, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        let seat = try primary(of: record, sender, token: message.token)
        guard record.billingStarted else { throw wrongPhase(record) }
        guard record.claim == nil, !record.isContested else {
            throw LeasesRefusal.claimRefused.refusal("a claim waits already, or was contested")
        }
        let from = max(record.settledUntil, record.resumedAt)
        try checkClaim(until: message.until, from: from, of: record)
        let terms = book.terms(of: record)
        let period = record.periodMilliseconds
        let time = message.until.since(from)
        let claim = BaseClaim(
            from: from, until: message.until,
            amount: min(
                seat.prices.base.accrued(in: time, period: period),
                terms.ceiling.accrued(in: time, period: period)),
            contestBy: now.advanced(by: parameters.contestMilliseconds))
        record.claim = claim
        book.save(record)
        emit(
            .baseClaimed, about: record.lease,
            LeaseNote(sender) {
                $0.other = record.tenant
                $0.amount = claim.amount
                $0.time = claim.contestBy
            })
    }

    private func checkClaim(
        until: Timestamp, from: Timestamp, of record: LeaseRecord
    ) throws(Refusal) {
        var isOver = false
        if case .closing = record.phase { isOver = true }
        let earliest = from.advanced(by: parameters.claimDelayMilliseconds)
        guard isOver || now >= earliest else {
            throw LeasesRefusal.tooEarly.refusal(
                "the tenant has until \(earliest) to sign what was used")
        }
        // Time for which the provider did not say that it was there is not owed to it.
        let last = min(record.billingEnd(at: now), record.aliveUntil)
        guard from < until, until <= last,
            until.since(from) <= parameters.claimMillisecondsMax
        else {
            throw LeasesRefusal.badPeriod.refusal(
                "a claim begins at \(from), ends by \(last) and spans at most "
                    + "\(parameters.claimMillisecondsMax) ms")
        }
    }

    /// Ends a claim and the lease with it: nobody is paid for what both do not agree on
    /// (LEASES-11).
    func contestClaim(_ message: ContestClaim, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease, ofTenant: sender)
        guard let claim = record.claim, let seat = record.primary else {
            throw LeasesRefusal.noClaim.refusal("no claim waits")
        }
        guard now <= claim.contestBy else {
            throw LeasesRefusal.tooLate.refusal("it could be contested until \(claim.contestBy)")
        }
        record.claim = nil
        record.isContested = true
        emit(
            .claimContested, about: record.lease,
            LeaseNote(seat.provider) {
                $0.other = record.tenant
                $0.amount = claim.amount
            })
        if case .closing = record.phase {
            book.save(record)
        } else {
            beginClosing(record, .claimContested, by: sender, .undecided)
        }
    }

    /// Pays a claim that nobody contested.
    func payClaim(of record: inout LeaseRecord) throws(Refusal) {
        guard let claim = record.claim, let seat = record.primary else { return }
        record.claim = nil
        record.settledUntil = max(record.settledUntil, claim.until)
        let payment = try pay(claim.amount, to: seat.provider, from: &record)
        emit(
            .claimPaid, about: record.lease,
            LeaseNote(seat.provider) {
                $0.other = record.tenant
                $0.amount = payment
            })
    }
}

// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Adds to a lease's funds; one that was paused goes on (LEASES-13).
    func topUpLease(_ message: TopUpLease, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        if case .closing = record.phase { throw wrongPhase(record) }
        let terms = book.terms(of: record)
        let least = max(
            terms.ceilingOfAll.accruedUp(
                in: parameters.topUpMilliseconds, period: record.periodMilliseconds), Amount(1))
        guard message.amount >= least else {
            throw LeasesRefusal.amountTooSmall.refusal("a top-up must be at least \(least)")
        }
        try authority.checkContract(
            worth: message.amount, of: terms.asset, by: sender, in: context)
        // What went through this escrow in all stays a number, so that accounts of it do.
        guard let funds = record.funds.adding(message.amount), record.paid.adding(funds) != nil
        else { throw LeasesRefusal.badTerms.refusal("so much cannot be counted") }
        try bank.hold(
            message.amount, of: terms.asset, from: sender, for: record.lease, in: context)
        record.funds = funds
        resume(&record)
        if record.fundsEnd.before(parameters.warningMilliseconds) > now { record.isWarned = false }
        book.save(record)
        emit(
            .toppedUp, about: record.lease,
            LeaseNote(sender) {
                $0.other = record.tenant == sender ? record.primary?.provider : record.tenant
                $0.amount = message.amount
                $0.time = record.fundsEnd
            })
    }

    private func resume(_ record: inout LeaseRecord) {
        switch record.phase {
        case .paused, .grace: break
        default: return
        }
        record.phase = .active
        record.resumedAt = now
        if record.departure == nil {
            record.aliveUntil = now.advanced(by: record.takeoverMilliseconds)
        }
        for index in record.standbys.indices {
            record.standbys[index].paidUntil = max(record.standbys[index].paidUntil, now)
        }
        emit(
            .resumed, about: record.lease,
            LeaseNote(record.tenant) { $0.other = record.primary?.provider })
    }
}

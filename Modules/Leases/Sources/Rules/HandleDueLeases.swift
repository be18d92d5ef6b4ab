// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Handles leases whose moment has passed, the earliest first, and no more than one block may
    /// (LEASES-19).
    func handleDueLeases() {
        for lease in book.due(before: now, limit: parameters.duePerBlockMax) {
            guard let record = book.record(lease) else { continue }
            do {
                try context.atomically { () throws(Refusal) in try handleDue(record) }
            } catch {
                postpone(record)
            }
        }
    }

    /// Leaves a lease whose money cannot move now as it is, for a while: one account that cannot
    /// be paid must hold up neither the chain nor other leases.
    private func postpone(_ refused: LeaseRecord) {
        var record = refused
        let until = now.advanced(by: LeaseRecord.postponedMilliseconds)
        record.postponedUntil = until
        book.save(record)
        emit(.postponed, about: record.lease, LeaseNote(record.tenant) { $0.time = until })
    }

    private func handleDue(_ due: LeaseRecord) throws(Refusal) {
        var record = due
        record.postponedUntil = nil
        if case .open(let until) = record.phase, until < now {
            return try handleUndecided(record, until)
        }
        let now = now
        releaseBids(&record) { $0.heldUntil < now }
        if let claim = record.claim, claim.contestBy < now { try payClaim(of: &record) }
        switch record.phase {
        case .open: book.save(record)
        case .reserved(let until):
            guard until < now else { return book.save(record) }
            try end(record, .neverStarted, by: nil, .undecided)
        case .active: handleActive(record)
        case .paused(let since, let until):
            if until < now { beginGrace(&record, since: since) }
            book.save(record)
        case .grace(_, let until):
            guard until < now else { return book.save(record) }
            beginClosing(record, .fundsEnded, by: nil, .completed)
        case .closing(let note, let until):
            guard until < now, record.claim == nil else { return book.save(record) }
            try end(record, note.reason, by: note.by, note.evidence)
        }
    }

    /// The time for bids is over: the best get their seats, or nobody does.
    private func handleUndecided(_ open: LeaseRecord, _ end: Timestamp) throws(Refusal) {
        var record = open
        let terms = book.terms(of: record)
        if terms.isAutomatic { decide(&record, terms, at: end) }
        guard record.primary != nil else { return try self.end(record, .noBid, by: nil, nil) }
        book.save(record)
    }

    private func handleActive(_ active: LeaseRecord) {
        var record = active
        guard let seat = record.primary else { return book.save(record) }
        if let departure = record.departure {
            if departure.until < now {
                return beginClosing(
                    record, departure.reason, by: seat.provider, departure.evidence)
            }
        } else if let notice = record.notice, notice.until < now {
            return depart(record, notice.reason, by: seat.provider, notice.evidence)
        } else if record.aliveUntil.advanced(by: parameters.silenceMilliseconds) < now {
            return fail(record, .silenceEnded, by: nil)
        }
        if record.fundsEnd < now {
            pause(&record)
        } else if !record.isWarned,
            record.fundsEnd.before(parameters.warningMilliseconds) < now
        {
            record.isWarned = true
            emit(
                .fundsLow, about: record.lease,
                LeaseNote(record.tenant) {
                    $0.other = seat.provider
                    $0.amount = record.funds
                    $0.time = record.fundsEnd
                })
        }
        book.save(record)
    }

    /// Funds ended: nothing runs and nothing costs, everything is kept (LEASES-12).
    private func pause(_ record: inout LeaseRecord) {
        let until = now.advanced(by: parameters.pauseMilliseconds)
        releaseBids(&record) { _ in true }
        record.phase = .paused(since: now, until: until)
        emit(
            .paused, about: record.lease,
            LeaseNote(record.tenant) {
                $0.other = record.primary?.provider
                $0.time = until
            })
    }

    private func beginGrace(_ record: inout LeaseRecord, since: Timestamp) {
        let until = now.advanced(by: parameters.graceMilliseconds)
        record.phase = .grace(since: since, until: until)
        emit(
            .graceBegun, about: record.lease,
            LeaseNote(record.tenant) {
                $0.other = record.primary?.provider
                $0.time = until
            })
    }
}

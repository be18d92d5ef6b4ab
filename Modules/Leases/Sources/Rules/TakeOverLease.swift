// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// A standby goes on where a provider that is silent, or leaves, stopped: the token rises, and
    /// whatever the old one still says is refused (LEASES-15).
    func takeOverLease(_ message: TakeOverLease, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        try check(message.token, of: record)
        guard record.phase == .active, let old = record.primary else { throw wrongPhase(record) }
        let index = try standby(sender, of: record)
        try checkAbsence(of: record, for: index)
        if let statement = message.statement { try note(statement, at: index, of: &record) }
        let terms = book.terms(of: record)
        replace(old, in: &record)
        let seat = record.standbys.remove(at: index)
        announce(seat, after: old, in: record, terms)
        record.primary = seat
        record.token = record.token.advanced(by: 1)
        record.rate = min(terms.quote(seat.prices), terms.ceiling)
        record.settledUntil = now
        record.resumedAt = now
        record.aliveUntil = now.advanced(by: record.takeoverMilliseconds)
        record.claim = nil
        record.notice = nil
        record.departure = nil
        book.save(record)
    }

    /// Whoever leaves can be followed at once; whoever is only silent after its time, by the first
    /// in line first.
    private func checkAbsence(of record: LeaseRecord, for index: Int) throws(Refusal) {
        guard record.departure == nil, record.notice == nil else { return }
        let wait = parameters.staggerMilliseconds.multipliedReportingOverflow(by: UInt64(index))
        let last = record.aliveUntil.advanced(by: wait.overflow ? .max : wait.partialValue)
        guard last < now else {
            throw LeasesRefusal.notSilent.refusal(
                "the provider renewed the lease until \(record.aliveUntil); this standby may "
                    + "follow after \(last)")
        }
    }

    /// The old one loses its seat and what it held, and what it did is written down.
    private func replace(_ old: LeaseSeat, in record: inout LeaseRecord) {
        let kind = (record.departure ?? record.notice)?.evidence
        if kind == nil { slash(old.provider, parameters.silenceSlash, over: record.lease) }
        evidence.record(
            kind ?? .failed, provider: old.provider, lease: record.lease, in: context)
        book.free(old.provider, from: record)
        record.primary = nil
    }

    /// Says who runs it from now on and how old its data is, counted to the last moment at which
    /// the old one may have run.
    private func announce(
        _ seat: LeaseSeat, after old: LeaseSeat, in record: LeaseRecord, _ terms: LeaseTerms
    ) {
        let end = min(now, record.aliveUntil)
        let isOlder =
            seat.snapshot.map { end.since($0.takenAt) > terms.recoveryMilliseconds } ?? true
        emit(
            .takenOver, about: record.lease,
            LeaseNote(seat.provider) {
                $0.other = old.provider
                $0.number = record.token.advanced(by: 1).value
                $0.time = seat.snapshot?.takenAt ?? Timestamp(0)
                $0.digest = seat.snapshot?.digest ?? .zero
                $0.code = terms.recoveryMilliseconds > 0 && isOlder ? 1 : 0
            })
    }
}

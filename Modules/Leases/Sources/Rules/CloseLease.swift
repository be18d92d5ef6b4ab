// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// A provider says that it takes a lease back; it goes on until the notice ends (LEASES-16).
    func noticeReclaim(_ message: NoticeReclaim, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        _ = try primary(of: record, sender, token: message.token)
        guard record.phase == .active, record.notice == nil, record.departure == nil else {
            throw wrongPhase(record)
        }
        guard message.reason.isProviders else { throw badReason(message.reason) }
        let terms = book.terms(of: record)
        let wait = terms.kind == .spot ? 0 : terms.noticeMilliseconds
        let notice = Departure(
            reason: message.reason, until: now.advanced(by: wait), evidence: .reclaimed)
        record.notice = notice
        book.save(record)
        emit(
            .reclaimNoticed, about: record.lease,
            LeaseNote(sender) {
                $0.other = record.tenant
                $0.time = notice.until
                $0.code = notice.reason.rawValue
            })
    }

    private func badReason(_ reason: CloseReason) -> Refusal {
        LeasesRefusal.badReason.refusal("'\(reason.name)' is no reason of the sender's side")
    }

    /// Ends a lease at the wish of its tenant or provider (LEASES-17).
    func closeLease(_ message: CloseLease, from sender: AccountID) throws(Refusal) {
        let record = try live(message.lease)
        if sender == record.tenant {
            guard message.reason.isTenants else { throw badReason(message.reason) }
            try close(record, byTenant: message.reason)
        } else {
            _ = try primary(of: record, sender)
            guard message.reason.isProviders else { throw badReason(message.reason) }
            try close(record, by: sender, message.reason)
        }
    }

    private func close(
        _ record: LeaseRecord, byTenant reason: CloseReason
    ) throws(Refusal) {
        switch record.phase {
        case .open, .reserved: try end(record, reason, by: record.tenant, nil)
        case .closing: throw wrongPhase(record)
        case .active, .paused, .grace:
            guard reason == .providerSilent else {
                return beginClosing(record, reason, by: record.tenant, .completed)
            }
            guard record.phase == .active, record.aliveUntil < now, record.departure == nil else {
                throw LeasesRefusal.notSilent.refusal(
                    "the provider renewed the lease until \(record.aliveUntil)")
            }
            fail(record, reason, by: record.tenant)
        }
    }

    private func close(
        _ record: LeaseRecord, by provider: AccountID, _ reason: CloseReason
    ) throws(Refusal) {
        switch record.phase {
        case .open: throw wrongPhase(record)
        case .reserved: try end(record, reason, by: provider, .abandoned)
        case .paused, .grace: beginClosing(record, reason, by: provider, .completed)
        case .closing(let note, _):
            // Whoever is settled need not wait.
            guard record.claim == nil else { throw wrongPhase(record) }
            try end(record, note.reason, by: note.by, note.evidence)
        case .active: try leave(record, by: provider, reason)
        }
    }

    /// A provider that may go at once, or goes in breach of its word and pays for it.
    private func leave(
        _ record: LeaseRecord, by provider: AccountID, _ reason: CloseReason
    ) throws(Refusal) {
        guard record.departure == nil else { throw wrongPhase(record) }
        let isNoticeOver = record.notice.map { $0.until <= now } ?? false
        let isFree = isNoticeOver || book.terms(of: record).kind == .spot
        if !isFree { slash(provider, parameters.breachSlash, over: record.lease) }
        depart(record, reason, by: provider, isFree ? .reclaimed : .abandoned)
    }

    /// The provider has gone: a standby may follow, else it is over.
    func depart(
        _ leaving: LeaseRecord, _ reason: CloseReason, by provider: AccountID,
        _ evidence: LeaseEvidence
    ) {
        guard !leaving.standbys.isEmpty else {
            return beginClosing(leaving, reason, by: provider, evidence)
        }
        var record = leaving
        let until = now.advanced(by: parameters.settleMilliseconds)
        record.notice = nil
        record.departure = Departure(reason: reason, until: until, evidence: evidence)
        record.aliveUntil = min(record.aliveUntil, now)
        book.save(record)
        emit(
            .primaryLeft, about: record.lease,
            LeaseNote(provider) {
                $0.other = record.tenant
                $0.time = until
                $0.code = reason.rawValue
            })
    }

    /// A silent provider loses a part of its bond, and it is over.
    func fail(_ record: LeaseRecord, _ reason: CloseReason, by account: AccountID?) {
        if let seat = record.primary {
            slash(seat.provider, parameters.silenceSlash, over: record.lease)
        }
        beginClosing(record, reason, by: account, .failed)
    }
}

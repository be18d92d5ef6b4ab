// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Notes what a standby has and pays it for having stood by (LEASES-14).
    func reportSnapshot(_ message: ReportSnapshot, from sender: AccountID) throws(Refusal) {
        var record = try live(message.statement.snapshot.lease)
        guard record.phase == .active else { throw wrongPhase(record) }
        let index = try standby(sender, of: record)
        try note(message.statement, at: index, of: &record)
        book.save(record)
    }

    /// Where the sender stands among the standbys.
    func standby(_ sender: AccountID, of record: LeaseRecord) throws(Refusal) -> Int {
        guard let index = record.standbyIndex(of: sender) else {
            throw LeasesRefusal.notStandby.refusal("\(sender) does not stand by \(record.lease)")
        }
        return index
    }

    /// Checks a snapshot, notes it and pays its standby up to it.
    func note(
        _ statement: AcknowledgedSnapshot, at index: Int, of record: inout LeaseRecord
    ) throws(Refusal) {
        let snapshot = statement.snapshot
        try check(statement, of: record.standbys[index], in: record)
        let payment = try payStandby(at: index, until: snapshot.takenAt, of: &record)
        record.standbys[index].snapshot = SnapshotMark(snapshot)
        emit(
            .snapshotTaken, about: record.lease,
            LeaseNote(snapshot.standby) {
                $0.other = record.tenant
                $0.amount = payment
                $0.number = snapshot.sequence
                $0.time = snapshot.takenAt
                $0.digest = snapshot.digest
            })
    }

    private func check(
        _ statement: AcknowledgedSnapshot, of seat: LeaseSeat, in record: LeaseRecord
    ) throws(Refusal) {
        let snapshot = statement.snapshot
        guard snapshot.chain == context.block.chain, snapshot.lease == record.lease,
            snapshot.standby == seat.provider
        else {
            throw LeasesRefusal.foreignStatement.refusal(
                "the snapshot is of another chain, lease or standby")
        }
        try check(snapshot.token, of: record)
        let isNewer = seat.snapshot.map {
            $0.sequence < snapshot.sequence && $0.takenAt < snapshot.takenAt
        }
        guard isNewer ?? true, snapshot.takenAt <= now else {
            throw LeasesRefusal.staleSnapshot.refusal(
                "a snapshot is newer than the one before and not of the future")
        }
        guard let key = record.primary?.receiptKey,
            key.accepts(statement.byProvider, over: snapshot.signedBytes)
        else {
            throw LeasesRefusal.badSignature.refusal(
                "the provider did not sign that the standby has this")
        }
    }

    /// Pays standing by since it was last paid: at most so long as one snapshot is good for.
    private func payStandby(
        at index: Int, until: Timestamp, of record: inout LeaseRecord
    ) throws(Refusal) -> Amount {
        let seat = record.standbys[index]
        guard until > seat.paidUntil else { return .zero }
        let terms = book.terms(of: record)
        let time = min(
            until.since(seat.paidUntil),
            max(terms.recoveryMilliseconds, parameters.snapshotMilliseconds))
        record.standbys[index].paidUntil = until
        return try pay(
            seat.standbyRate.accrued(in: time, period: record.periodMilliseconds),
            to: seat.provider, from: &record)
    }

    /// A standby leaves, or its tenant sends it away (LEASES-18).
    func endStandby(_ message: EndStandby, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        guard sender == message.standby || sender == record.tenant else {
            throw LeasesRefusal.notTenant.refusal("only the tenant or the standby may do this")
        }
        let index = try standby(message.standby, of: record)
        record.standbys.remove(at: index)
        book.free(message.standby, from: record)
        book.save(record)
        emit(
            .standbyEnded, about: record.lease,
            LeaseNote(message.standby) { $0.other = record.tenant })
    }
}

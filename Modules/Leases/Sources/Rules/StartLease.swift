// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension LeasesDesk {
    /// The chosen provider has the manifest and begins: from now on it costs (LEASES-6).
    func startLease(_ message: StartLease, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease)
        let seat = try primary(of: record, sender, token: message.token)
        guard case .reserved(let until) = record.phase else { throw wrongPhase(record) }
        guard now <= until else {
            throw LeasesRefusal.tooLate.refusal("it could begin until \(until)")
        }
        record.phase = .active
        record.settledUntil = now
        record.resumedAt = now
        record.aliveUntil = now.advanced(by: record.takeoverMilliseconds)
        for index in record.standbys.indices { record.standbys[index].paidUntil = now }
        book.save(record)
        emit(
            .leaseStarted, about: record.lease,
            LeaseNote(seat.provider) {
                $0.other = record.tenant
                $0.number = record.token.value
            })
    }

    /// Renews what the sender runs; what another has taken over since is passed over, so that one
    /// lost lease does not cost the others (LEASES-7).
    func renewLeases(_ message: RenewLeases, from sender: AccountID) throws(Refusal) {
        var renewed = 0
        for renewal in message.leases {
            guard var record = book.record(renewal.lease), record.token == renewal.token,
                record.primary?.provider == sender, record.phase == .active,
                record.departure == nil
            else { continue }
            record.aliveUntil = now.advanced(by: record.takeoverMilliseconds)
            book.save(record)
            renewed += 1
        }
        guard renewed > 0 else {
            throw LeasesRefusal.notPrimary.refusal("\(sender) runs none of these leases")
        }
    }

    /// Something else shall run in the same lease (LEASES-8).
    func updateManifest(_ message: UpdateManifest, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease, ofTenant: sender)
        if case .closing = record.phase { throw wrongPhase(record) }
        record.manifest = message.manifest
        book.save(record)
        emit(
            .manifestChanged, about: record.lease,
            LeaseNote(sender) {
                $0.other = record.primary?.provider
                $0.digest = message.manifest
            })
    }
}

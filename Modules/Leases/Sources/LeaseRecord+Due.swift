// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension LeaseRecord {
    /// When its funds end if it goes on as it does (LEASES-12): what is left after what standbys
    /// are owed, at what the provider and the standbys cost a period together.
    public var fundsEnd: Timestamp {
        guard primary != nil else { return Timestamp(.max) }
        let start = max(settledUntil, resumedAt)
        var left = funds
        var spending = rate
        for standby in standbys {
            spending = spending.addingHeld(standby.standbyRate)
            // What was paid ahead is given back; what is owed is taken off.
            let ahead = standby.standbyRate.accrued(
                in: standby.paidUntil.since(start), period: periodMilliseconds)
            let owed = standby.standbyRate.accruedUp(
                in: start.since(standby.paidUntil), period: periodMilliseconds)
            left = left.addingHeld(ahead).subtracting(owed) ?? .zero
        }
        guard spending > .zero else { return Timestamp(.max) }
        let time = left.scaled(by: UInt128(periodMilliseconds), over: spending.units)
        return start.advanced(by: UInt64(clamping: time?.units ?? .max))
    }

    /// When something happens by itself next; the end of time when nothing does.
    func due(under parameters: LeasesParameters) -> Timestamp {
        var due = bids.map(\.heldUntil).min() ?? Timestamp(.max)
        if let claim { due = min(due, claim.contestBy) }
        switch phase {
        case .open(let until), .reserved(let until), .paused(_, let until), .grace(_, let until):
            due = min(due, until)
        case .closing(_, let until):
            // A claim that waits keeps the lease until it is paid.
            if claim == nil { due = min(due, until) }
        case .active: due = min(due, dueWhileActive(under: parameters))
        }
        if let postponedUntil { due = max(due, postponedUntil) }
        return due
    }

    private func dueWhileActive(under parameters: LeasesParameters) -> Timestamp {
        var due = fundsEnd
        if !isWarned { due = due.before(parameters.warningMilliseconds) }
        if let departure { return min(due, departure.until) }
        if let notice { due = min(due, notice.until) }
        return min(due, aliveUntil.advanced(by: parameters.silenceMilliseconds))
    }
}

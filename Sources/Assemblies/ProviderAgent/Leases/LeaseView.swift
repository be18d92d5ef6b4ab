// SPDX-License-Identifier: Apache-2.0
import Leases
import Vocabulary

/// A lease as one provider sees it: what the ledger says, and what is here (HOST-8).
struct LeaseView: Hashable {
    /// What the provider is in it.
    enum Seat: Hashable {
        /// It runs it.
        case primary
        /// It stands by; so many are in line before it.
        case standby(Int)
        /// It has bid.
        case bidder
        /// Nothing, or nothing any more.
        case none
    }

    /// Where the lease stands.
    enum Stage: Hashable {
        case open, reserved, active
        /// Its funds ended.
        case suspended
        /// It is over, and can still be settled.
        case closing
        /// The ledger knows it no longer.
        case ended
    }

    var seat = Seat.none
    var stage = Stage.ended
    var token = FencingToken(0)
    /// What is to run.
    var manifest = Digest.zero
    /// The last moment of the primary's renewal, and how long one lasts.
    var aliveUntil = Timestamp(0)
    var takeoverMilliseconds: UInt64 = 0
    /// From when on nothing is paid yet, and until when use counts.
    var unpaidFrom = Timestamp(0)
    var billedUntil = Timestamp(0)
    /// Whether the primary said that it goes, or has gone.
    var isDeparting = false
    /// Whether the primary may claim the base price.
    var mayClaim = false

    /// What is here.
    var facts = Facts()

    /// What a provider has of a lease.
    struct Facts: Hashable {
        /// The manifest that it was given, with all its secrets.
        var manifest: Digest?
        /// Whether the engine has taken a first step with it.
        var hasBegun = false
        /// Whether anything of it lies on this machine.
        var hasTraces = false
        /// How many receipts both have signed that are not settled.
        var unsettled = 0
    }
}

extension LeaseView {
    /// Reads a record; nothing stands for a lease that has ended.
    init(_ record: LeaseRecord?, of provider: AccountID, at now: Timestamp, _ facts: Facts) {
        self.facts = facts
        guard let record else { return }
        seat = Self.seat(of: provider, in: record)
        token = record.token
        manifest = record.manifest
        aliveUntil = record.aliveUntil
        takeoverMilliseconds = record.takeoverMilliseconds
        unpaidFrom = max(record.settledUntil, record.resumedAt)
        billedUntil = min(now, record.aliveUntil)
        isDeparting = record.notice != nil || record.departure != nil
        mayClaim = record.claim == nil && !record.isContested
        switch record.phase {
        case .open: stage = .open
        case .reserved: stage = .reserved
        case .active: stage = .active
        case .paused(let since, _), .grace(let since, _):
            stage = .suspended
            billedUntil = min(billedUntil, since)
        case .closing(let note, _):
            stage = .closing
            billedUntil = min(billedUntil, note.billedUntil)
        }
    }

    private static func seat(of provider: AccountID, in record: LeaseRecord) -> Seat {
        if record.primary?.provider == provider { return .primary }
        if let place = record.standbys.firstIndex(where: { $0.provider == provider }) {
            return .standby(place)
        }
        return record.bids.contains { $0.provider == provider } ? .bidder : .none
    }
}

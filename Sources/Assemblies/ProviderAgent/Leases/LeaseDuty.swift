// SPDX-License-Identifier: Apache-2.0
import Leases
import Vocabulary

/// What a provider does about a lease now (HOST-8).
enum LeaseDuty: Hashable {
    /// Comes nearer to what the manifest here says.
    case run
    /// Ends all programs and keeps all data.
    case halt
    /// Ends all programs and forgets all data.
    case remove
    /// Takes snapshots, or fetches them.
    case keepSnapshots
    /// Tells the ledger that it begins.
    case begin(FencingToken)
    /// Tells the ledger that it is there.
    case renew(FencingToken)
    /// Hands in receipts that both have signed.
    case settle
    /// Claims the base price of a stretch that nothing was signed for.
    case claim(FencingToken, until: Timestamp)
    /// Goes on where a silent provider stopped.
    case takeOver(FencingToken)
}

/// The figures of the law that duties depend on.
struct LeaseLaw: Hashable {
    /// How much longer each further standby waits.
    var staggerMilliseconds: UInt64
    /// For how long nothing was settled before a provider may claim alone.
    var claimDelayMilliseconds: UInt64
    /// The longest stretch of one claim.
    var claimMillisecondsMax: UInt64
}

extension LeaseView {
    /// What is to be done: a function of what the ledger says and of what is here, so a provider
    /// that was away, or died in the middle, looks and goes on (HOST-8).
    ///
    /// - Parameter now: The time of the newest block: the law's own clock.
    func duties(at now: Timestamp, _ law: LeaseLaw) -> [LeaseDuty] {
        switch (stage, seat) {
        case (.ended, _), (_, .none): facts.hasTraces ? [.remove] : []
        case (.open, _), (_, .bidder): []
        case (.reserved, .primary): primaryBeforeBeginning
        case (.active, .primary): primaryDuties(at: now, law)
        case (.suspended, .primary): [.halt] + owed(at: now, law)
        case (.closing, .primary): [.halt] + owed(at: now, law)
        case (.active, .standby(let place)): standbyDuties(place, at: now, law)
        // Nothing is to be followed: what it has stays until the lease ends or goes on.
        case (.reserved, .standby), (.suspended, .standby), (.closing, .standby): []
        }
    }

    private var hasManifest: Bool { facts.manifest == manifest }

    /// It says that it begins only when its engine has begun: from then on it costs.
    private var primaryBeforeBeginning: [LeaseDuty] {
        guard hasManifest else { return [] }
        return facts.hasBegun ? [.run, .begin(token)] : [.run]
    }

    private func primaryDuties(at now: Timestamp, _ law: LeaseLaw) -> [LeaseDuty] {
        // Of an update the old version runs until the new one was given.
        var duties: [LeaseDuty] = facts.manifest == nil ? [] : [.run, .keepSnapshots]
        // A third of the time is left to be heard.
        let left = aliveUntil.value > now.value ? aliveUntil.value - now.value : 0
        if facts.manifest != nil, left <= takeoverMilliseconds / 3 * 2 {
            duties.append(.renew(token))
        }
        return duties + owed(at: now, law)
    }

    /// Receipts come before claims: what both signed is more.
    private func owed(at now: Timestamp, _ law: LeaseLaw) -> [LeaseDuty] {
        if facts.unsettled > 0 { return [.settle] }
        guard mayClaim, billedUntil > unpaidFrom, unpaidFrom > Timestamp(0) else { return [] }
        let isLate = stage == .closing || now >= unpaidFrom.advanced(by: law.claimDelayMilliseconds)
        guard isLate else { return [] }
        let until = min(billedUntil, unpaidFrom.advanced(by: law.claimMillisecondsMax))
        return [.claim(token, until: until)]
    }

    private func standbyDuties(
        _ place: Int, at now: Timestamp, _ law: LeaseLaw
    ) -> [LeaseDuty] {
        let wait = law.staggerMilliseconds.multipliedReportingOverflow(by: UInt64(place))
        let last = aliveUntil.advanced(by: wait.overflow ? .max : wait.partialValue)
        // Who cannot run it leaves it to the next in line.
        guard hasManifest, isDeparting || last < now else { return [.keepSnapshots] }
        return [.keepSnapshots, .takeOver(token)]
    }
}

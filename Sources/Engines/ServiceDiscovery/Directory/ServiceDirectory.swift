// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Why an announcement is not kept.
public enum DirectoryRefusal: Error, Hashable, Sendable {
    /// An equal or later one of the same machine is known.
    case stale
    /// It follows the one before it faster than announcements may.
    case tooSoon
    /// The signer has as many machines as it may have.
    case tooManyOfSigner
    /// The directory is full of what outranks it.
    case full
    /// Its signer has signed another with the same number.
    case contradicts(AnnouncementContradiction)
}

/// What an announcement has changed.
public enum DirectoryChange: Hashable, Sendable {
    /// A machine that was not known.
    case added
    /// A known machine says something new.
    case renewed
    /// It was known as it is.
    case unchanged
    /// A machine goes.
    case removed
}

/// The announcements that hold, within limits, in orders that are searched in logarithmic time.
///
/// A value: time comes in with each call and never goes back by itself. Cost of ``receive(_:at:)``:
/// about 4 × (offers + 1) insertions into trees. Memory: a record of one offer about 1.5 KiB, of 16
/// offers about 8 KiB; ``Limits/recordsMax`` of the largest are 128 MiB. Source: DISCOVERY-4 to
/// DISCOVERY-9.
public struct ServiceDirectory: Sendable {
    /// How much is kept.
    public struct Limits: Sendable {
        /// Records in all; forgotten ones leave as many marks of 100 bytes.
        public var recordsMax = 16_384
        /// Machines of one signer.
        public var perSignerMax = 16
        /// The least time between two announcements of one machine.
        public var renewMillisecondsMin: UInt64 = 1_000

        /// The usual limits.
        public init() {}
    }

    /// What a forgotten machine had said last: until any announcement before it is over.
    private struct Mark: Sendable {
        let sequence: UInt64
        let issued: Timestamp
        var until: Timestamp { issued.advanced(by: ServiceAnnouncement.lifeMillisecondsMax) }
    }

    /// A moment at which something ends.
    private struct Ending: Comparable, Sendable {
        let at: Timestamp
        let id: ServiceID
        static func < (left: Self, right: Self) -> Bool {
            (left.at, left.id) < (right.at, right.id)
        }
    }

    /// The limits.
    public let limits: Limits
    var records: [ServiceID: DirectoryRecord] = [:]
    var indexes: [Capability: CapabilityIndex] = [:]
    /// Every record once, whatever its capabilities, at the price of its cheapest offer.
    var everything = CapabilityIndex()
    private var machines: [PublicKey: [UInt16]] = [:]
    /// The ends of records the ledger does not vouch for, and of those it does.
    private var endings: (strangers: OrderedIndex<Ending>, known: OrderedIndex<Ending>) = (
        OrderedIndex(), OrderedIndex()
    )
    private var marks: [ServiceID: Mark] = [:]
    private var markEndings = OrderedIndex<Ending>()
    /// How many records had to go for others.
    public private(set) var evicted: UInt64 = 0

    /// An empty directory.
    public init(_ limits: Limits = Limits()) { self.limits = limits }

    /// How many announcements hold.
    public var count: Int { records.count }

    /// What one machine says.
    public func listing(of id: ServiceID) -> ServiceListing? { records[id]?.listing }

    /// All that a signer says, in the order of its machines.
    public func listings(of signer: PublicKey) -> [ServiceListing] {
        (machines[signer] ?? []).compactMap {
            records[ServiceID(signer: signer, instance: $0)]?.listing
        }
    }

    /// Every signer, in order. Cost: all of them are sorted.
    public var signers: [PublicKey] { machines.keys.sorted() }

    // MARK: Receiving

    /// Takes an announcement (DISCOVERY-4).
    ///
    /// - Parameter standing: What the ledger says of the signer, when that is known already.
    /// - Throws: ``DirectoryRefusal``; nothing has changed then.
    @discardableResult
    public mutating func receive(
        _ checked: CheckedAnnouncement, standing: ProviderStanding? = nil, at now: Timestamp
    ) throws(DirectoryRefusal) -> DirectoryChange {
        expire(at: now)
        let (signed, id) = (checked.signed, checked.announcement.id)
        let known = records[id]
        if let known, known.signed.announcement == signed.announcement { return .unchanged }
        try check(signed, against: known)
        guard signed.announcement.status != .leaving else {
            remove(id)
            mark(signed.announcement)
            return known == nil ? .unchanged : .removed
        }
        let neighbours = machines[id.signer] ?? []
        let neighbour = neighbours.first.flatMap {
            records[ServiceID(signer: id.signer, instance: $0)]
        }
        let record = DirectoryRecord(
            signed: signed, standing: standing ?? neighbour?.standing,
            roundTripMicroseconds: neighbour?.roundTripMicroseconds)
        if known == nil {
            guard neighbours.count < limits.perSignerMax else { throw .tooManyOfSigner }
            try makeRoom(for: record)
        } else {
            remove(id)
        }
        put(record)
        return known == nil ? .added : .renewed
    }

    private func check(
        _ signed: SignedAnnouncement, against known: DirectoryRecord?
    ) throws(DirectoryRefusal) {
        let (next, id) = (signed.announcement, signed.announcement.id)
        let last =
            known.map { Mark(sequence: $0.announcement.sequence, issued: $0.announcement.issued) }
            ?? marks[id]
        guard let last else { return }
        if let known, next.sequence == last.sequence,
            let proof = AnnouncementContradiction(known.signed, signed)
        {
            throw .contradicts(proof)
        }
        guard next.sequence > last.sequence, next.issued >= last.issued else { throw .stale }
        // Who goes may say so at once.
        let pause = next.status == .leaving ? 0 : limits.renewMillisecondsMin
        guard next.issued >= last.issued.advanced(by: pause) else { throw .tooSoon }
    }

    /// Finds room by letting go whatever ends first: strangers go before those that the ledger
    /// vouches for, and a newcomer never displaces what outranks it (DISCOVERY-8).
    private mutating func makeRoom(for record: DirectoryRecord) throws(DirectoryRefusal) {
        guard records.count >= limits.recordsMax else { return }
        if let stranger = endings.strangers.first {
            guard record.isKnown || record.announcement.expires > stranger.at else { throw .full }
            forget(stranger.id)
        } else {
            guard record.isKnown, let first = endings.known.first,
                record.announcement.expires > first.at
            else { throw .full }
            forget(first.id)
        }
        evicted += 1
    }

    // MARK: What others know

    /// Notes what the ledger says of a signer that is listed (DISCOVERY-7).
    public mutating func note(_ standing: ProviderStanding?, of signer: PublicKey) {
        change(signer) { $0.standing = standing }
    }

    /// Notes the measured round trip to a signer that is listed.
    public mutating func note(roundTripMicroseconds: UInt64?, of signer: PublicKey) {
        change(signer) { $0.roundTripMicroseconds = roundTripMicroseconds }
    }

    private mutating func change(
        _ signer: PublicKey, _ body: (inout DirectoryRecord) -> Void
    ) {
        for instance in machines[signer] ?? [] {
            let id = ServiceID(signer: signer, instance: instance)
            guard var record = records[id] else { continue }
            let before = record
            body(&record)
            guard record.listing != before.listing else { continue }
            remove(id)
            put(record)
        }
    }

    // MARK: Forgetting

    /// Forgets what is over. Cost: logarithmic for each.
    public mutating func expire(at now: Timestamp) {
        while let ending = endings.strangers.first, ending.at <= now { forget(ending.id) }
        while let ending = endings.known.first, ending.at <= now { forget(ending.id) }
        while let ending = markEndings.first, ending.at <= now { unmark(ending.id) }
    }

    private mutating func forget(_ id: ServiceID) {
        guard let announcement = records[id]?.announcement else { return }
        remove(id)
        mark(announcement)
    }

    private mutating func mark(_ announcement: ServiceAnnouncement) {
        let id = announcement.id
        unmark(id)
        let mark = Mark(sequence: announcement.sequence, issued: announcement.issued)
        marks[id] = mark
        markEndings.insert(Ending(at: mark.until, id: id))
        if marks.count > limits.recordsMax, let first = markEndings.first { unmark(first.id) }
    }

    private mutating func unmark(_ id: ServiceID) {
        guard let mark = marks.removeValue(forKey: id) else { return }
        markEndings.remove(Ending(at: mark.until, id: id))
    }

    private mutating func put(_ record: DirectoryRecord) {
        let id = record.announcement.id
        records[id] = record
        unmark(id)
        machines[id.signer] = ((machines[id.signer] ?? []) + [id.instance]).sorted()
        let ending = Ending(at: record.announcement.expires, id: id)
        if record.isKnown { endings.known.insert(ending) } else { endings.strangers.insert(ending) }
        index(record, true)
    }

    private mutating func remove(_ id: ServiceID) {
        guard let record = records.removeValue(forKey: id) else { return }
        let rest = (machines[id.signer] ?? []).filter { $0 != id.instance }
        machines[id.signer] = rest.isEmpty ? nil : rest
        let ending = Ending(at: record.announcement.expires, id: id)
        if record.isKnown { endings.known.remove(ending) } else { endings.strangers.remove(ending) }
        index(record, false)
    }

    private mutating func index(_ record: DirectoryRecord, _ isIn: Bool) {
        for offer in record.announcement.offers {
            var index = indexes.removeValue(forKey: offer.capability) ?? CapabilityIndex()
            index.place(record, at: offer.tariff.listPrice, isIn)
            if !index.isEmpty { indexes[offer.capability] = index }
        }
        let cheapest = record.announcement.offers.map(\.tariff.listPrice).min() ?? .zero
        everything.place(record, at: cheapest, isIn)
    }
}

extension DirectoryRecord {
    /// Whether the ledger vouches for the signer.
    var isKnown: Bool { standing?.isActive ?? false }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// An event of a past block.
public struct PastEvent: Hashable, Sendable {
    /// Where it stands among all events.
    public let cursor: EventCursor
    /// The transaction it belongs to, or nothing for what fell due at the end of a block.
    public let transaction: Digest?
    /// What happened.
    public let event: Event

    /// Describes an event.
    public init(cursor: EventCursor, transaction: Digest?, event: Event) {
        self.cursor = cursor
        self.transaction = transaction
        self.event = event
    }
}

/// Some of the events that were asked for, and where to go on.
public struct EventPage: Hashable, Sendable {
    /// The events, oldest first.
    public let events: [PastEvent]
    /// The place to ask from for more, or nothing when there are no more now.
    public let next: EventCursor?

    /// Joins the parts.
    public init(events: [PastEvent], next: EventCursor?) {
        self.events = events
        self.next = next
    }
}

/// What became of a transaction, with everything that happened in it.
public struct TransactionReceipt: Hashable, Sendable {
    /// How far it came.
    public let outcome: TransactionOutcome
    /// Its events, in order; none once they are forgotten.
    public let events: [PastEvent]
}

extension LedgerMachine {
    /// The most events of one page: 1,000 of at most 4 KiB are 4 MiB.
    public static let eventsPageMax = 1_000

    /// Events that concern an account, oldest first (LEDGER-18).
    ///
    /// Cost: a search in each run of the index, and one read for each block that is named.
    ///
    /// - Parameters:
    ///   - cursor: Only events after this one.
    ///   - limit: At most so many, and at most ``eventsPageMax``.
    /// - Throws: ``LedgerFailure/disk(_:)``.
    public func events(
        of account: AccountID, after cursor: EventCursor? = nil, limit: Int = 100
    ) throws(LedgerFailure) -> EventPage {
        try events(about: account.raw, after: cursor, limit: limit)
    }

    /// Events that concern a job, oldest first (LEDGER-18).
    ///
    /// - Throws: ``LedgerFailure/disk(_:)``.
    public func events(
        of job: JobID, after cursor: EventCursor? = nil, limit: Int = 100
    ) throws(LedgerFailure) -> EventPage {
        try events(about: job.raw, after: cursor, limit: limit)
    }

    /// Events whose subject is this, or that a module says concern it, oldest first (LEDGER-18).
    ///
    /// - Throws: ``LedgerFailure/disk(_:)``.
    public func events(
        about subject: Bytes32, after cursor: EventCursor? = nil, limit: Int = 100
    ) throws(LedgerFailure) -> EventPage {
        let count = min(max(limit, 1), Self.eventsPageMax)
        _ = layers.takeFailure()
        let start = max(
            cursor ?? EventCursor(height: BlockHeight(0), index: 0),
            EventCursor(height: eventHorizon, index: .max))
        let places = eventIndex.places(of: subject, after: start, limit: count + 1, in: layers)
        let events = pastEvents(at: places.prefix(count))
        if let failure = layers.takeFailure() { throw .disk(failure) }
        return EventPage(events: events, next: places.count > count ? places[count - 1] : nil)
    }

    /// What became of a transaction and what happened in it, while both are kept.
    ///
    /// - Throws: ``LedgerFailure/disk(_:)``.
    public func receipt(of hash: Digest) throws(LedgerFailure) -> TransactionReceipt? {
        guard let outcome = try outcome(of: hash) else { return nil }
        guard let record = eventRecord(at: outcome.height) else {
            if let failure = layers.takeFailure() { throw .disk(failure) }
            return TransactionReceipt(outcome: outcome, events: [])
        }
        let events = record.range(of: hash).map { index in
            PastEvent(
                cursor: EventCursor(height: outcome.height, index: UInt32(index)),
                transaction: hash, event: record.events[index])
        }
        return TransactionReceipt(outcome: outcome, events: events)
    }

    /// The newest block whose events are forgotten.
    var eventHorizon: BlockHeight {
        BlockHeight(height.value > options.eventBlocks ? height.value - options.eventBlocks : 0)
    }

    private func pastEvents(at places: some Sequence<EventCursor>) -> [PastEvent] {
        var known: (height: BlockHeight, record: EventRecord)?
        var found: [PastEvent] = []
        for place in places {
            if known?.height != place.height {
                known = eventRecord(at: place.height).map { (place.height, $0) }
            }
            guard let record = known?.record, Int(place.index) < record.events.count else {
                continue
            }
            found.append(
                PastEvent(
                    cursor: place, transaction: record.transaction(ofEvent: Int(place.index)),
                    event: record.events[Int(place.index)]))
        }
        return found
    }

    private func eventRecord(at height: BlockHeight) -> EventRecord? {
        let bytes = layers.peek(StoreLayout.events(at: height)) { $0.map(Array.init) }
        return bytes.flatMap { try? EventRecord(canonicalBytes: $0) }
    }
}

extension EventRecord {
    /// The events of a transaction.
    fileprivate func range(of transaction: Digest) -> Range<Int> {
        var start = 0
        for mark in marks {
            if mark.transaction == transaction { return start..<Int(mark.end) }
            start = Int(mark.end)
        }
        return 0..<0
    }
}

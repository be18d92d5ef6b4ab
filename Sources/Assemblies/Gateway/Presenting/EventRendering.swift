// SPDX-License-Identifier: Apache-2.0
import Accounts
import HTTPServer
import JSONText
import Ledger
import Market
import NodeInterface
import Registry
import Reputation
import Vocabulary

/// What an event says, in the form clients read.
struct EventReading {
    /// The stable name within the module.
    var name: String
    /// The members that the event's payload gives.
    var members: [(name: String, value: JSON?)] = []
    /// The job it is about.
    var job: Bytes32?
    /// The accounts it is about or mentions.
    var accounts: [AccountID] = []
}

/// Turns events of blocks into server-sent events (GATEWAY-8).
enum EventRendering {
    /// The events of a block, in order; those of its transactions and its own where wanted.
    static func events(of block: AppliedBlock, _ topics: EventTopics) -> [LoggedEvent] {
        let time = block.finalized.block.header.timestamp
        var events = block.events.enumerated().map { index, event in
            let place = EventPlace(height: block.height.value, index: UInt32(index))
            return logged(event, at: place, time: time)
        }
        if topics.contains(.transactions) { events += block.outcomes.map(logged) }
        if topics.contains(.blocks) { events.append(logged(block)) }
        return events
    }

    /// Where the events of transactions begin among those of a block: a block has fewer others.
    private static let transactionsStart: UInt32 = 1 << 31

    private static func logged(_ outcome: TransactionOutcome) -> LoggedEvent {
        let place = EventPlace(
            height: outcome.height.value, index: transactionsStart + outcome.index)
        return logged(JSON(outcome), "ledger.transactionExecuted", at: place, .transactions)
    }

    private static func logged(_ block: AppliedBlock) -> LoggedEvent {
        let header = block.finalized.block.header
        let data: JSON = [
            "height": JSON(header.height), "slot": JSON(header.slot),
            "hash": JSON(block.finalized.block.hash), "time": JSON(header.timestamp),
            "proposer": JSON(header.proposer), "stateRoot": JSON(block.stateRoot),
            "transactions": JSON(block.outcomes.count), "events": JSON(block.events.count),
        ]
        return logged(data, "ledger.blockFinal", at: .end(of: block.height), .blocks)
    }

    private static func logged(
        _ data: JSON, _ name: String, at place: EventPlace, _ topics: EventTopics,
        job: Bytes32? = nil, accounts: [AccountID] = []
    ) -> LoggedEvent {
        let text = data.compact
        let bytes = ServerSentEvent(text, name: name, id: "\(place)").bytes
        // The text is one line; an event ends with its line end and an empty line.
        let end = bytes.count - 2
        return LoggedEvent(
            place: place, topics: topics, name: name, bytes: bytes,
            data: end - text.utf8.count..<end, job: job, accounts: accounts)
    }

    private static func logged(
        _ event: Event, at place: EventPlace, time: Timestamp
    ) -> LoggedEvent {
        let reading = reading(of: event)
        let data = data(of: event, reading, at: place, [("time", JSON(time))])
        return logged(
            data, "\(ModuleName.of(event.module)).\(reading.name)", at: place,
            EventTopics(of: event.module), job: reading.job, accounts: reading.accounts)
    }

    /// An event of a past block, as it is told when it is asked for (GATEWAY-15).
    static func json(of past: PastEvent) -> JSON {
        let place = EventPlace(height: past.cursor.height.value, index: past.cursor.index)
        return data(
            of: past.event, reading(of: past.event), at: place,
            [("transaction", past.transaction.map { JSON($0) })])
    }

    /// What is told of an event.
    static func data(
        of event: Event, _ reading: EventReading, at place: EventPlace,
        _ circumstances: [(name: String, value: JSON?)]
    ) -> JSON {
        let showsPayload = event.module != .market || reading.members.isEmpty
        return JSON(members: [("height", JSON(place.height)), ("index", JSON(place.index))])
            .adding(circumstances)
            .adding([
                ("module", .string(ModuleName.of(event.module))), ("kind", JSON(event.kind)),
                ("name", .string(reading.name)), ("subject", JSON(Digest(event.subject))),
                ("payload", showsPayload ? .string(Hexadecimal.encode(event.payload)) : nil),
            ])
            .adding(reading.members)
    }

    /// Reads an event; one of an unknown kind keeps its number and payload alone.
    static func reading(of event: Event) -> EventReading {
        let known: EventReading? =
            switch event.module {
            case .accounts: accounts(event)
            case .registry: registry(event)
            case .market: (try? MarketEvent(event)).map { EventReading($0, subject: event.subject) }
            case .reputation: reputation(event)
            case .validators: EventReading(validators: event)
            case .staking: EventReading(staking: event)
            case .identities: EventReading(identities: event)
            case .names: EventReading(names: event)
            case .mandates: EventReading(mandates: event)
            case .treasury: EventReading(treasury: event)
            case .governance: EventReading(governance: event)
            case .exchange: EventReading(exchange: event)
            case .leases: EventReading(leases: event)
            case .revenue: EventReading(revenue: event)
            default: nil
            }
        return known
            ?? EventReading(
                name: "event\(event.kind)", job: event.module == .market ? event.subject : nil)
    }

    private static func accounts(_ event: Event) -> EventReading? {
        guard let kind = AccountsEventKind(rawValue: event.kind),
            let movement = try? Movement(canonicalBytes: event.payload)
        else { return nil }
        let isEscrow =
            switch kind {
            case .held, .released, .burnt: true
            case .transferred, .feePaid, .issued, .redeemed: false
            }
        return EventReading(
            name: "\(kind)",
            members: [
                ("from", JSON(movement.from)), ("to", JSON(movement.to)),
                ("asset", JSON(movement.asset)), ("amount", JSON(movement.amount)),
            ],
            job: isEscrow ? event.subject : nil, accounts: [movement.from, movement.to])
    }

    private static func registry(_ event: Event) -> EventReading? {
        guard let kind = RegistryEventKind(rawValue: event.kind) else { return nil }
        var reading = EventReading(name: "\(kind)", accounts: [AccountID(event.subject)])
        switch kind {
        case .providerRegistered, .providerUpdated, .statusChanged:
            guard let provider = try? Provider(canonicalBytes: event.payload) else { return nil }
            reading.members = [("provider", JSON(provider))]
        case .bondSlashed:
            guard let slash = try? BondSlashed(canonicalBytes: event.payload) else { return nil }
            reading.members = [
                ("taken", JSON(slash.taken)), ("rest", JSON(slash.rest)),
                ("reason", .string(slash.reason)),
            ]
        }
        return reading
    }

    private static func reputation(_ event: Event) -> EventReading? {
        guard let kind = ReputationEventKind(rawValue: event.kind),
            let evidence = try? Evidence(canonicalBytes: event.payload)
        else { return nil }
        return EventReading(
            name: "\(kind)",
            members: [("evidence", .string("\(evidence.kind)")), ("job", JSON(evidence.job))],
            job: evidence.job.raw, accounts: [AccountID(event.subject)])
    }
}

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
    /// The events of a block, in order.
    static func events(of block: AppliedBlock) -> [LoggedEvent] {
        let time = block.finalized.block.header.timestamp
        return block.events.enumerated().map { index, event in
            let place = EventPlace(height: block.height.value, index: UInt32(index))
            return logged(event, at: place, time: time)
        }
    }

    private static func logged(
        _ event: Event, at place: EventPlace, time: Timestamp
    ) -> LoggedEvent {
        let reading = reading(of: event)
        let data = data(of: event, reading, at: place, [("time", JSON(time))])
        let sent = ServerSentEvent(
            data.compact, name: "\(ModuleName.of(event.module)).\(reading.name)", id: "\(place)")
        return LoggedEvent(
            place: place, bytes: sent.bytes, job: reading.job, accounts: reading.accounts)
    }

    /// An event of a past block, as it is told when it is asked for (GATEWAY-15).
    static func json(of past: PastEvent) -> JSON {
        let place = EventPlace(height: past.cursor.height.value, index: past.cursor.index)
        return data(
            of: past.event, reading(of: past.event), at: place,
            [("transaction", past.transaction.map { JSON($0) })])
    }

    private static func data(
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
    private static func reading(of event: Event) -> EventReading {
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

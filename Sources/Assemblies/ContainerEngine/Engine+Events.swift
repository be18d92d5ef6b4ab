// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Vocabulary

// What happened, told to those who ask (ENGINE-9).

extension Engine {
    /// The most past events that are kept: 4,096 of some 400 bytes.
    static let eventsMax = 4_096
    /// The most clients that hear events at once.
    static let listenersMax = 256

    /// Tells that something happened.
    func note(
        _ kind: EngineEvent.Kind, _ action: String, _ id: String, _ attributes: JSON
    ) {
        let event = EngineEvent(
            kind: kind, action: action, id: id, attributes: attributes.members ?? [], time: now)
        // A quarter goes at a time, so that the front of the list is not moved for each.
        if events.count >= Self.eventsMax { events.removeFirst(Self.eventsMax / 4) }
        events.append(event)
        for listener in listeners.values { listener.hear(event) }
    }

    /// Tells of a container, with its labels, image and name.
    func note(_ action: String, _ container: EngineContainer, _ more: [JSON.Member] = []) {
        let labels = container.body["Labels"]?.members ?? []
        note(
            .container, action, container.id,
            .object(
                labels + more + [
                    JSON.Member("image", container.body["Image"] ?? ""),
                    JSON.Member("name", JSON(container.name)),
                ]))
    }

    /// Hears what happened since a time, and then what happens.
    ///
    /// - Parameter since: Nil for from now on.
    func listen(
        _ filters: ListFilters, since: Timestamp?, until: Timestamp?
    ) throws(EngineFailure) -> (id: UInt64, listener: EventListener) {
        try filters.check(EngineEvent.filters)
        guard listeners.count < Self.listenersMax else {
            throw EngineFailure(.conflict, "\(Self.listenersMax) clients listen already")
        }
        let listener = EventListener(filters)
        if let since {
            for event in events
            where event.time >= since && (until.map { event.time <= $0 } ?? true) {
                listener.hear(event)
            }
        }
        let id = effects.chance.below(1 << 62)
        if let until, until <= now {
            listener.close()
        } else {
            listeners[id] = listener
        }
        return (id, listener)
    }

    func stopListening(_ id: UInt64) { listeners.removeValue(forKey: id)?.close() }
}

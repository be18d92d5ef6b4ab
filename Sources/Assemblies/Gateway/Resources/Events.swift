// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import NodeInterface
import Vocabulary

/// Streams what happens on the chain (GATEWAY-8).
struct EventResource: Resource {
    let context: GatewayContext

    static let lastEventField = "Last-Event-ID"
    /// One word of a topic or more, separated by commas.
    private static var topicsPattern: String {
        let word = EventTopics.words.map(\.name).joined(separator: "|")
        return "^(\(word))(,(\(word)))*$"
    }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/events", name: "streamEvents", tag: "events",
                summary: "Events of final blocks as they are executed, as server-sent events.",
                parameters: [
                    .query(
                        "topics",
                        "Some of events, jobs, proposals, transactions and blocks, separated by "
                            + "commas; events when missing.",
                        ["type": "string", "pattern": .string(Self.topicsPattern)]),
                    .query("job", "Only events about this job.", Schema.digest),
                    .query(
                        "account", "Only events about an account or that mention it.",
                        Schema.digest),
                    .query(
                        "after", "Begin after this `height.index`; the head when missing.",
                        Schema.eventID),
                    TicketResource.parameter,
                    .header(
                        Self.lastEventField, "As `after`, sent by clients that come back.",
                        Schema.eventID),
                ],
                responses: [
                    .bytes(
                        "Events named `<module>.<name>` with JSON data, and `gap`.",
                        type: "text/event-stream"),
                    .problem(400, "A parameter is malformed."),
                ], handler: stream)
        ]
    }

    private func stream(_ request: HTTPRequest) async throws -> HTTPResponse {
        var filter = EventFilter(
            job: try request.queryIdentifier("job"),
            account: try request.queryIdentifier("account"))
        if let text = request.query("topics") {
            guard let topics = EventTopics(text) else {
                throw HTTPRequest.malformed("topics", "must be words separated by commas")
            }
            filter.topics = topics
        }
        let place: EventPlace
        if let text = request.fields[Self.lastEventField] ?? request.query("after") {
            guard let named = EventPlace(text) else {
                throw HTTPRequest.malformed("after", "must be `height.index`")
            }
            place = named
        } else {
            place = .end(of: await context.node.read { _, head in head.height })
        }
        let stream = EventStream(context: context, filter: filter, request: request)
        return HTTPResponse(
            .ok, fields: ["Content-Type": "text/event-stream", "Cache-Control": "no-store"],
            body: .stream(count: nil) { writer in try await stream.run(writer, after: place) })
    }
}

/// One client's way through the events, at the client's own speed.
struct EventStream: Sendable {
    let context: GatewayContext
    let filter: EventFilter
    let request: HTTPRequest
    private let client = EventClient()
    private let reading = ReadingRight()

    init(context: GatewayContext, filter: EventFilter, request: HTTPRequest) {
        self.context = context
        self.filter = filter
        self.request = request
    }

    /// After how long a quiet stream gets a comment.
    static let commentMilliseconds: UInt64 = 15_000
    /// How long clients wait before they come back.
    static let retryMilliseconds: UInt64 = 1_000

    /// Writes events until the client goes or the gateway stops.
    func run(_ writer: HTTPBodyWriter, after start: EventPlace) async throws {
        context.events.enter(filter.topics)
        defer { context.events.leave() }
        let departure = context.effects.tasks.spawn("event client") { [client, request] in
            if await request.clientDeparted() { client.leave() }
        }
        let end: (any Error)?
        do {
            try await write(to: writer, after: start)
            end = nil
        } catch {
            end = error
        }
        departure.cancel()
        await departure.finished()
        if let end { throw end }
    }

    private func write(to writer: HTTPBodyWriter, after start: EventPlace) async throws {
        var reader = EventReader(context: context, filter: filter, place: start)
        var quietSince = context.effects.time.now()
        try await writer.write("retry: \(Self.retryMilliseconds)\n\n")
        while !Task.isCancelled, !client.hasGone, await reading.holds(context) {
            let version = context.events.version
            var bytes: [UInt8] = []
            switch await reader.next() {
            case .closed: return
            case .events(let events): bytes = events.flatMap(\.bytes)
            case .gap(let missed, let place):
                bytes = ServerSentEvent(missed.compact, name: "gap", id: "\(place)").bytes
            case .nothing:
                await context.events.changed(since: version, for: client)
                let quiet = context.effects.time.now().milliseconds(since: quietSince)
                if quiet >= Self.commentMilliseconds { bytes = Array(":\n\n".utf8) }
            }
            guard !bytes.isEmpty else { continue }
            try await writer.write(bytes)
            quietSince = context.effects.time.now()
        }
    }
}

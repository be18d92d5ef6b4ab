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

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/events", name: "streamEvents", tag: "events",
                summary: "Events of final blocks as they are executed, as server-sent events.",
                parameters: [
                    .query("job", "Only events about this job.", Schema.digest),
                    .query(
                        "account", "Only events about an account or that mention it.",
                        Schema.digest),
                    .query(
                        "after", "Begin after this `height.index`; the head when missing.",
                        Schema.eventID),
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
        let filter = EventFilter(
            job: try request.queryIdentifier("job"),
            account: try request.queryIdentifier("account"))
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
        context.events.enter()
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
        var place = start
        var quietSince = context.effects.time.now()
        try await writer.write("retry: \(Self.retryMilliseconds)\n\n")
        while !Task.isCancelled, !client.hasGone {
            let (page, version) = context.events.page(after: place, for: filter)
            var bytes: [UInt8] = []
            switch page {
            case .closed: return
            case .events(let found, let last):
                bytes = found
                place = last
            case .older:
                let before = place
                bytes = await older(than: &place)
                if place == before {
                    await context.events.changed(since: version, for: client)
                }
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

    /// Wanted events that the shared log no longer holds, from the node's own feed.
    private func older(than place: inout EventPlace) async -> [UInt8] {
        let height = place.feedHeight
        switch await context.node.blocks(after: height, waiting: 0) {
        case .gap(let resumeAfter): return gap(at: &place, resumeAfter)
        case .blocks(let blocks):
            place = max(place, .end(of: height))
            var bytes: [UInt8] = []
            for block in blocks {
                for event in EventRendering.events(of: block)
                where event.place > place && filter.takes(event) {
                    bytes.append(contentsOf: event.bytes)
                }
                place = max(place, .end(of: block.height))
                if bytes.count >= EventLog.pageBytes { break }
            }
            return bytes
        }
    }

    /// Tells the client what it missed; its id resumes after the gap.
    private func gap(at place: inout EventPlace, _ resumeAfter: BlockHeight) -> [UInt8] {
        let missed: JSON = [
            "after": .string("\(place)"), "resumeAfter": JSON(resumeAfter),
        ]
        place = max(place, .end(of: resumeAfter))
        return ServerSentEvent(missed.compact, name: "gap", id: "\(place)").bytes
    }
}

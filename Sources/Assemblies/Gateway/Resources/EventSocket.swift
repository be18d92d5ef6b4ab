// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Vocabulary

/// The same events as ``EventResource``, by subscription over a web socket (GATEWAY-32).
struct EventSocketResource: Resource {
    let context: GatewayContext

    static let subprotocol = "atoll.events.v1"

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/socket", name: "openSocket", tag: "events",
                summary: "A web socket for events by subscription, protocol atoll.events.v1.",
                parameters: [TicketResource.parameter],
                responses: [
                    .empty(101, "The socket is open."),
                    .problem(400, "The handshake is malformed."),
                    .problem(426, "It is no handshake of RFC 6455."),
                ], handler: open)
        ]
    }

    private func open(_ request: HTTPRequest) async throws -> HTTPResponse {
        let reading = ReadingRight()
        return try WebSocketHandshake.accept(request, subprotocol: Self.subprotocol) {
            [context] socket in
            await EventSocket(context: context, socket: socket, reading: reading).run()
        }
    }
}

/// One client's talk: a task reads what it wants, this one sends what it gets.
struct EventSocket: Sendable {
    let context: GatewayContext
    let socket: WebSocket
    private let reading: ReadingRight
    private let subscriptions = Subscriptions()
    private let client = EventClient()

    init(context: GatewayContext, socket: WebSocket, reading: ReadingRight) {
        self.context = context
        self.socket = socket
        self.reading = reading
    }

    /// Talks until one side ends it.
    func run() async {
        let reading = context.effects.tasks.spawn("event socket") { await read() }
        do throws(WebSocket.End) {
            try await write()
        } catch {
            client.leave()
        }
        await socket.close(1_001, "no more events will come")
        socket.cut()
        await reading.finished()
        for _ in 0..<subscriptions.close() { context.events.leave() }
    }

    // MARK: - What the client wants

    private func read() async {
        while let text = try? await socket.receive() {
            let answer: JSON
            do throws(Problem) {
                answer = try await obey(text)
            } catch {
                answer = [
                    "error": .string(GatewayProblem.malformedBody.rawValue),
                    "detail": .string(error.detail ?? error.title),
                ]
            }
            guard (try? await socket.send(answer.compact)) != nil else { break }
            client.wake()
        }
        client.leave()
    }

    private func obey(_ text: String) async throws(Problem) -> JSON {
        guard let json = try? JSON(parsing: Array(text.utf8)), json.members?.count == 1 else {
            throw Self.malformed("a message is an object with one member")
        }
        if let name = json["unsubscribe"]?.text {
            guard subscriptions.remove(name) else {
                throw Self.malformed("there is no subscription of this name")
            }
            context.events.leave()
            return ["unsubscribed": .string(name)]
        }
        guard let wish = json["subscribe"] else {
            throw Self.malformed("known are subscribe and unsubscribe")
        }
        return try await subscribe(wish)
    }

    private func subscribe(_ wish: JSON) async throws(Problem) -> JSON {
        guard let name = wish["id"]?.text,
            (1...Subscriptions.nameBytesMax).contains(name.utf8.count)
        else { throw Self.malformed("id must be a text of 1 to 64 bytes") }
        let filter = try Self.filter(wish)
        let place: EventPlace
        if let text = wish["after"] {
            guard let named = text.text.flatMap(EventPlace.init) else {
                throw Self.malformed("after must be `height.index`")
            }
            place = named
        } else {
            place = .end(of: await context.node.read { _, head in head.height })
        }
        let reader = EventReader(context: context, filter: filter, place: place)
        guard subscriptions.add(name, reader) else {
            throw Self.malformed(
                "the id is in use, or there are \(Subscriptions.countMax) subscriptions")
        }
        context.events.enter(filter.topics)
        return ["subscribed": .string(name), "after": .string("\(place)")]
    }

    private static func filter(_ wish: JSON) throws(Problem) -> EventFilter {
        var filter = EventFilter()
        if let words = wish["topics"] {
            let texts = words.elements?.compactMap(\.text) ?? []
            guard let topics = EventTopics(texts.joined(separator: ",")) else {
                throw malformed("topics must be a list of topics")
            }
            filter.topics = topics
        }
        if let job = wish["job"] {
            guard let id = job.text.flatMap(JobID.init(hexadecimal:)) else {
                throw malformed("job must be 64 hexadecimal digits")
            }
            filter.job = id
        }
        if let account = wish["account"] {
            guard let id = account.text.flatMap(AccountID.init(hexadecimal:)) else {
                throw malformed("account must be 64 hexadecimal digits")
            }
            filter.account = id
        }
        return filter
    }

    private static func malformed(_ detail: String) -> Problem {
        GatewayProblem.malformedBody.problem(detail)
    }

    // MARK: - What it gets

    private func write() async throws(WebSocket.End) {
        var quietSince = context.effects.time.now()
        while !client.hasGone, await reading.holds(context) {
            let version = context.events.version
            var isQuiet = true
            for name in subscriptions.names {
                guard var reader = subscriptions[name] else { continue }
                switch await reader.next() {
                case .closed: return
                case .nothing: continue
                case .events(let events):
                    for event in events { try await socket.send(Self.text(event, for: name)) }
                case .gap(let missed, let place):
                    try await socket.send(Self.gap(missed, place, for: name))
                }
                subscriptions.move(name, to: reader)
                isQuiet = false
            }
            let now = context.effects.time.now()
            if !isQuiet {
                quietSince = now
            } else if now.milliseconds(since: quietSince) >= EventStream.commentMilliseconds {
                quietSince = now
                try await socket.ping()
            }
            if isQuiet { await context.events.changed(since: version, for: client) }
        }
    }

    /// One event; its data is taken as it was written for streams.
    private static func text(_ event: LoggedEvent, for name: String) -> String {
        let data = String(decoding: event.bytes[event.data], as: UTF8.self)
        return "{\"id\":\(JSON(name).compact),\"place\":\"\(event.place)\","
            + "\"event\":\"\(event.name)\",\"data\":\(data)}"
    }

    private static func gap(_ missed: JSON, _ place: EventPlace, for name: String) -> String {
        let text: JSON = [
            "id": .string(name), "place": .string("\(place)"), "event": "gap", "data": missed,
        ]
        return text.compact
    }
}

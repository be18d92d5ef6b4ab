// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

// Containers: followed, waited for, read.

extension Routes {
    mutating func addFollowing() {
        on(.post, "/containers/{name}/attach") { engine, request in
            let container = try await engine.container(request.place("name"))
            let speaks = request.isSet("stdin") && container.opensInput
            let wish: AttachPoint.Wish =
                speaks ? (container.endsInput ? .speakLast : .speak) : .listen
            let effects = engine.effects
            return Self.taken(isRaw: container.hasTerminal) { client in
                guard let program = try? await engine.follow(container.id, wish) else { return }
                await AttachPoint.join(client, program, speaks: speaks, effects)
            }
        }
        on(.post, "/containers/{name}/wait") { engine, request in
            let wanted = request.query("condition").flatMap { $0.isEmpty ? nil : $0 }
            guard let condition = Engine.Condition(rawValue: wanted ?? "not-running") else {
                throw EngineFailure(.badRequest, "invalid condition: \"\(wanted ?? "")\"")
            }
            let (gate, code) = try await engine.gate(request.place("name"), condition)
            return Self.stream { writer in
                let last = if let gate { await gate.wait() } else { code }
                try await writer.write("{\"StatusCode\":\(last)}\n")
            }
        }
        on(.get, "/containers/{name}/logs") { engine, request in
            let container = try await engine.container(request.place("name"))
            guard try LogOptions(container.body["HostConfig"]).isKept else {
                throw EngineFailure(
                    .notImplemented, "configured logging driver does not support reading")
            }
            let reader = LogReader(
                effects: engine.effects, path: "\(container.folder)/log",
                wish: try Self.logWish(request), isRaw: container.hasTerminal)
            let follows = request.isSet("follow")
            let presence = Presence()
            return Self.live(
                request, engine.effects, type: Self.streamType(isRaw: container.hasTerminal),
                gone: { presence.leave() }
            ) { writer in
                await engine.beginReading(container.id)
                do {
                    try await reader.send(to: writer) {
                        guard follows, presence.isHere else { return false }
                        return await engine.mayGrow(container.id)
                    }
                } catch {
                    await engine.endReading(container.id)
                    throw error
                }
                await engine.endReading(container.id)
            }
        }
        on(.post, "/containers/{name}/resize") { engine, request in
            let container = try await engine.container(request.place("name"))
            let (rows, columns) = try Self.size(request)
            try await engine.attachPoint(container).resize(rows: rows, columns: columns)
            return HTTPResponse(.ok)
        }
    }

    private static func logWish(_ request: HTTPRequest) throws(EngineFailure) -> LogReader.Wish {
        func moment(_ name: String) throws(EngineFailure) -> UInt64? {
            guard let text = request.query(name), !text.isEmpty, text != "0" else { return nil }
            guard let time = LogTime.nanoseconds(text) else {
                throw EngineFailure(.badRequest, "'\(text)' is no time")
            }
            return time
        }
        let wish = LogReader.Wish(
            output: request.isSet("stdout"), errors: request.isSet("stderr"),
            times: request.isSet("timestamps"), tail: request.query("tail").flatMap { Int($0) },
            since: try moment("since"), until: try moment("until"))
        guard wish.output || wish.errors else {
            throw EngineFailure(
                .badRequest, "Bad parameters: you must choose at least one stream")
        }
        return wish
    }

    static func size(_ request: HTTPRequest) throws(EngineFailure) -> (UInt16, UInt16) {
        guard let rows = request.query("h").flatMap({ UInt16($0) }),
            let columns = request.query("w").flatMap({ UInt16($0) })
        else { throw EngineFailure(.badRequest, "h and w are numbers of rows and columns") }
        return (rows, columns)
    }

    static func streamType(isRaw: Bool) -> String {
        isRaw
            ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream"
    }

    /// The connection itself, for `use`.
    static func taken(
        isRaw: Bool, _ use: @escaping @Sendable (any ByteStream) async -> Void
    ) -> HTTPResponse {
        HTTPResponse(
            101, fields: ["Content-Type": streamType(isRaw: isRaw)],
            body: .upgrade(to: "tcp", use))
    }

    /// An answer whose head goes out at once and whose body comes as it happens.
    static func stream(
        type: String = "application/json",
        _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void
    ) -> HTTPResponse {
        HTTPResponse(
            .ok, fields: ["Content-Type": type], body: .stream(count: nil, produce: produce))
    }
}

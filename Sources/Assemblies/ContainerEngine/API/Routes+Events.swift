// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Synchronization
import Vocabulary

// Events (ENGINE-9).

extension Routes {
    mutating func addEvents() {
        on(.get, "/events") { engine, request in
            let since = try request.query("since").map(Self.moment)
            let until = try request.query("until").map(Self.moment)
            let (id, listener) = try await engine.listen(
                try ListFilters(request), since: since, until: until)
            let effects = engine.effects
            let ending = until.map { until in
                effects.tasks.spawn("events until") {
                    let now = effects.time.wallClock()
                    let rest = until.value > now.value ? until.value - now.value : 0
                    await effects.time.sleep(milliseconds: rest)
                    listener.close()
                }
            }
            return Self.live(request, effects, gone: { listener.close() }) { writer in
                do {
                    while let lines = await listener.next() { try await writer.write(lines) }
                } catch {
                    await engine.stopListening(id)
                    ending?.cancel()
                    throw error
                }
                await engine.stopListening(id)
                ending?.cancel()
            }
        }
    }

    /// Seconds since 1970 with a fraction, or a moment as RFC 3339 writes it.
    static func moment(_ text: String) throws(EngineFailure) -> Timestamp {
        guard let nanoseconds = LogTime.nanoseconds(text) else {
            throw EngineFailure(.badRequest, "'\(text)' is no time")
        }
        return Timestamp(nanoseconds / 1_000_000)
    }

    /// A body that comes for long: `gone` is called when the client leaves before its end.
    static func live(
        _ request: HTTPRequest, _ effects: Effects, type: String = "application/json",
        gone: @escaping @Sendable () -> Void,
        _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void
    ) -> HTTPResponse {
        stream(type: type) { writer in
            let watching = effects.tasks.spawn("client departs") {
                if await request.clientDeparted() { gone() }
            }
            do {
                try await produce(writer)
            } catch {
                watching.cancel()
                await watching.finished()
                throw error
            }
            watching.cancel()
            await watching.finished()
        }
    }
}

/// Whether a client is still there.
final class Presence: Sendable {
    private let isGone = Mutex(false)

    var isHere: Bool { isGone.withLock { !$0 } }
    func leave() { isGone.withLock { $0 = true } }
}

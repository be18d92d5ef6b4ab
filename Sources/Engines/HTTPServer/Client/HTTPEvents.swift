// SPDX-License-Identifier: Apache-2.0
import Effects

/// The events of a stream, one after the other; comes back after an interruption, from the last
/// event it saw.
public struct HTTPEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = ServerSentEvent
    /// Why no more events come.
    public typealias Failure = HTTPClientFailure

    let client: HTTPClient
    let effects: Effects
    let request: HTTPClientRequest
    let lastEventID: String
    let reconnectsMax: Int

    /// Starts to read.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// Reads events.
    public struct Iterator: AsyncIteratorProtocol {
        private let events: HTTPEvents
        private var parser: EventStreamParser
        private var download: HTTPDownload?
        private var reconnects = 0

        init(_ events: HTTPEvents) {
            self.events = events
            parser = EventStreamParser(lastEventID: events.lastEventID)
        }

        /// The id of the last event seen.
        public var lastEventID: String { parser.lastEventID }

        /// The next event; nothing when the server ended the stream and no return is left.
        ///
        /// - Throws: ``HTTPClientFailure`` when the stream broke and no return is left, or the
        ///   server does not give events.
        public mutating func next() async throws(HTTPClientFailure) -> ServerSentEvent? {
            try await next(isolation: nil)
        }

        /// The next event, as ``next()``.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPClientFailure) -> ServerSentEvent? {
            while true {
                do throws(HTTPClientFailure) {
                    if let event = try await readEvent() { return event }
                    guard try await isReturning(isolation: actor) else { return nil }
                } catch {
                    download = nil
                    guard error.isPassing, try await isReturning(isolation: actor) else {
                        throw error
                    }
                }
            }
        }

        /// The next event of the connection, opened if there is none; nothing at its end.
        private mutating func readEvent(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(HTTPClientFailure) -> ServerSentEvent? {
            let download = try await opened()
            while true {
                do {
                    if let event = try parser.next() {
                        reconnects = 0
                        return event
                    }
                } catch {
                    await download.close()
                    throw .eventTooLarge(limit: EventStreamParser.eventBytesMax)
                }
                guard let bytes = try await download.next() else {
                    self.download = nil
                    return nil
                }
                parser.feed(bytes)
            }
        }

        private mutating func opened(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(HTTPClientFailure) -> HTTPDownload {
            if let download { return download }
            parser = parser.restarted
            var request = events.request
            request.fields["Accept"] = "text/event-stream"
            if !parser.lastEventID.isEmpty { request.fields["Last-Event-ID"] = parser.lastEventID }
            let download = try await events.client.open(request)
            let type = download.head.fields["content-type"] ?? ""
            guard download.head.status == .ok, type.hasPrefix("text/event-stream") else {
                throw .notEvents(try await download.collect(limit: 65_536))
            }
            self.download = download
            return download
        }

        /// Waits and comes back, unless that was done too often in a row.
        private mutating func isReturning(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPClientFailure) -> Bool {
            guard reconnects < events.reconnectsMax, !Task.isCancelled else { return false }
            reconnects += 1
            let wait = Swift.min(parser.retryMilliseconds ?? 1_000, Self.retryMillisecondsMax)
            await events.effects.time.sleep(milliseconds: wait)
            return true
        }

        /// The longest wait a server can ask for: a minute.
        private static let retryMillisecondsMax: UInt64 = 60_000
    }
}

extension HTTPClientFailure {
    /// Whether trying again may help.
    fileprivate var isPassing: Bool {
        switch self {
        case .unreachable, .timedOut, .closed: true
        case .notEvents(let response): response.status == .unavailable
        case .invalidRequest, .untrusted, .malformed, .tooLarge, .eventTooLarge: false
        }
    }
}

extension EventStreamParser {
    /// A reader of a new connection that remembers id and wait.
    fileprivate var restarted: EventStreamParser {
        EventStreamParser(lastEventID: lastEventID, retryMilliseconds: retryMilliseconds)
    }
}

extension HTTPClient {
    /// Reads server-sent events.
    ///
    /// - Parameters:
    ///   - lastEventID: The id after which to begin; empty begins where the server does.
    ///   - reconnectsMax: How often in a row to come back without seeing an event between.
    public func events(
        _ request: HTTPClientRequest, lastEventID: String = "", reconnectsMax: Int = 0
    ) -> HTTPEvents {
        HTTPEvents(
            client: self, effects: effects, request: request, lastEventID: lastEventID,
            reconnectsMax: reconnectsMax)
    }
}

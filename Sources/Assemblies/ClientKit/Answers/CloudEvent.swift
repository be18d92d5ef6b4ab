// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import JSONText
import Vocabulary

/// Something that happened on the chain, as the stream of events tells it (GATEWAY-8).
public struct CloudEvent: Hashable, Sendable {
    /// Its place, `height.index`; a stream resumes after it.
    public let id: String
    /// `<module>.<name>`, such as `market.orderSettled`; `gap` when events were missed.
    public let name: String
    /// What it says.
    public let json: JSON

    /// Whether older events were no longer held: read the state, then go on.
    public var isGap: Bool { name == "gap" }

    var reader: AnswerReader { AnswerReader(json) }

    init(_ event: ServerSentEvent, lastID: String) throws(ClientFailure) {
        id = event.id ?? lastID
        name = event.name ?? "message"
        json = try AnswerReader(body: Array(event.data.utf8)).json
    }
}

/// A stream of events; ends when the gateway ends it and no return is left.
public struct CloudEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = CloudEvent
    /// Why no more come.
    public typealias Failure = ClientFailure

    let client: GatewayClient
    let events: HTTPEvents

    /// Starts to read.
    public func makeAsyncIterator() -> Iterator {
        Iterator(client: client, inner: events.makeAsyncIterator())
    }

    /// Reads events.
    public struct Iterator: AsyncIteratorProtocol {
        let client: GatewayClient
        var inner: HTTPEvents.Iterator

        /// The next event.
        ///
        /// - Throws: ``ClientFailure`` when the stream broke and no return is left.
        public mutating func next() async throws(ClientFailure) -> CloudEvent? {
            try await next(isolation: nil)
        }

        /// The next event, as ``next()``.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ClientFailure) -> CloudEvent? {
            let event: ServerSentEvent?
            do throws(HTTPClientFailure) {
                event = try await inner.next(isolation: actor)
            } catch {
                throw client.failure(error)
            }
            guard let event else { return nil }
            return try CloudEvent(event, lastID: inner.lastEventID)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects

/// What a handler answers.
///
/// The server adds `Date`, `Content-Length` or `Transfer-Encoding`, and `Connection`. When a
/// handler sets one of these wrongly, or a field that cannot stand on one line, a 500 is sent.
public struct HTTPResponse: Sendable {
    /// The bytes that follow the head.
    public enum Body: Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// A range of a file, sent without copying where the system can; the file is closed after.
        case file(any FileReader, from: UInt64, count: UInt64)
        /// What `produce` writes, at the client's speed: exactly `count` bytes, or chunks without
        /// a count. A thrown error cuts the connection, so a part never looks like the whole.
        case stream(
            count: UInt64?, produce: @Sendable (HTTPBodyWriter) async throws -> Void)
        /// Server-sent events until the queue or the connection closes.
        case events(EventQueue)
        /// Messages in both directions once the client's handshake is answered (RFC 6455).
        case webSocket(@Sendable (WebSocket) async -> Void)
        /// The connection itself, for a protocol the client asked for by `Upgrade` (RFC 9110
        /// section 7.8); it is closed when the handler returns.
        case upgrade(to: String, @Sendable (any ByteStream) async -> Void)
    }

    /// The status.
    public var status: HTTPStatus
    /// Header fields other than those the server adds.
    public var fields: HTTPFields
    /// The body.
    public var body: Body
    /// Whether the connection ends after this response.
    public var closesConnection = false
    /// For whom it was answered, as the access log shall name them.
    public var principal: String?

    /// Joins the parts.
    public init(_ status: HTTPStatus, fields: HTTPFields = [:], body: Body = .bytes([])) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Whether a handler goes on producing it while it is sent.
    var isStreamed: Bool {
        if case .stream = body { true } else { false }
    }

    /// Bytes of a media type.
    public init(_ status: HTTPStatus = .ok, type: String, bytes: [UInt8]) {
        self.init(status, fields: ["Content-Type": type], body: .bytes(bytes))
    }

    /// Plain text in UTF-8.
    public static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status, type: "text/plain; charset=utf-8", bytes: Array(text.utf8))
    }

    /// A JSON text written by the caller.
    public static func json(_ bytes: [UInt8], status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status, type: "application/json", bytes: bytes)
    }

    /// Server-sent events (WHATWG HTML section 9.2) from a queue.
    public static func events(_ queue: EventQueue) -> HTTPResponse {
        HTTPResponse(
            .ok, fields: ["Content-Type": "text/event-stream", "Cache-Control": "no-store"],
            body: .events(queue))
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects

/// What a client asks of a server.
public struct HTTPClientRequest: Sendable {
    /// The bytes that follow the head.
    public enum Body: Sendable {
        /// No body.
        case none
        /// These bytes.
        case bytes([UInt8])
        /// A range of a file, sent without copying where the system can; the caller closes it.
        case file(any FileReader, from: UInt64, count: UInt64)
    }

    /// What is asked.
    public var method: HTTPMethod
    /// Of whom and what.
    public var address: HTTPAddress
    /// Header fields other than `Host`, `Content-Length`, `Transfer-Encoding` and `Connection`,
    /// which the client adds.
    public var fields: HTTPFields
    /// The body.
    public var body: Body
    /// The longest silence: to connect, to write a piece, until the head, between pieces.
    public var silenceMilliseconds: UInt64 = 30_000
    /// The most bytes of a response's body that ``HTTPClient/send(_:)`` gathers: 16 MiB.
    public var responseBytesMax = 16 << 20

    /// Describes a request.
    public init(
        _ method: HTTPMethod, _ address: HTTPAddress, fields: HTTPFields = [:],
        body: Body = .none
    ) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
    }

    /// Whether sending it twice does no more than sending it once.
    var isRepeatable: Bool { method.isIdempotent || fields["idempotency-key"] != nil }
}

/// A whole response.
public struct HTTPClientResponse: Hashable, Sendable {
    /// The status.
    public let status: HTTPStatus
    /// The header fields, names in lower case.
    public let fields: HTTPFields
    /// The whole body.
    public let body: [UInt8]
}

/// Why a request has no whole response.
public enum HTTPClientFailure: Error, Hashable, Sendable {
    /// The request breaks a rule of HTTP; the words name it.
    case invalidRequest(String)
    /// The server could not be reached.
    case unreachable(Endpoint, reason: String)
    /// Nobody who is trusted answers there, or who answers does not trust this client; the words
    /// say why.
    case untrusted(Endpoint, reason: String)
    /// The server was silent for too long.
    case timedOut
    /// The connection ended before the response did.
    case closed
    /// The server's response broke a rule of HTTP.
    case malformed(HTTPRefusal)
    /// The body is larger than the request allows.
    case tooLarge(limit: Int)
    /// An event stream was answered with another status or type; the body has at most 64 KiB.
    case notEvents(HTTPClientResponse)
    /// An event is larger than a client takes.
    case eventTooLarge(limit: Int)
}

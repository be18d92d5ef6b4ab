// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What is noted of one request and its response (HTTP-73). Queries and header fields are not
/// noted: they may hold secrets.
public struct AccessRecord: Hashable, Sendable {
    /// When the response was sent.
    public let time: Timestamp
    /// The request's name, which the response carries as `X-Request-ID`.
    public let requestID: String
    /// The client's address without its port.
    public let remote: String
    /// `HTTP/1.1` or `HTTP/2`.
    public let protocolName: String
    /// What was asked.
    public let method: String
    /// Of what, still percent-encoded.
    public let path: String
    /// How it was answered.
    public let status: UInt16
    /// Bytes of the response's body that were sent.
    public let bodyBytes: UInt64
    /// From the request's head to the response's end.
    public let microseconds: UInt64
    /// For whom it was answered, when the handler knows.
    public let principal: String?
    /// Whether all of the response was sent.
    public let isWhole: Bool
    /// The caller's place in a trace, as it sent it (`traceparent`).
    public let traceParent: String?

    /// Describes a request.
    public init(
        time: Timestamp, requestID: String, remote: String, protocolName: String, method: String,
        path: String, status: UInt16, bodyBytes: UInt64, microseconds: UInt64, principal: String?,
        isWhole: Bool, traceParent: String?
    ) {
        self.time = time
        self.requestID = requestID
        self.remote = remote
        self.protocolName = protocolName
        self.method = method
        self.path = path
        self.status = status
        self.bodyBytes = bodyBytes
        self.microseconds = microseconds
        self.principal = principal
        self.isWhole = isWhole
        self.traceParent = traceParent
    }
}

/// The names of requests (HTTP-73).
enum RequestName {
    /// The longest name taken from a client.
    static let bytesMax = 64

    /// The name a client or proxy gave, when it can stand in a log as it is.
    static func given(in head: HTTPRequestHead) -> String? {
        guard let text = head.fields["x-request-id"], (1...bytesMax).contains(text.utf8.count),
            text.utf8.allSatisfy(isPlain)
        else { return nil }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How a message's body is delimited (RFC 9112 section 6).
public enum HTTPBodyFraming: Hashable, Sendable {
    /// No body.
    case none
    /// So many bytes.
    case sized(UInt64)
    /// Chunks, each with its size before it.
    case chunked
    /// All bytes until the stream ends; responses only.
    case untilClose
}

/// The request line and header fields of a request that keeps all rules of RFC 9112.
public struct HTTPRequestHead: Hashable, Sendable {
    /// What is asked.
    public let method: HTTPMethod
    /// The path as sent, `/` or longer, still percent-encoded; `*` for a server-wide `OPTIONS`.
    public let path: String
    /// What follows `?`, still percent-encoded, or nothing.
    public let query: String?
    /// The host and port asked for; empty only in HTTP/1.0.
    public let authority: String
    /// Whether it is HTTP/1.0 and not 1.1.
    public let isVersion10: Bool
    /// The header fields, names in lower case.
    public let fields: HTTPFields
    /// How the body is delimited.
    public internal(set) var framing: HTTPBodyFraming
    /// Whether the client waits for `100 Continue` before it sends the body.
    public let expectsContinue: Bool

    /// Whether the client wants the connection kept (RFC 9112 section 9.3).
    public var keepsAlive: Bool {
        !isVersion10 && !fields.contains(token: "close", in: "connection")
    }

    /// The value of a parameter of the query, decoded, or nothing.
    ///
    /// Parameters look as forms send them: `a=1&b=x+y`. A malformed one counts as absent.
    public func queryValue(_ name: String) -> String? {
        queryItems.first { $0.name == name }?.value
    }

    /// The parameters of the query in order, decoded; malformed ones are left out.
    public var queryItems: [(name: String, value: String)] {
        guard let query else { return [] }
        return query.split(separator: "&").compactMap { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = HTTPSyntax.percentDecoded(parts[0], plusIsSpace: true),
                let value = HTTPSyntax.percentDecoded(
                    parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { return nil }
            return (name, value)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects

/// A request as a handler sees it.
public struct HTTPRequest: Sendable {
    /// Request line and header fields.
    public let head: HTTPRequestHead
    /// The segments that the route's pattern names, decoded.
    public let parameters: RouteParameters
    /// The body, read piece by piece.
    public let body: HTTPRequestBody
    /// The client's end of the connection.
    public let remote: Endpoint
    /// Who is there by its certificate, where connections are sealed and one was shown (HTTP-63).
    public let peer: SecurePeer?
    /// Its name, as the answer and the access log have it (HTTP-73).
    public let name: String?

    /// What is asked.
    public var method: HTTPMethod { head.method }
    /// The path as sent.
    public var path: String { head.path }
    /// The header fields.
    public var fields: HTTPFields { head.fields }
    /// The value of a parameter of the query, decoded.
    public func query(_ name: String) -> String? { head.queryValue(name) }
}

/// Why the rest of a request's body cannot be had; the connection ends after the response.
public enum HTTPBodyFailure: Error, Hashable, Sendable {
    /// More bytes than the route takes.
    case tooLarge(limit: UInt64)
    /// The client broke a rule of chunks.
    case malformed(String)
    /// The client went away or sent nothing for too long.
    case closed
}

/// The body of a request, read from the connection only as the handler asks for it, so a client
/// sends no faster than the handler takes.
public struct HTTPRequestBody: Sendable {
    /// The size when the client announced it; nothing for chunks.
    public let count: UInt64?
    /// The most bytes the route takes.
    public let limit: UInt64
    /// The connection it comes from.
    let source: any RequestSource
    /// The number of its request on that connection.
    let serial: UInt64

    /// The next bytes, or nothing after the last.
    ///
    /// - Throws: ``HTTPBodyFailure``; every later call throws too.
    public func next() async throws(HTTPBodyFailure) -> [UInt8]? {
        try await source.nextBodyBytes(serial: serial)
    }

    /// All bytes at once.
    ///
    /// - Throws: ``HTTPBodyFailure/tooLarge(limit:)`` beyond the route's limit, or another
    ///   ``HTTPBodyFailure``.
    public func collect() async throws(HTTPBodyFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        if let count { bytes.reserveCapacity(Int(min(count, limit, 1 << 20))) }
        while let piece = try await next() {
            if bytes.isEmpty { bytes = piece } else { bytes.append(contentsOf: piece) }
        }
        return bytes
    }
}

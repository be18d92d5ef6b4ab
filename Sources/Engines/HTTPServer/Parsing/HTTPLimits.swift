// SPDX-License-Identifier: Apache-2.0

/// What a message from a stranger may cost before any route is known (HTTP-10).
public enum HTTPLimits {
    /// The most bytes of a head, from its first byte to its empty line: 16 KiB.
    ///
    /// 1,024 connections with a full head each hold 16 MiB.
    public static let headBytesMax = 16_384
    /// The most header fields: 100, far beyond what browsers and proxies send.
    public static let fieldCountMax = 100
    /// The most bytes of a request's target: 8 KiB, the length RFC 9112 section 3 asks for.
    public static let targetBytesMax = 8_192
    /// The most bytes of a first line: the longest method and target, and 12 for the rest.
    static let firstLineBytesMax = HTTPMethod.bytesMax + targetBytesMax + 12
    /// The most empty lines passed over before a request (RFC 9112 section 2.2).
    static let emptyLinesMax = 2
    /// The most bytes of the line with a chunk's size: 16 digits and a short extension.
    static let chunkLineBytesMax = 256
    /// The most bytes of all chunk extensions of one body: 16 KiB.
    static let extensionBytesMax = 16_384
    /// The most bytes of all trailers: 8 KiB. They are checked and dropped.
    static let trailerBytesMax = 8_192
    /// The most bytes read from a connection at once: 64 KiB.
    ///
    /// A connection holds at most this and a head: 80 KiB; 1,024 of them 80 MiB.
    static let readBytesMax = 65_536
}

/// Why a message was refused. The connection ends after it, for its next byte has no meaning.
public enum HTTPRefusal: Error, Hashable, Sendable {
    /// A rule of RFC 9110 or 9112 is broken; the words name it.
    case malformed(String)
    /// The first line is longer than any method and target.
    case targetTooLong
    /// The head has too many bytes or fields.
    case headTooLarge
    /// Not HTTP/1.0 or 1.1.
    case versionUnsupported
    /// A transfer coding other than `chunked`, or `CONNECT`.
    case unsupported(String)
    /// An expectation other than `100-continue`.
    case expectationUnknown

    /// The status that says so.
    public var status: HTTPStatus {
        switch self {
        case .malformed: .badRequest
        case .targetTooLong: 414
        case .headTooLarge: 431
        case .versionUnsupported: 505
        case .unsupported: .notImplemented
        case .expectationUnknown: 417
        }
    }

    /// The refusal as a problem.
    var problem: Problem {
        switch self {
        case .malformed(let words), .unsupported(let words): Problem(status, detail: words)
        case .targetTooLong:
            Problem(status, detail: "the target is longer than \(HTTPLimits.targetBytesMax) bytes")
        case .headTooLarge:
            Problem(
                status,
                detail: "the head has more than \(HTTPLimits.headBytesMax) bytes or "
                    + "\(HTTPLimits.fieldCountMax) fields")
        case .versionUnsupported, .expectationUnknown: Problem(status)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A status code of three digits (RFC 9110 section 15).
public struct HTTPStatus: Hashable, Sendable, CustomStringConvertible,
    ExpressibleByIntegerLiteral
{
    /// 100 to 599.
    public let code: UInt16

    /// Takes a code; one outside 100 to 599 becomes 500.
    public init(_ code: UInt16) { self.code = (100...599).contains(code) ? code : 500 }
    /// Takes a code; one outside 100 to 599 becomes 500.
    public init(integerLiteral value: UInt16) { self.init(value) }

    /// 200
    public static let ok = HTTPStatus(200)
    /// 201
    public static let created = HTTPStatus(201)
    /// 202
    public static let accepted = HTTPStatus(202)
    /// 204
    public static let noContent = HTTPStatus(204)
    /// 304
    public static let notModified = HTTPStatus(304)
    /// 400
    public static let badRequest = HTTPStatus(400)
    /// 404
    public static let notFound = HTTPStatus(404)
    /// 405
    public static let methodNotAllowed = HTTPStatus(405)
    /// 409
    public static let conflict = HTTPStatus(409)
    /// 413
    public static let contentTooLarge = HTTPStatus(413)
    /// 422
    public static let unprocessable = HTTPStatus(422)
    /// 429
    public static let tooManyRequests = HTTPStatus(429)
    /// 500
    public static let internalError = HTTPStatus(500)
    /// 501
    public static let notImplemented = HTTPStatus(501)
    /// 503
    public static let unavailable = HTTPStatus(503)

    /// Whether responses with it never have a body (RFC 9110 section 6.4.1).
    var hasNoBody: Bool { code < 200 || code == 204 || code == 304 }

    /// The usual words for the code, or nothing.
    public var reason: String {
        switch code {
        case 100: "Continue"
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400...499: clientErrorReason
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        default: ""
        }
    }

    private var clientErrorReason: String {
        switch code {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 425: "Too Early"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        default: ""
        }
    }

    /// Code and words.
    public var description: String { reason.isEmpty ? "\(code)" : "\(code) \(reason)" }
}

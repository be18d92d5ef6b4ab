// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// One entry of the table that both serves requests and becomes the OpenAPI document.
struct Route: Sendable {
    /// A value in the path, the query or a header field.
    struct Parameter: Sendable {
        enum Place: String, Sendable { case path, query, header }
        let name: String
        let place: Place
        let summary: String
        let schema: JSON
        /// Whether a request without it is malformed.
        var isNeeded = false
    }

    /// What the request carries.
    struct Body: Sendable {
        let mediaType: String
        let schema: JSON
        /// The most bytes; more are refused with 413 before they are read (GATEWAY-3).
        let bytesMax: UInt64
    }

    /// One possible answer.
    struct Response: Sendable {
        let status: HTTPStatus
        let summary: String
        var mediaType: String?
        var schema: JSON?

        /// A JSON answer.
        static func json(_ status: HTTPStatus, _ summary: String, _ schema: JSON) -> Response {
            Response(
                status: status, summary: summary, mediaType: "application/json", schema: schema)
        }

        /// The usual JSON answer.
        static func json(_ summary: String, _ schema: JSON) -> Response {
            json(.ok, summary, schema)
        }

        /// Bytes of a media type.
        static func bytes(
            _ summary: String, status: HTTPStatus = .ok, type: String = "application/octet-stream"
        ) -> Response {
            let isText = type.hasPrefix("text/")
            return Response(
                status: status, summary: summary, mediaType: type,
                schema: isText ? ["type": "string"] : ["type": "string", "format": "binary"])
        }

        /// A problem (RFC 9457).
        static func problem(_ status: HTTPStatus, _ summary: String) -> Response {
            Response(
                status: status, summary: summary, mediaType: "application/problem+json",
                schema: Schema.reference("Problem"))
        }

        /// An answer without a body.
        static func empty(_ status: HTTPStatus, _ summary: String) -> Response {
            Response(status: status, summary: summary)
        }
    }

    let method: HTTPMethod
    let pattern: RoutePattern
    /// The operation's stable name.
    let name: String
    /// The group it is shown in.
    let tag: String
    let summary: String
    /// What it asks of its caller; by its method unless said otherwise.
    var demand: AccessDemand?
    var parameters: [Parameter] = []
    var body: Body?
    let responses: [Response]
    /// Whether `HEAD` is a use of its own, and not only possible.
    var documentsHead = false
    /// Whether what it changes is noted in the log of changes (GATEWAY-46).
    var isNoted = true
    let handler: HTTPHandler
}

extension Route {
    /// Whether it only shows something.
    var isReading: Bool { method == .get || method == .head }

    /// Whether a ticket opens it (GATEWAY-48).
    var takesTicket: Bool { parameters.contains { $0.name == TicketResource.parameter.name } }

    /// What it asks of its caller (GATEWAY-41).
    var asks: AccessDemand {
        if let demand { return demand }
        switch tag {
        case "operation": return pattern.text == "/metrics" ? .scope(.read) : .nothing
        case "dashboard": return .nothing
        case "network":
            return isReading && pattern.text != "/v1/network/trace" ? .scope(.read) : .owner
        case "blobs": return .scope(isReading ? .read : .upload)
        case "credentials": return .scope(isReading ? .read : .credentials)
        case "quotes": return .scope(.read)
        default: return .scope(isReading ? .read : .submit)
        }
    }
}

extension Route.Parameter {
    /// A part of the path, which is always there.
    static func path(_ name: String, _ summary: String, _ schema: JSON) -> Self {
        Self(name: name, place: .path, summary: summary, schema: schema, isNeeded: true)
    }

    /// A parameter of the query, which may be missing.
    static func query(_ name: String, _ summary: String, _ schema: JSON) -> Self {
        Self(name: name, place: .query, summary: summary, schema: schema)
    }

    /// A parameter of the query that must be there.
    static func needed(_ name: String, _ summary: String, _ schema: JSON) -> Self {
        Self(name: name, place: .query, summary: summary, schema: schema, isNeeded: true)
    }

    /// A header field, which may be missing.
    static func header(_ name: String, _ summary: String, _ schema: JSON) -> Self {
        Self(name: name, place: .header, summary: summary, schema: schema)
    }

    /// The parameters of every list (GATEWAY-2).
    static let page: [Self] = [
        .query(
            "limit", "The most items, \(PageRequest.limitUsual) when missing.",
            [
                "type": "integer", "minimum": 1, "maximum": JSON(PageRequest.limitMax),
                "default": JSON(PageRequest.limitUsual),
            ]),
        .query("cursor", "The `next` of the page before.", ["type": "string"]),
    ]

    /// The key that makes a request safe to repeat (GATEWAY-4).
    static let idempotencyKey = Self.header(
        AnswerBook.fieldName,
        "The same key and body get the first answer again for ten minutes.",
        ["type": "string", "minLength": 1, "maxLength": JSON(AnswerBook.keyBytesMax)])
}

/// Some routes about one thing.
protocol Resource {
    var routes: [Route] { get }
}

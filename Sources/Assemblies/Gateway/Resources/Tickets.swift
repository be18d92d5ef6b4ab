// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Vocabulary

/// Gives tickets for streams that a browser opens without header fields (GATEWAY-48).
struct TicketResource: Resource {
    let context: GatewayContext

    /// What streams are asked for with a ticket.
    static let parameter = Route.Parameter.query(
        "ticket", "A ticket for this stream, where no header field can be sent.",
        ["type": "string", "pattern": "^atollt_[0-9a-f]{64}$"])
    /// The streams that take one.
    static let paths = ["/v1/events", "/v1/socket"]
    private static let bodyBytesMax: UInt64 = 1 << 10

    var routes: [Route] {
        [
            Route(
                method: .post, pattern: "/v1/access/tickets", name: "createTicket",
                tag: "access", summary: "A ticket that opens one stream, within half a minute.",
                demand: .scope(.read),
                body: Route.Body(
                    mediaType: "application/json",
                    schema: Schema.object([("path", Schema.word(Self.paths))]),
                    bytesMax: Self.bodyBytesMax),
                responses: [
                    .json(.created, "The ticket.", Schema.reference("Ticket")),
                    .problem(413, "The body is too large."),
                    .problem(422, "The body is malformed."),
                ], isNoted: false, handler: create)
        ]
    }

    private func create(_ request: HTTPRequest) async throws -> HTTPResponse {
        let json = try await AccessKeyResource.read(request)
        guard let path = json["path"]?.text, Self.paths.contains(path) else {
            throw AccessKeyResource.malformed("path", Self.paths.joined(separator: " or "))
        }
        let (text, expires) = context.access.tickets.issue(
            Principal.current, path: path, authority: request.head.authority)
        return AccessKeyResource.secret(
            .created, ["ticket": .string(text), "expires": JSON(expires)])
    }
}

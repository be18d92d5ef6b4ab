// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Ledger
import Vocabulary

/// Tells what has happened to an account or in a job, page by page (GATEWAY-15).
struct PastEventResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            route(
                "/v1/accounts/{account}/events", of: "account", name: "listAccountEvents",
                summary: "Past events that concern an account, the oldest first."),
            route(
                "/v1/jobs/{job}/events", of: "job", name: "listJobEvents",
                summary: "Past events that concern a job, the oldest first."),
        ]
    }

    private func route(
        _ pattern: RoutePattern, of what: String, name: String, summary: String
    ) -> Route {
        Route(
            method: .get, pattern: pattern, name: name, tag: "\(what)s", summary: summary,
            parameters: [.path(what, "The \(what).", Schema.digest)] + Route.Parameter.page,
            responses: [
                .json("The events, as far back as they are kept.", Schema.reference("EventPage")),
                .problem(400, "A parameter is malformed."),
            ],
            handler: { request in
                try await list(about: request.identifier(what, as: Digest.self), request)
            })
    }

    private func list(about subject: Digest, _ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let after = try page.after { try? EventCursor(canonicalBytes: $0) }
        let found = await context.node.events(about: subject.raw, after: after, limit: page.limit)
        let answer = JSON(members: [
            ("events", .array(found.events.map(EventRendering.json))),
            ("next", found.next.map { .string(Hexadecimal.encode($0.canonicalBytes)) }),
        ])
        return .json(answer.bytes)
    }
}

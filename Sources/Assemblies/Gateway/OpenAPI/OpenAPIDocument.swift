// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// The OpenAPI 3.1 document of a route table.
struct OpenAPIDocument {
    let routes: [Route]
    let version: String

    /// The route that serves the document.
    static func route(answering bytes: [UInt8]) -> Route {
        Route(
            method: .get, pattern: "/openapi.json", name: "getOpenAPI", tag: "operation",
            summary: "This interface in the words of OpenAPI 3.1.",
            responses: [.json("The document.", ["type": "object"])],
            handler: { _ in .json(bytes) })
    }

    /// The document.
    var json: JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Atoll gateway", "version": .string(version),
                "description": .string(
                    "Amounts are base units as decimal text, identifiers 64 lower-case hexadecimal "
                        + "digits, times milliseconds since 1970."),
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": paths,
            "components": [
                "schemas": JSON(members: Schema.all.map { ($0.name, $0.schema) }),
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer",
                        "description": .string(
                            "A key, a session, or the token of the node's folder."),
                    ]
                ],
            ],
        ]
    }

    /// Paths in the order of the table, each with its operations.
    private var paths: JSON {
        var order: [String] = []
        var operations: [String: [(name: String, value: JSON?)]] = [:]
        for route in routes {
            let path = route.pattern.text
            if operations[path] == nil { order.append(path) }
            operations[path, default: []].append(
                (route.method.name.lowercased(), operation(of: route)))
            if route.documentsHead {
                operations[path, default: []].append(("head", headOperation(of: route)))
            }
        }
        return JSON(members: order.map { ($0, JSON(members: operations[$0] ?? [])) })
    }

    private func operation(of route: Route) -> JSON {
        JSON(members: [
            ("operationId", .string(route.name)), ("tags", [.string(route.tag)]),
            ("summary", .string(route.summary)),
            ("parameters", .array(route.parameters.map(Self.parameter))),
            ("requestBody", route.body.map(Self.requestBody)),
            ("responses", Self.responses(route.responses + Self.refusals(of: route))),
            ("security", Self.security(of: route)),
        ])
    }

    /// What a caller may be refused with whatever the route, where it does not say so itself.
    private static func refusals(of route: Route) -> [Route.Response] {
        let others: [Route.Response] =
            switch route.asks {
            case .nothing: [.problem(401, "A key that is shown is not taken.")]
            case .owner: []
            case .scope, .principal:
                [
                    .problem(401, "A key is needed, or the one shown is not taken."),
                    .problem(402, "The key's budget is spent."),
                    .problem(403, "The caller may not do this."),
                ]
            }
        let busy = route.asks == .owner ? [] : [Route.Response.problem(429, "Too many requests.")]
        let described = Set(route.responses.map(\.status))
        return (others + busy).filter { !described.contains($0.status) }
    }

    /// A key is needed always, only where the gateway says so, or never.
    private static func security(of route: Route) -> JSON {
        switch route.asks {
        case .nothing: []
        case .scope: [[:], ["bearer": []]]
        case .principal, .owner: [["bearer": []]]
        }
    }

    /// The same without bodies.
    private func headOperation(of route: Route) -> JSON {
        let name = "head" + route.name.dropFirst(3)
        let responses = route.responses.map {
            Route.Response.empty($0.status, $0.summary)
        }
        return JSON(members: [
            ("operationId", .string(name)), ("tags", [.string(route.tag)]),
            ("summary", .string("As GET, without the body.")),
            ("parameters", .array(route.parameters.map(Self.parameter))),
            ("responses", Self.responses(responses)),
        ])
    }

    private static func parameter(_ parameter: Route.Parameter) -> JSON {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.isNeeded),
            "description": .string(parameter.summary), "schema": parameter.schema,
        ]
    }

    private static func requestBody(_ body: Route.Body) -> JSON {
        [
            "required": true,
            "description": .string("At most \(body.bytesMax) bytes."),
            "content": JSON(members: [(body.mediaType, ["schema": body.schema])]),
        ]
    }

    /// The described answers, and that every other one is a problem.
    private static func responses(_ responses: [Route.Response]) -> JSON {
        let others = Route.Response.problem(.internalError, "Any other failure.")
        let described = responses.map {
            (name: "\($0.status.code)", value: JSON?.some(json(of: $0)))
        }
        return JSON(members: described + [("default", json(of: others))])
    }

    private static func json(of response: Route.Response) -> JSON {
        let content = response.mediaType.map { type in
            JSON(members: [(type, JSON(members: [("schema", response.schema)]))])
        }
        return JSON(members: [
            ("description", .string(response.summary)), ("content", content),
        ])
    }
}

// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import NodeInterface
import ServiceDiscovery
import Vocabulary

/// Finds providers by what they announce, and carries negotiations (GATEWAY-31).
struct ServiceResource: Resource {
    let context: GatewayContext

    var routes: [Route] { [search, listTasks, showTask, say] }

    private var search: Route {
        Route(
            method: .get, pattern: "/v1/services", name: "findServices", tag: "services",
            summary: "Providers that announce what is asked for: cheapest, nearest or best first.",
            parameters: [
                .query(
                    "capability", "What is to be done, such as `wasm/1`.",
                    ["type": "string", "pattern": "^[a-z0-9./-]{1,32}$"]),
                .query(
                    "region", "Where: this region and those in it.",
                    Schema.hyphened(1...Region.bytesMax)),
                .query("units", "How many units `priceMax` is to be enough for.", Schema.positive),
                .query("priceMax", "The most one execution may cost.", Schema.units),
                .query("roundTripMax", "Microseconds of a ping.", Schema.number),
                .query(
                    "scoreMin", "The least score of 1,000 on the ledger.",
                    Schema.upTo(UInt64(ProviderStanding.scoreMax))),
                .query(
                    "freeSlots", "How many slots must be free.",
                    Schema.upTo(UInt64(UInt32.max))),
                .query(
                    "order", "What comes first.", Schema.word(["price", "latency", "reputation"])),
                .query(
                    "all", "Also those that take no work now.", Schema.word(["true", "false"])),
                .query(
                    "limit", "The most answers, 20 when missing.",
                    ["type": "integer", "minimum": 1, "maximum": JSON(ServiceQuery.limitMax)]),
            ],
            responses: [
                .json("The providers.", Schema.reference("ServicePage")),
                .problem(400, "A parameter is malformed."),
                .problem(503, "The node shows no network."),
            ]
        ) { request in
            let page = await (try services).search(try query(of: request))
            return .json(
                JSON(members: [
                    ("services", .array(page.listings.map { JSON($0) })),
                    ("complete", .bool(page.isComplete)),
                ]).bytes)
        }
    }

    private func query(of request: HTTPRequest) throws(Problem) -> ServiceQuery {
        var query = ServiceQuery()
        query.capability = try named(request, "capability", Capability.init)
        query.region = try named(request, "region", Region.init)
        query.units = try request.queryNumber("units", in: 1...UInt64.max) ?? query.units
        query.priceMax = try named(request, "priceMax") { UInt128($0).map { Amount($0) } }
        query.roundTripMicrosecondsMax = try request.queryNumber("roundTripMax")
        let scores = 0...UInt64(ProviderStanding.scoreMax)
        query.scoreMin = try request.queryNumber("scoreMin", in: scores).map { UInt32($0) }
        let slots = try request.queryNumber("freeSlots", in: 0...UInt64(UInt32.max))
        query.freeSlotsMin = UInt32(slots ?? 0)
        let orders = ServiceQuery.Order.allCases.map(\.rawValue)
        let order = try request.queryWord("order", of: orders)
        query.order = order.flatMap(ServiceQuery.Order.init(rawValue:)) ?? .price
        query.findsUnavailable = try request.queryWord("all", of: ["true", "false"]) == "true"
        let limit = try request.queryNumber("limit", in: 1...UInt64(ServiceQuery.limitMax))
        query.limit = Int(limit ?? UInt64(query.limit))
        return query
    }

    private func named<Value>(
        _ request: HTTPRequest, _ name: String, _ read: (String) -> Value?
    ) throws(Problem) -> Value? {
        guard let text = request.query(name) else { return nil }
        guard let value = read(text) else {
            throw HTTPRequest.malformed(name, "is not understood")
        }
        return value
    }

    // MARK: Negotiations

    private var listTasks: Route {
        Route(
            method: .get, pattern: "/v1/tasks", name: "listTasks", tag: "services",
            summary: "Tasks whose bids are awaited, those that end first in front.",
            responses: [
                .json("The tasks.", Self.taskList),
                .problem(503, "The node shows no network."),
            ]
        ) { _ in
            let tasks = await (try services).openTasks()
            let now = context.effects.time.wallClock()
            return .json(
                JSON(members: [("tasks", .array(tasks.map { JSON($0, at: now) }))]).bytes)
        }
    }

    private static let taskList = Schema.object([
        ("tasks", Schema.list(Schema.reference("Task")))
    ])

    private var showTask: Route {
        Route(
            method: .get, pattern: "/v1/tasks/{task}", name: "getTask", tag: "services",
            summary: "One negotiation, with every bid as it was signed.",
            parameters: [.path("task", "The hash of the manifest.", Schema.digest)],
            responses: [
                .json("The negotiation.", Schema.reference("Task")),
                .problem(400, "The name is malformed."), .problem(404, "Nobody told of it here."),
                .problem(503, "The node shows no network."),
            ]
        ) { request in
            let task: TaskID = try request.identifier("task")
            guard let negotiation = await (try services).negotiation(task) else {
                throw GatewayProblem.unknownTask.problem("no task \(task) was heard of here")
            }
            let now = context.effects.time.wallClock()
            return .json(JSON(negotiation, at: now).bytes)
        }
    }

    private var say: Route {
        Route(
            method: .post, pattern: "/v1/tasks", name: "sayInTask", tag: "services",
            summary: "Say something signed in a negotiation: manifest, bid, counter-bid, award, "
                + "refusal or withdrawal.",
            body: Route.Body(
                mediaType: "application/octet-stream",
                schema: ["type": "string", "format": "binary"],
                bytesMax: UInt64(SignedTaskMessage.encodedBytesMax)),
            responses: [
                .json(202, "It is told to everybody.", Schema.object([("task", Schema.digest)])),
                .problem(409, "It changes nothing lawful."),
                .problem(422, "It does not decode."), .problem(503, "The node shows no network."),
            ]
        ) { request in
            let bytes = try await request.body.collect()
            guard let signed = try? SignedTaskMessage(received: bytes) else {
                throw GatewayProblem.malformedBody.problem("the body is no signed task message")
            }
            let services = try services
            do throws(NegotiationRefusal) {
                try await services.say(signed)
            } catch {
                throw Problem(
                    .conflict, type: "urn:atoll:refusal:task:\(error.name)",
                    title: "The negotiation refuses: \(error.name)",
                    detail: "the message changes nothing in task \(signed.message.task)",
                    members: [("name", .text(error.name))])
            }
            return .json(
                JSON(members: [("task", JSON(signed.message.task))]).bytes, status: .accepted)
        }
    }

    private var services: any ServiceAccess {
        get throws(Problem) {
            guard let services = context.node.services else {
                throw GatewayProblem.noNetwork.problem("this node takes no part in services")
            }
            return services
        }
    }
}

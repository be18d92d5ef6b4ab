// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Synchronization
import Testing
import Vocabulary

@testable import Gateway

/// Streams by topic, over server-sent events and over a socket (GATEWAY-8, GATEWAY-32).
@Suite("Gateway: topics of events")
struct EventTopicTests {
    private static func events(
        _ world: GatewayWorld, _ target: String, after id: String = "", count: Int
    ) async throws -> [ServerSentEvent] {
        let request = HTTPClientRequest(.get, try world.address(target))
        var found: [ServerSentEvent] = []
        var events = world.client.events(request, lastEventID: id).makeAsyncIterator()
        while found.count < count, let event = try await events.next() { found.append(event) }
        return found
    }

    @Test("blocks and transactions come after a block's other events, and resume by id")
    func blocks() async throws {
        try await GatewayWorld().run { world in
            try await world.registerProviders()
            let target = "/v1/events?topics=events,transactions,blocks"
            let all = try await Self.events(world, target, after: "0.0", count: 6)
            let places = all.compactMap { $0.id.flatMap { EventPlace($0) } }
            #expect(places == places.sorted())
            let block = try #require(all.first { $0.name == "ledger.blockFinal" })
            let data = try JSON(parsing: block.data)
            #expect(data["height"]?.unsigned == 1)
            #expect(data["transactions"]?.unsigned == 1)
            let executed = try #require(all.first { $0.name == "ledger.transactionExecuted" })
            #expect(try JSON(parsing: executed.data)["verdict"]?.text == "applied")
            let id = try #require(executed.id)
            let next = try await Self.events(world, target, after: id, count: 1)
            #expect(next.first?.name == "ledger.blockFinal")
            #expect(next.first?.id == block.id)
        }
    }

    @Test("a topic shows its own events alone, and an unknown one is refused")
    func topics() async throws {
        try await GatewayWorld().run { world in
            _ = try await world.settledJob(output: JobTests.output)
            let jobs = try await Self.events(
                world, "/v1/events?topics=jobs", after: "0.0", count: 5)
            #expect(jobs.allSatisfy { $0.name?.hasPrefix("market.") == true })
            for odd in ["", "nothing", "jobs,", "jobs,x"] {
                let problem = try await world.json(
                    .get, "/v1/events?topics=\(odd)", status: .badRequest)
                #expect(problem["parameter"]?.text == "topics")
            }
        }
    }

    @Test("a socket's subscriptions get the same events under their names")
    func socket() async throws {
        try await GatewayWorld().run { world in
            try await world.registerProviders()
            let talker = try await SocketTalker(world)
            try await talker.say(
                ["subscribe": ["id": "b", "topics": ["blocks"], "after": "0.0"]])
            #expect(try await talker.hear()["subscribed"]?.text == "b")
            let first = try await talker.hear()
            #expect(first["id"]?.text == "b")
            #expect(first["event"]?.text == "ledger.blockFinal")
            #expect(first["data"]?["height"]?.unsigned == 1)
            #expect(first["place"]?.text == "1.\(UInt32.max)")
            try await talker.say(["unsubscribe": "b"])
            while try await talker.hear()["unsubscribed"] == nil {}
            try await talker.say(["subscribe": ["id": "e", "after": "0.0"]])
            var names: [String] = []
            while names.count < 40, !names.contains("registry.providerRegistered") {
                if let name = try await talker.hear()["event"]?.text { names.append(name) }
            }
            #expect(names.contains("registry.providerRegistered"))
            talker.close()
        }
    }

    @Test(
        "a socket answers what it does not understand, and goes on",
        arguments: [
            ["subscribe": ["id": ""]], ["subscribe": ["id": "a", "topics": ["x"]]],
            ["subscribe": ["id": "a", "after": "x"]], ["unsubscribe": "none"], ["other": 1], [],
            ["subscribe": ["id": "a", "job": "zz"]], ["subscribe": ["id": "a", "account": 1]],
        ] as [JSON])
    func misunderstood(_ message: JSON) async throws {
        try await GatewayWorld().run { world in
            let talker = try await SocketTalker(world)
            try await talker.say(message)
            #expect(try await talker.hear()["error"]?.text == "malformedBody")
            try await talker.say(["subscribe": ["id": "ok"]])
            #expect(try await talker.hear()["subscribed"]?.text == "ok")
            talker.close()
        }
    }

    @Test("a socket has at most 16 subscriptions, and a stop ends it")
    func bounds() async throws {
        try await GatewayWorld().run { world in
            let talker = try await SocketTalker(world)
            for number in 0..<Subscriptions.countMax {
                try await talker.say(["subscribe": ["id": .string("\(number)")]])
                #expect(try await talker.hear()["subscribed"] != nil)
            }
            try await talker.say(["subscribe": ["id": "one more"]])
            #expect(try await talker.hear()["error"] != nil)
            await world.service.stop()
            await #expect(throws: (any Error).self) { _ = try await talker.hear() }
        }
    }
}

/// What a gateway adds to every answer.
@Suite("Gateway: every answer")
struct EveryAnswerTests {
    @Test("an answer has a tag, a name and a line in the access log")
    func answer() async throws {
        let lines = Lines()
        let world = try GatewayWorld(configure: { configuration in
            configuration.accessLog = { line in lines.add(line) }
        })
        try await world.run { world in
            let first = try await world.ask(.get, "/v1/genesis")
            let tag = try #require(first.fields["etag"])
            let again = try await world.client.send(
                HTTPClientRequest(
                    .get, try world.address("/v1/genesis"), fields: ["If-None-Match": tag]))
            #expect(again.status == .notModified)
            let name = try #require(first.fields["x-request-id"])
            let line = try #require(lines.all.first)
            let json = try JSON(parsing: Array(line.utf8))
            #expect(json["request"]?.text == name)
            #expect(json["path"]?.text == "/v1/genesis")
            #expect(json["status"]?.unsigned == 200)
        }
    }

    @Test("a page of another origin changes nothing")
    func forgery() async throws {
        try await GatewayWorld().run { world in
            let response = try await world.client.send(
                HTTPClientRequest(
                    .post, try world.address("/v1/blobs"),
                    fields: ["Origin": "https://evil.example"], body: .bytes([1])))
            #expect(response.status == 403)
            #expect(
                try JSON(parsing: response.body)["name"]?.text == "foreignOrigin")
        }
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }
}

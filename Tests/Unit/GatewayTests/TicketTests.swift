// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Testing
import Vocabulary

@testable import Gateway

/// Streams where keys are demanded (GATEWAY-48).
@Suite("Gateway: tickets for streams")
struct TicketTests {
    /// A ticket for a stream, by a key that reads.
    private static func ticket(
        _ world: GatewayWorld, _ key: String, path: String = "/v1/events"
    ) async throws -> String {
        let made = try await world.json(
            .post, "/v1/access/tickets", fields: AccessTests.bearer(key),
            body: (["path": .string(path)] as JSON).bytes, status: .created)
        return try #require(made["ticket"]?.text)
    }

    /// The status that a stream is answered with, and its first bytes.
    private static func begin(
        _ world: GatewayWorld, _ target: String, host: String? = nil, fields: String = ""
    ) async throws -> String {
        let stream = try await world.effects.network.dial(
            world.service.endpoint, timeoutMilliseconds: 5_000)
        defer { stream.close() }
        let host = host ?? "\(world.service.endpoint)"
        try await stream.write(
            Array("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\(fields)\r\n".utf8))
        return String(decoding: try await stream.read(limit: 4_096), as: UTF8.self)
    }

    private static func reader(_ world: GatewayWorld) async throws -> (id: String, text: String) {
        try await AccessTests.key(world, ["name": "reader", "scopes": ["read"]])
    }

    @Test("streams are denied by default, with and without a made-up ticket")
    func denied() async throws {
        let world = try AccessTests.world(.keys)
        try await world.run { world in
            let madeUp = "atollt_" + String(repeating: "0", count: 64)
            for target in ["/v1/events", "/v1/socket"] {
                for query in ["", "?ticket=", "?ticket=x", "?ticket=\(madeUp)"] {
                    let text = try await Self.begin(world, target + query)
                    #expect(text.hasPrefix("HTTP/1.1 401 "), "\(target)\(query): \(text)")
                }
            }
            _ = try await world.json(
                .post, "/v1/access/tickets", body: (["path": "/v1/events"] as JSON).bytes,
                status: 401)
            let (_, key) = try await AccessTests.key(
                world, ["name": "writer", "scopes": ["submit"]])
            _ = try await world.json(
                .post, "/v1/access/tickets", fields: AccessTests.bearer(key),
                body: (["path": "/v1/events"] as JSON).bytes, status: 403)
        }
    }

    @Test("token replay: a ticket opens one stream, and no second")
    func once() async throws {
        let world = try AccessTests.world(.keys)
        try await world.run { world in
            let (_, key) = try await Self.reader(world)
            let ticket = try await Self.ticket(world, key)
            let first = try await Self.begin(world, "/v1/events?ticket=\(ticket)")
            #expect(first.hasPrefix("HTTP/1.1 200 "), "\(first)")
            let second = try await Self.begin(world, "/v1/events?ticket=\(ticket)")
            #expect(second.hasPrefix("HTTP/1.1 401 "), "\(second)")
        }
    }

    @Test("token theft: a ticket is for its path and its host, and is no key")
    func elsewhere() async throws {
        let world = try AccessTests.world(.keys)
        try await world.run { world in
            let (_, key) = try await Self.reader(world)
            let socket = try await Self.ticket(world, key, path: "/v1/socket")
            let stream = try await Self.begin(world, "/v1/events?ticket=\(socket)")
            #expect(stream.hasPrefix("HTTP/1.1 401 "))
            // Shown at the wrong place it is spent.
            let late = try await Self.begin(world, "/v1/socket?ticket=\(socket)")
            #expect(late.hasPrefix("HTTP/1.1 401 "))
            let other = try await Self.begin(
                world, "/v1/events?ticket=\(try await Self.ticket(world, key))",
                host: "other.example")
            #expect(other.hasPrefix("HTTP/1.1 401 "))
            let ticket = try await Self.ticket(world, key)
            _ = try await world.json(
                .get, "/v1/status", fields: AccessTests.bearer(ticket), status: 401)
            let route = try await Self.begin(world, "/v1/status?ticket=\(ticket)")
            #expect(route.hasPrefix("HTTP/1.1 401 "), "no other route takes a ticket")
            let opened = try await Self.begin(
                world, "/v1/socket?ticket=\(try await Self.ticket(world, key, path: "/v1/socket"))",
                fields: "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
            #expect(opened.hasPrefix("HTTP/1.1 101 "), "\(opened)")
        }
    }

    @Test("a ticket serves no longer than the key behind it, and ends after half a minute")
    func ends() async throws {
        let world = try AccessTests.world(.keys)
        try await world.run { world in
            let (id, key) = try await Self.reader(world)
            let ticket = try await Self.ticket(world, key)
            #expect(
                try await world.ask(
                    .delete, "/v1/access/keys/\(id)", fields: AccessTests.bearer(AccessTests.owner)
                ).status == .noContent)
            let text = try await Self.begin(world, "/v1/events?ticket=\(ticket)")
            #expect(text.hasPrefix("HTTP/1.1 401 "))
            let book = TicketBook(effects: world.effects)
            let (made, expires) = book.issue(.anybody, path: "/v1/events", authority: "a")
            let life = expires.value - world.effects.time.wallClock().value
            #expect(life <= TicketBook.lifeMilliseconds)
            #expect(book.take(made, path: "/v1/events", authority: "a") != nil)
            for _ in 0..<40 { _ = book.issue(.anybody, path: "/v1/events", authority: "a") }
            #expect(book.count == TicketBook.perCallerMax)
        }
    }

    @Test("a stream ends when the key that opened it is revoked")
    func revoked() async throws {
        let world = try AccessTests.world(.keys)
        try await world.run { world in
            let (id, key) = try await Self.reader(world)
            let ticket = try await Self.ticket(world, key)
            let stream = try await world.effects.network.dial(
                world.service.endpoint, timeoutMilliseconds: 5_000)
            defer { stream.close() }
            try await stream.write(
                Array(
                    ("GET /v1/events?topics=blocks&ticket=\(ticket) HTTP/1.1\r\n"
                        + "Host: \(world.service.endpoint)\r\nConnection: close\r\n\r\n").utf8))
            let begun = String(decoding: try await stream.read(limit: 4_096), as: UTF8.self)
            #expect(begun.hasPrefix("HTTP/1.1 200 "))
            _ = try await world.ask(
                .delete, "/v1/access/keys/\(id)", fields: AccessTests.bearer(AccessTests.owner))
            // Blocks go on; the stream is looked at once a second.
            let sealing = Task {
                while !Task.isCancelled {
                    try await world.node.seal()
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            while let bytes = try? await stream.read(limit: 4_096), !bytes.isEmpty {}
            sealing.cancel()
            _ = await sealing.result
        }
    }
}

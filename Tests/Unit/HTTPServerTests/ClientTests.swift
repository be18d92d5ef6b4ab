// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import Testing

/// The client against the service over real sockets.
@Suite("HTTP: the client")
struct ClientTests {
    private static func address(_ service: HTTPService, _ target: String) throws -> HTTPAddress {
        try #require(HTTPAddress(endpoint: service.endpoint, target: target))
    }

    private static func failure(
        _ client: HTTPClient, _ request: HTTPClientRequest
    ) async -> HTTPClientFailure? {
        do {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("requests share one connection and give status, fields and body")
    func keepAlive() async throws {
        try await RealWorld().serve { effects, service in
            let client = HTTPClient(effects: effects)
            for _ in 0..<5 {
                let response = try await client.send(
                    HTTPClientRequest(.get, try Self.address(service, "/hello")))
                #expect(response.status == .ok)
                #expect(response.text == "hello")
            }
            let echo = try await client.send(
                HTTPClientRequest(
                    .post, try Self.address(service, "/echo"), body: .bytes(Array("hi".utf8))))
            #expect(echo.text == "hi")
            let head = try await client.send(
                HTTPClientRequest(.head, try Self.address(service, "/hello")))
            #expect(head.fields["content-length"] == "5")
            let chunks = try await client.send(
                HTTPClientRequest(.get, try Self.address(service, "/chunks")))
            #expect(chunks.text == "onetwothree")
            #expect(service.counters.connectionsAccepted == 1)
            await client.close()
        }
    }

    @Test("a file is uploaded and a large response downloaded piece by piece")
    func streaming() async throws {
        try await RealWorld().serve { effects, service in
            let client = HTTPClient(effects: effects)
            let bytes = [UInt8](repeating: 7, count: 5_000_000)
            try await effects.disk.replace("file", with: bytes)
            let file = try await effects.disk.open("file")
            let count = try await client.send(
                HTTPClientRequest(
                    .post, try Self.address(service, "/count"),
                    body: .file(file, from: 1, count: 4_999_999)))
            await file.close()
            #expect(count.text == "4999999")
            let download = try await client.open(
                HTTPClientRequest(.get, try Self.address(service, "/zeros?count=20000000")))
            var received = 0
            while let piece = try await download.next() { received += piece.count }
            #expect(received == 20_000_000)
            #expect(service.counters.connectionsAccepted == 1)
        }
    }

    @Test("an upload that is refused ends with the refusal, not with a broken connection")
    func refusedUpload() async throws {
        try await RealWorld().serve { effects, service in
            let client = HTTPClient(effects: effects)
            let response = try await client.send(
                HTTPClientRequest(
                    .post, try Self.address(service, "/echo"),
                    body: .bytes([UInt8](repeating: 0, count: 50_000_000))))
            #expect(response.status == .contentTooLarge)
            let next = try await client.send(
                HTTPClientRequest(.get, try Self.address(service, "/hello")))
            #expect(next.text == "hello")
        }
    }

    @Test("a response beyond the limit is refused, announced or not")
    func tooLarge() async throws {
        try await RealWorld().serve { effects, service in
            let client = HTTPClient(effects: effects)
            for target in ["/zeros?count=100", "/chunks"] {
                var request = HTTPClientRequest(.get, try Self.address(service, target))
                request.responseBytesMax = 10
                #expect(await Self.failure(client, request) == .tooLarge(limit: 10))
            }
        }
    }

    @Test("a body cut short, nobody listening and a bad field are told apart")
    func failures() async throws {
        try await RealWorld().serve { effects, service in
            let client = HTTPClient(effects: effects)
            let short = HTTPClientRequest(.get, try Self.address(service, "/sized?count=20"))
            #expect(await Self.failure(client, short) == .closed)
            var bad = HTTPClientRequest(.get, try Self.address(service, "/hello"))
            bad.fields["X"] = "a\r\nb: c"
            #expect(
                await Self.failure(client, bad)
                    == .invalidRequest("a field cannot stand on one line"))
            let nowhere = try #require(HTTPAddress("http://127.0.0.1:1/"))
            #expect(
                await Self.failure(client, HTTPClientRequest(.get, nowhere))
                    == .unreachable(nowhere.endpoint, reason: "nobody listens there"))
        }
    }

    @Test("a kept connection that the server has ended is replaced without a word")
    func staleConnection() async throws {
        try await RealWorld().run { effects in
            let client = HTTPClient(effects: effects)
            var endpoint = Endpoint(host: "127.0.0.1", port: 0)
            for _ in 0..<2 {
                let service = HTTPService(
                    effects: effects, endpoint: endpoint, router: testRouter(effects, EventHub()))
                try await service.start()
                endpoint = service.endpoint
                let response = try await client.send(
                    HTTPClientRequest(.get, try Self.address(service, "/hello")))
                #expect(response.text == "hello")
                await service.stop()
            }
        }
    }

    @Test("events arrive in order, and a reader that comes back misses none")
    func events() async throws {
        let hub = EventHub()
        try await RealWorld().serve(hub: hub) { effects, service in
            let client = HTTPClient(effects: effects)
            let request = HTTPClientRequest(.get, try Self.address(service, "/events"))
            for number in 1...3 { hub.publish("early \(number)") }
            var seen: [String] = []
            for try await event in client.events(request, lastEventID: "1", reconnectsMax: 3) {
                seen.append(event.data)
                if seen.count == 2 {
                    hub.close()
                    hub.publish("while away")
                }
                if seen.count == 3 { hub.publish("late") }
                if seen.count == 4 { break }
            }
            #expect(seen == ["early 2", "early 3", "while away", "late"])
            let wrong = HTTPClientRequest(.get, try Self.address(service, "/hello"))
            await #expect(throws: HTTPClientFailure.self) {
                for try await _ in client.events(wrong) {}
            }
        }
    }

    @Test("a slow reader of events is cut and counted, and others go on")
    func slowEventReader() async throws {
        let hub = EventHub(historyMax: 4)
        try await RealWorld().serve(hub: hub) { effects, service in
            let slow = try await RawClient(effects, service)
            try await slow.send(request("GET /events"))
            while hub.clientCount < 1 { await effects.time.sleep(milliseconds: 1) }
            let text = String(repeating: "x", count: 100_000)
            for _ in 0..<300 where hub.clientCount > 0 {
                hub.publish(text)
                await effects.time.sleep(milliseconds: 1)
            }
            #expect(hub.clientCount == 0)
            while service.counters.connections > 0 { await effects.time.sleep(milliseconds: 1) }
            #expect(service.counters.eventClientsDropped == 1)
        }
    }

    @Test("a reader of events that goes away is forgotten without another event")
    func goneEventReader() async throws {
        let hub = EventHub()
        try await RealWorld().serve(hub: hub) { effects, service in
            let client = try await RawClient(effects, service)
            try await client.send(request("GET /events"))
            while hub.clientCount < 1 { await effects.time.sleep(milliseconds: 1) }
            client.stream.close()
            while hub.clientCount > 0 { await effects.time.sleep(milliseconds: 1) }
            #expect(service.counters.eventClientsDropped == 0)
        }
    }
}

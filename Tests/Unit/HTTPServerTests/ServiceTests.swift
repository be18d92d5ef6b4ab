// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing

@testable import HTTPServer

/// The service over real sockets.
@Suite("HTTP: the service")
struct ServiceTests {
    @Test("requests follow one another on one connection until one asks to close")
    func keepAlive() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            for name in ["a", "b"] {
                try await client.send(request("GET /hello/\(name)"))
                let response = try await client.response()
                #expect(response.status == .ok)
                #expect(response.text == "hello \(name)")
                #expect(response.fields["connection"] == nil)
                #expect(response.fields["date"]?.hasSuffix(" GMT") == true)
            }
            try await client.send(request("GET /hello", "Connection: close"))
            #expect(try await client.response().fields["connection"] == "close")
            #expect(await client.isEnded())
            #expect(service.counters.connectionsAccepted == 1)
            #expect(service.counters.requests == 3)
            #expect(service.counters.responsesByClass == [0, 3, 0, 0, 0])
        }
    }

    @Test("a thousand requests sent at once are answered in order")
    func pipelining() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(
                (0..<1_000).map { request("GET /hello/\($0)") }.joined())
            for number in 0..<1_000 {
                #expect(try await client.response().text == "hello \(number)")
            }
        }
    }

    @Test("a body is taken by size and in chunks, and what a handler leaves is dropped")
    func bodies() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(request("POST /echo", "Content-Length: 5") + "hello")
            #expect(try await client.response().text == "hello")
            try await client.send(
                request("POST /echo", "Transfer-Encoding: chunked")
                    + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
            #expect(try await client.response().text == "abc")
            try await client.send(request("POST /ignore", "Content-Length: 1000"))
            #expect(try await client.response().text == "ignored")
            let rest = String(repeating: "x", count: 1_000)
            try await client.send(rest + request("POST /nowhere", "Content-Length: 1") + "y")
            #expect(try await client.response().status == .notFound)
            try await client.send(request("GET /hello"))
            #expect(try await client.response().text == "hello")
            #expect(service.counters.connectionsAccepted == 1)
        }
    }

    @Test("HEAD gives the fields of GET without a body")
    func head() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(request("HEAD /hello") + request("HEAD /chunks"))
            let sized = try await client.response(to: .head)
            #expect(sized.fields["content-length"] == "5")
            let chunked = try await client.response(to: .head)
            #expect(chunked.fields["transfer-encoding"] == "chunked")
            try await client.send(request("GET /hello"))
            #expect(try await client.response().text == "hello")
        }
    }

    @Test("100 Continue comes when the handler reads, and not before a refusal")
    func expectContinue() async throws {
        try await RealWorld().serve { effects, service in
            let client = try await RawClient(effects, service)
            try await client.send(
                request("POST /echo", "Content-Length: 2", "Expect: 100-continue"))
            let interim = try await client.stream.read(limit: 100)
            #expect(String(decoding: interim, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("hi")
            var same = client
            #expect(try await same.response().text == "hi")
            try await client.send(
                request("POST /echo", "Content-Length: 2000000", "Expect: 100-continue"))
            let refused = try await client.stream.read(limit: 100)
            #expect(String(decoding: refused, as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("a gigabyte is refused from its announcement, before a byte of it is read")
    func announcedTooLarge() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(request("POST /echo", "Content-Length: 1073741824"))
            let response = try await client.response()
            #expect(response.status == .contentTooLarge)
            #expect(response.fields["content-type"] == "application/problem+json")
            #expect(response.text.contains("\"limit\":1048576"))
            #expect(response.fields["connection"] == "close")
            #expect(service.counters.bytesRead < 200)
        }
    }

    @Test("chunks are refused once they pass the route's limit")
    func chunkedTooLarge() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(request("POST /echo", "Transfer-Encoding: chunked"))
            let chunk = "20000\r\n" + String(repeating: "x", count: 0x20000) + "\r\n"
            for _ in 0..<9 { try await client.send(chunk) }
            #expect(try await client.response().status == .contentTooLarge)
        }
    }

    @Test("a response streams in chunks, and one of announced size is held to it")
    func streams() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(request("GET /chunks") + request("GET /sized?count=10"))
            let chunked = try await client.response()
            #expect(chunked.text == "onetwothree")
            #expect(chunked.fields["transfer-encoding"] == "chunked")
            #expect(try await client.response().text == "0123456789")
            for count in [9, 11] {
                var other = try await RawClient(effects, service)
                try await other.send(request("GET /sized?count=\(count)"))
                await #expect(throws: (any Error).self) { try await other.response() }
            }
            var old = try await RawClient(effects, service)
            try await old.send("GET /chunks HTTP/1.0\r\n\r\n")
            let unframed = try await old.response()
            #expect(unframed.fields["transfer-encoding"] == nil)
            #expect(unframed.text == "onetwothree")
        }
    }

    @Test("a response may be produced from the body while the body still comes")
    func mirror() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(request("POST /mirror", "Content-Length: 6") + "abc")
            try await client.send("def")
            #expect(try await client.response().text == "abcdef")
        }
    }

    @Test("a stop without grace ends although a request is being answered")
    func hardStop() async throws {
        try await RealWorld().serve { effects, service in
            let client = try await RawClient(effects, service)
            try await client.send(request("POST /echo", "Content-Length: 6"))
            while service.counters.requests < 1 { await effects.time.sleep(milliseconds: 1) }
            await service.stop(graceMilliseconds: 0)
            #expect(await client.isEnded())
        }
    }

    @Test("a range of a file is sent")
    func file() async throws {
        try await RealWorld().serve { effects, service in
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await effects.disk.replace("file", with: bytes)
            var client = try await RawClient(effects, service)
            try await client.send(request("GET /file"))
            let response = try await client.response()
            #expect(response.body == Array(bytes[2...]))
            #expect(response.fields["content-length"] == "2999998")
        }
    }

    @Test("failures become problems, and a handler's wrong head becomes a 500")
    func failures() async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            let expected: [(String, HTTPStatus)] = [
                ("GET /problem", 409), ("GET /bug", 500), ("GET /inject", 500), ("GET /lie", 500),
                ("GET /none", 404), ("PUT /hello", 405), ("GET /hello/%zz", 400),
            ]
            for (line, status) in expected {
                try await client.send(request(line))
                let response = try await client.response()
                #expect(response.status == status)
                #expect(response.fields["content-type"] == "application/problem+json")
                #expect(response.fields["set-cookie"] == nil)
                if status == 405 {
                    #expect(response.fields["allow"] == "GET, HEAD, OPTIONS")
                }
            }
            try await client.send(request("OPTIONS /hello") + request("OPTIONS *"))
            #expect(try await client.response().fields["allow"] == "GET, HEAD, OPTIONS")
            #expect(try await client.response().status == .noContent)
            #expect(service.counters.handlersFailed == 1)
            #expect(service.counters.responsesInvalid == 2)
        }
    }

    @Test(
        "garbage is answered with 400 and the connection ends",
        arguments: [
            "\u{0}\u{1}\u{2}", "SSH-2.0-x\r\n", "{}\n", "GET /\r\n\r\n", "\u{16}\u{3}\u{1}",
        ])
    func garbage(text: String) async throws {
        try await RealWorld().serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(text)
            #expect(try await client.response().status == .badRequest)
            var other = try await RawClient(effects, service)
            try await other.send(request("GET /hello"))
            #expect(try await other.response().text == "hello")
            #expect(service.counters.requestsRefused == 1)
        }
    }

    @Test("a client that reads nothing makes the server wait, with bounded memory")
    func backPressure() async throws {
        try await RealWorld().serve { effects, service in
            let client = try await RawClient(effects, service)
            let count = 64 << 20
            try await client.send(request("GET /zeros?count=\(count)", "Connection: close"))
            await effects.time.sleep(milliseconds: 50)
            #expect(service.counters.bytesWritten < UInt64(count))
            var same = client
            #expect(try await same.response().body.count == count)
        }
    }

    @Test("connections beyond the limit of one address are closed at once and counted")
    func connectionLimit() async throws {
        var configuration = HTTPConfiguration()
        configuration.connectionsPerAddressMax = 2
        try await RealWorld().serve(configuration) { effects, service in
            var first = try await RawClient(effects, service)
            var second = try await RawClient(effects, service)
            for client in [first, second] { try await client.send(request("GET /hello")) }
            #expect(try await first.response().status == .ok)
            #expect(try await second.response().status == .ok)
            let third = try await RawClient(effects, service)
            #expect(await third.isEnded())
            #expect(service.counters.connectionsRefused == 1)
            #expect(service.counters.connections == 2)
        }
    }

    @Test("a port in use is a clear failure")
    func portInUse() async throws {
        try await RealWorld().serve { effects, service in
            let endpoint = service.endpoint
            let second = HTTPService(effects: effects, endpoint: endpoint, router: Router())
            await #expect(throws: NetworkFailure.portInUse(endpoint)) { try await second.start() }
        }
    }

    @Test("a stop ends idle connections at once and lets a request being answered finish")
    func stop() async throws {
        try await RealWorld().run { effects in
            let gate = EventQueue()
            var router = Router()
            router.get("/slow") { _ in
                _ = await gate.next()
                return .text("done")
            }
            let service = HTTPService(
                effects: effects, endpoint: Endpoint(host: "127.0.0.1", port: 0), router: router)
            try await service.start()
            var idle = try await RawClient(effects, service)
            try await idle.send(request("GET /none"))
            #expect(try await idle.response().status == .notFound)
            let busy = try await RawClient(effects, service)
            try await busy.send(request("GET /slow"))
            while service.counters.requests < 2 { await effects.time.sleep(milliseconds: 1) }
            let stopping = effects.tasks.spawn("stop") { await service.stop() }
            #expect(await idle.isEnded())
            gate.close()
            var same = busy
            let response = try await same.response()
            #expect(response.text == "done")
            #expect(response.fields["connection"] == "close")
            await stopping.finished()
            #expect(service.counters.connections == 0)
            await #expect(throws: NetworkFailure.self) {
                _ = try await RawClient(effects, service)
            }
        }
    }
}

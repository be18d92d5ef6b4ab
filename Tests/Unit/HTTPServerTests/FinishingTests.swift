// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization
import Testing

@testable import HTTPServer

/// What is added to answers whatever their route (HTTP-70 to HTTP-74).
@Suite("HTTP: what every answer gets")
struct FinishingTests {
    private static func configuration(
        _ log: @escaping @Sendable (AccessRecord) -> Void = { _ in }
    ) -> HTTPConfiguration {
        var configuration = HTTPConfiguration()
        configuration.crossOrigins = CrossOrigins(["https://app.example"])
        configuration.tagsAnswers = true
        configuration.compresses = true
        configuration.namesRequests = true
        configuration.accessLog = log
        return configuration
    }

    private static func ask(
        _ fields: String..., line: String = "GET /text", isHead: Bool = false,
        log: @escaping @Sendable (AccessRecord) -> Void = { _ in }
    ) async throws -> HTTPClientResponse {
        let text = "\(line) HTTP/1.1\r\nHost: a\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n"
        let world = try RealWorld()
        return try await world.serve(configuration(log)) { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(text)
            return try await client.response(to: isHead ? .head : .get)
        }
    }

    @Test("a page of a named origin may read answers, one of another may not")
    func origins() async throws {
        let named = try await Self.ask("Origin: https://app.example")
        #expect(named.fields["access-control-allow-origin"] == "https://app.example")
        #expect(named.fields.values("vary").joined().contains("Origin"))
        let other = try await Self.ask("Origin: https://evil.example")
        #expect(other.status == .ok)
        #expect(other.fields["access-control-allow-origin"] == nil)
    }

    @Test("a browser's question is answered for a named origin alone")
    func question() async throws {
        let fields = "Access-Control-Request-Method: POST"
        let named = try await Self.ask(
            "Origin: https://app.example", fields, line: "OPTIONS /echo")
        #expect(named.status == .noContent)
        #expect(named.fields["access-control-allow-methods"]?.contains("POST") == true)
        let other = try await Self.ask(
            "Origin: https://evil.example", fields, line: "OPTIONS /echo")
        #expect(other.fields["access-control-allow-methods"] == nil)
    }

    @Test("cross-site request forgery: a foreign page changes nothing and opens no socket")
    func forgery() async throws {
        for origin in [
            "https://evil.example", "null", "http://a.evil.example", "https://app.example.evil",
        ] {
            let posted = try await Self.ask(
                "Origin: \(origin)", "Content-Length: 0", line: "POST /echo")
            #expect(posted.status == 403)
            let socket = try await Self.ask(
                "Origin: \(origin)", "Connection: Upgrade", "Upgrade: websocket",
                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                line: "GET /talk")
            #expect(socket.status == 403)
        }
        for origin in ["http://a", "https://app.example"] {
            let own = try await Self.ask(
                "Origin: \(origin)", "Content-Length: 0", line: "POST /echo")
            #expect(own.status == .ok)
        }
    }

    @Test("an answer that the client has already is 304 without a body")
    func tags() async throws {
        let first = try await Self.ask()
        let tag = try #require(first.fields["etag"])
        #expect(tag.hasPrefix("W/\""))
        for list in [tag, "\"x\", \(tag)", "*", String(tag.dropFirst(2))] {
            let again = try await Self.ask("If-None-Match: \(list)")
            #expect(again.status == .notModified)
            #expect(again.body.isEmpty)
            #expect(again.fields["etag"] == tag)
        }
        #expect(try await Self.ask("If-None-Match: \"x\"").status == .ok)
    }

    @Test("text is shortened for clients that take it so, and secrets never")
    func compression() async throws {
        let gzip = try await Self.ask("Accept-Encoding: gzip, deflate")
        #expect(gzip.fields["content-encoding"] == "gzip")
        #expect(gzip.body.count < 600)
        #expect(Array(gzip.body.prefix(2)) == [0x1F, 0x8B])
        let zstd = try await Self.ask("Accept-Encoding: gzip, zstd")
        #expect(zstd.fields["content-encoding"] == "zstd")
        #expect(Array(zstd.body.prefix(4)) == [0x28, 0xB5, 0x2F, 0xFD])
        for refused in ["gzip;q=0", "br", "identity", "gzip;q=abc"] {
            let plain = try await Self.ask("Accept-Encoding: \(refused)")
            #expect(plain.fields["content-encoding"] == nil)
            #expect(plain.body.count == 6_000)
        }
        let secret = try await Self.ask("Accept-Encoding: gzip", line: "GET /secret")
        #expect(secret.fields["content-encoding"] == nil)
        let small = try await Self.ask("Accept-Encoding: gzip", line: "GET /hello")
        #expect(small.fields["content-encoding"] == nil)
    }

    @Test("weights of codings are heeded")
    func weights() {
        #expect(Compression.chosen(from: ["gzip;q=0.9, zstd;q=0.1"]) == .gzip)
        #expect(Compression.chosen(from: ["*"]) == .zstd)
        #expect(Compression.chosen(from: ["zstd;q=0, *;q=0.5"]) == .gzip)
        #expect(Compression.chosen(from: [""]) == nil)
        #expect(Compression.chosen(from: ["gzip;q=-1", "zstd;q=1.5"]) == .zstd)
    }

    @Test("each request has a name, which its answer and the access log carry")
    func names() async throws {
        let records = Mutex<[AccessRecord]>([])
        let given = try await Self.ask(
            "X-Request-ID: abc-1", line: "GET /hello?token=secret",
            log: { record in records.withLock { $0.append(record) } })
        #expect(given.fields["x-request-id"] == "abc-1")
        let noted = records.withLock { $0 }
        let record = try #require(noted.first)
        #expect(record.requestID == "abc-1")
        #expect(record.path == "/hello")
        #expect(record.method == "GET")
        #expect(record.status == 200)
        #expect(record.bodyBytes == 5)
        #expect(record.protocolName == "HTTP/1.1")
        #expect(record.isWhole)
        let bad = try await Self.ask("X-Request-ID: a\"b")
        #expect(bad.fields["x-request-id"]?.contains("\"") == false)
    }

    @Test("an origin is a scheme and a host, and at most 64 are named")
    func originSyntax() {
        #expect(CrossOrigins(["app.example"]) == nil)
        #expect(CrossOrigins(["https://app.example/path"]) == nil)
        #expect(CrossOrigins(["https://"]) == nil)
        #expect(CrossOrigins((0...64).map { "https://a\($0)" }) == nil)
        #expect(CrossOrigins(["http://localhost:3000"]) != nil)
    }
}

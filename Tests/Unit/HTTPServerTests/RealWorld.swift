// SPDX-License-Identifier: Apache-2.0
import Effects
import TestSupport
import Testing

@testable import HTTPServer

typealias RealWorld = LoopWorld

extension LoopWorld {
    /// Runs `body` against a service of the routes all tests share.
    func serve<Value: Sendable>(
        _ configuration: HTTPConfiguration = HTTPConfiguration(), hub: EventHub = EventHub(),
        _ body: @escaping @Sendable (Effects, HTTPService) async throws -> Value
    ) async throws -> Value {
        try await run { effects in
            let service = HTTPService(
                effects: effects, endpoint: Endpoint(host: "127.0.0.1", port: 0),
                configuration: configuration, router: testRouter(effects, hub))
            try await service.start()
            do {
                let value = try await body(effects, service)
                await service.stop(graceMilliseconds: 100)
                return value
            } catch {
                await service.stop(graceMilliseconds: 0)
                throw error
            }
        }
    }
}

/// Routes that show one thing each.
func testRouter(_ effects: Effects, _ hub: EventHub) -> Router {
    var router = Router()
    router.get("/hello") { _ in .text("hello") }
    router.get("/hello/{name}") { request in .text("hello \(request.parameters["name"] ?? "")") }
    router.post("/echo", bodyBytesMax: 1 << 20) { request in
        HTTPResponse(type: "application/octet-stream", bytes: try await request.body.collect())
    }
    router.post("/count", bodyBytesMax: 1 << 30) { request in
        var count = 0
        while let bytes = try await request.body.next() { count += bytes.count }
        return .text("\(count)")
    }
    router.post("/ignore", bodyBytesMax: 1 << 30) { _ in .text("ignored") }
    router.post("/mirror", bodyBytesMax: 1 << 30) { request in
        HTTPResponse(
            .ok,
            body: .stream(count: nil) { writer in
                while let bytes = try await request.body.next() { try await writer.write(bytes) }
            })
    }
    router.get("/chunks") { _ in
        HTTPResponse(
            .ok,
            body: .stream(count: nil) { writer in
                for text in ["one", "", "two", "three"] { try await writer.write(text) }
            })
    }
    router.get("/sized") { request in
        let count = request.query("count").flatMap { UInt64($0) } ?? 0
        return HTTPResponse(
            .ok, body: .stream(count: count) { writer in try await writer.write("0123456789") })
    }
    router.get("/zeros") { request in
        let count = request.query("count").flatMap { Int($0) } ?? 0
        return HTTPResponse(.ok, body: .bytes([UInt8](repeating: 0, count: count)))
    }
    router.get("/file") { _ in
        let file = try await effects.disk.open("file")
        return HTTPResponse(.ok, body: .file(file, from: 2, count: await file.count - 2))
    }
    router.get("/events") { request in
        .events(hub.subscribe(after: request.fields["last-event-id"]))
    }
    router.get("/talk") { request in
        try WebSocketHandshake.accept(request, subprotocol: "echo") { socket in
            while let text = try? await socket.receive() {
                guard (try? await socket.send(text)) != nil else { return }
            }
        }
    }
    router.post("/borrow", bodyBytesMax: 0) { _ in
        HTTPResponse(
            101,
            body: .upgrade(to: "tcp") { stream in
                while let bytes = try? await stream.read(limit: 65_536), !bytes.isEmpty {
                    guard (try? await stream.write(bytes.reversed())) != nil else { return }
                }
            })
    }
    router.get("/wait") { request in
        _ = await request.clientDeparted()
        return .text("gone")
    }
    router.get("/text") { _ in .text(String(repeating: "atoll ", count: 1_000)) }
    router.get("/secret") { _ in
        HTTPResponse(
            .ok, fields: ["Content-Type": "text/plain", "Cache-Control": "no-store"],
            body: .bytes([UInt8](repeating: 65, count: 6_000)))
    }
    router.get("/inject") { _ in
        HTTPResponse(.ok, fields: ["X-A": "b\r\nSet-Cookie: evil"], body: .bytes([1]))
    }
    router.get("/lie") { _ in
        HTTPResponse(.ok, fields: ["Content-Length": "7"], body: .bytes([1]))
    }
    router.get("/problem") { _ in throw Problem(.conflict, detail: "taken") }
    router.get("/bug") { _ in throw HTTPWriteFailure.tooLong }
    return router
}

/// Reads responses off a plain connection.
struct RawClient {
    let stream: any ByteStream
    private var parser = ResponseParser()

    init(_ effects: Effects, _ service: HTTPService) async throws {
        stream = try await effects.network.dial(service.endpoint, timeoutMilliseconds: 5_000)
    }

    func send(_ text: String) async throws { try await stream.write(Array(text.utf8)) }

    /// The next response: its status, its fields and its body.
    mutating func response(to method: HTTPMethod = .get) async throws -> HTTPClientResponse {
        parser.expect(method)
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        while true {
            switch try parser.next() {
            case .head(let found): head = found
            case .body(let bytes): body += bytes
            case .end:
                let head = try #require(head)
                return HTTPClientResponse(status: head.status, fields: head.fields, body: body)
            case nil:
                let bytes = try await stream.read(limit: 65_536)
                if bytes.isEmpty, parser.streamEnded() { continue }
                guard !bytes.isEmpty else { throw NetworkFailure.closed }
                parser.feed(bytes)
            }
        }
    }

    /// Whether the server has ended the connection without another byte.
    func isEnded() async -> Bool {
        guard let bytes = try? await stream.read(limit: 1) else { return true }
        return bytes.isEmpty
    }
}

extension HTTPClientResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A request line and host, with further fields.
func request(_ line: String, _ fields: String...) -> String {
    "\(line) HTTP/1.1\r\nHost: a\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n"
}

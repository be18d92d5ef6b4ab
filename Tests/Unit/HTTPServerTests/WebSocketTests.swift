// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing

@testable import HTTPServer

/// Talks over real connections (HTTP-80 to HTTP-83).
@Suite("HTTP: web sockets")
struct WebSocketTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private static func handshake(_ fields: String...) -> String {
        request(
            "GET /talk", "Connection: keep-alive, Upgrade", "Upgrade: WebSocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(key)",
            fields.map { $0 }.joined(separator: "\r\n")
        )
        .replacing("\r\n\r\n\r\n", with: "\r\n\r\n")
    }

    /// A connection whose handshake was answered, and what came after its head.
    private static func talk(
        _ effects: Effects, _ service: HTTPService, with first: [UInt8] = []
    ) async throws -> (client: RawClient, rest: [UInt8]) {
        let client = try await RawClient(effects, service)
        try await client.stream.write(
            Array(handshake("Sec-WebSocket-Protocol: other, echo").utf8) + first)
        var head: [UInt8] = []
        while true {
            let end = head.indices.first { head[$0...].starts(with: Array("\r\n\r\n".utf8)) }
            if let end {
                let text = String(decoding: head[..<(end + 2)], as: UTF8.self)
                #expect(text.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
                #expect(text.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
                #expect(text.contains("Sec-WebSocket-Protocol: echo\r\n"))
                return (client, Array(head[(end + 4)...]))
            }
            head += try await client.stream.read(limit: 65_536)
        }
    }

    private static func read(
        _ client: RawClient, _ count: Int, after rest: [UInt8] = []
    ) async throws -> [UInt8] {
        var bytes = rest
        while bytes.count < count {
            let more = try await client.stream.read(limit: 65_536)
            guard !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }

    @Test("a handler takes the connection over, with what came with the request (HTTP-84)")
    func borrowed() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let client = try await RawClient(effects, service)
            try await client.send(
                request("POST /borrow", "Connection: Upgrade", "Upgrade: tcp", "Content-Length: 0")
                    + "abc")
            let head = "HTTP/1.1 101 Switching Protocols\r\n"
            var text = ""
            while !text.hasSuffix("\r\n\r\ncba") {
                let bytes = try await client.stream.read(limit: 65_536)
                try #require(!bytes.isEmpty, "\(text)")
                text += String(decoding: bytes, as: UTF8.self)
            }
            #expect(text.hasPrefix(head))
            #expect(text.contains("\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n"))
            try await client.send("xyz")
            #expect(try await client.stream.read(limit: 3) == Array("zyx".utf8))
            let half = try #require(client.stream as? any HalfClosableStream)
            try half.endWriting()
            #expect(await client.isEnded())
        }
    }

    @Test("texts come back, also those sent with the handshake, and a ping gets its pong")
    func echo() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let first = WebSocketFrameTests.frame(0x81, Array("one".utf8))
            let (client, rest) = try await Self.talk(effects, service, with: first)
            #expect(
                try await Self.read(client, 5, after: rest)
                    == WebSocketFrames.frame(1, Array("one".utf8)))
            try await client.stream.write(WebSocketFrameTests.frame(0x89, [1, 2]))
            #expect(try await Self.read(client, 4) == WebSocketFrames.frame(10, [1, 2]))
            try await client.stream.write(WebSocketFrameTests.frame(0x88, [0x03, 0xE8]))
            #expect(
                try await Self.read(client, 4) == WebSocketFrames.close(1_000, ""))
            #expect(await client.isEnded())
        }
    }

    @Test("a frame without a mask ends the talk with code 1002")
    func unmasked() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let (client, _) = try await Self.talk(effects, service)
            try await client.stream.write([0x81, 0x01, 65])
            let bytes = try await Self.read(client, 4)
            #expect(bytes.first == 0x88)
            #expect(Array(bytes.dropFirst(2).prefix(2)) == [0x03, 0xEA])
        }
    }

    @Test("what is no handshake of version 13 gets 426, and a bad key 400")
    func refusals() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            var client = try await RawClient(effects, service)
            try await client.send(request("GET /talk"))
            let plain = try await client.response()
            #expect(plain.status == 426)
            #expect(plain.fields["sec-websocket-version"] == "13")
            try await client.send(
                request(
                    "GET /talk", "Connection: Upgrade", "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: c2hvcnQ="))
            #expect(try await client.response().status == .badRequest)
        }
    }

    @Test("a stop tells the client that the server goes away")
    func stop() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let (client, _) = try await Self.talk(effects, service)
            let stopping = effects.tasks.spawn("stop") {
                await service.stop(graceMilliseconds: 2_000)
            }
            let bytes = try await Self.read(client, 4)
            #expect(Array(bytes.prefix(4).dropFirst(2)) == [0x03, 0xE9])
            client.stream.close()
            await stopping.finished()
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Testing

@testable import HTTPServer

/// HTTP/2 as other programs speak it, where they are installed (HTTP-90 to HTTP-93).
@Suite("HTTP: version 2 with programs of others")
struct HTTP2PeerTests {
    private static func text(
        _ program: String, _ world: RealWorld, _ effects: Effects, _ arguments: [String]
    ) async throws -> (text: String, exit: ProcessExit) {
        let log = "out-\(effects.chance.below(1 << 40))"
        let child = try effects.processes.start(
            ProcessRequest(
                executable: program, arguments: arguments, logFile: "\(world.root)/\(log)"))
        let exit = await child.exit()
        let bytes = try await effects.disk.read(log, limit: 1 << 20)
        return (String(decoding: bytes, as: UTF8.self), exit)
    }

    private static let hasCurl = access("/usr/bin/curl", X_OK) == 0
    private static let hasNghttp = access("/usr/bin/nghttp", X_OK) == 0
    private static let hasLoad = access("/usr/bin/h2load", X_OK) == 0

    @Test("curl gets, posts, heads and reads a file by prior knowledge", .enabled(if: hasCurl))
    func curl() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let base = "http://\(service.endpoint)"
            func curl(_ arguments: String...) async throws -> String {
                try await Self.text(
                    "/usr/bin/curl", world, effects,
                    ["-s", "-m", "10", "--http2-prior-knowledge"] + arguments
                ).text
            }
            #expect(try await curl("\(base)/hello") == "hello")
            #expect(try await curl("\(base)/chunks") == "onetwothree")
            #expect(try await curl("-I", "\(base)/hello").hasPrefix("HTTP/2 200 \r\n"))
            #expect(try await curl("-d", "a=b", "\(base)/echo") == "a=b")
            try await effects.disk.replace("file", with: [UInt8](repeating: 65, count: 900_000))
            let file = "@\(world.root)/file"
            #expect(try await curl("--data-binary", file, "\(base)/count") == "900000")
            #expect(try await curl("\(base)/file").utf8.count == 899_998)
            #expect(
                try await curl("--data-binary", file, "\(base)/mirror").utf8.count == 900_000)
            let code = ["-o", "/dev/null", "-w", "%{http_code}"]
            let large = try await curl(
                code[0], code[1], code[2], code[3], "\(base)/zeros?count=3000000")
            #expect(large == "200")
            let ignored = try await curl(
                code[0], code[1], code[2], code[3], "--data-binary", file, "\(base)/ignore")
            #expect(ignored == "200", "\(ignored)")
            #expect(try await curl(code[0], code[1], code[2], code[3], "\(base)/none") == "404")
            #expect(try await curl(code[0], code[1], code[2], code[3], "\(base)/bug") == "500")
            #expect(try await curl(code[0], code[1], code[2], code[3], "\(base)/inject") == "500")
        }
    }

    @Test("curl and the sealed door agree on h2", .enabled(if: hasCurl))
    func sealed() async throws {
        let world = try RealWorld()
        try await world.run { effects in
            let security = try TransportSecurity(
                try SecureWorld.credentials(1, effects).credentials)
            let service = HTTPService(
                effects: effects, endpoint: Endpoint(host: "127.0.0.1", port: 0),
                router: testRouter(effects, EventHub()), security: security)
            try await service.start()
            for (option, version) in [("--http2", "2"), ("--http1.1", "1.1")] {
                let answer = try await Self.text(
                    "/usr/bin/curl", world, effects,
                    [
                        "-sk", option, "-m", "10", "-w", " %{http_version}",
                        "https://\(service.endpoint)/hello",
                    ])
                #expect(answer.text == "hello \(version)")
            }
            await service.stop(graceMilliseconds: 100)
        }
    }

    @Test("nghttp gets two resources over one connection", .enabled(if: hasNghttp))
    func nghttp() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let base = "http://\(service.endpoint)"
            let answer = try await Self.text(
                "/usr/bin/nghttp", world, effects, ["\(base)/hello", "\(base)/chunks"])
            #expect(answer.text.contains("hello"), "\(answer.text)")
            #expect(answer.text.contains("three"), "\(answer.text)")
            #expect(service.counters.connectionsAccepted == 1)
            #expect(service.counters.requests == 2)
        }
    }

    @Test("h2load gets every one of 2,000 requests answered, 32 at once", .enabled(if: hasLoad))
    func load() async throws {
        let world = try RealWorld()
        try await world.serve { effects, service in
            let answer = try await Self.text(
                "/usr/bin/h2load", world, effects,
                ["-n", "2000", "-c", "4", "-m", "32", "http://\(service.endpoint)/text"])
            #expect(
                answer.text.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"),
                "\(answer.text)")
        }
    }
}

/// Bytes that no honest client sends over HTTP/2 (HTTP-91, HTTP-92).
@Suite("HTTP: version 2 misused")
struct HTTP2MisuseTests {
    static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8])
        -> [UInt8]
    {
        let count = payload.count
        return [UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), kind, flags]
            + (0..<4).reversed().map { UInt8(truncatingIfNeeded: stream >> (UInt32($0) * 8)) }
            + payload
    }

    /// A field that is not indexed, as HPACK writes it (RFC 7541 section 6.2.2).
    static func field(_ name: String, _ value: String) -> [UInt8] {
        [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)]
            + Array(value.utf8)
    }

    static func fields(
        method: String = "GET", path: String = "/hello", _ others: [(String, String)] = []
    ) -> [UInt8] {
        field(":method", method) + field(":scheme", "http") + field(":authority", "a")
            + field(":path", path) + others.flatMap { field($0.0, $0.1) }
    }

    private static let opening = HTTP2Preface.bytes + frame(4, 0, 0, [])

    /// The kinds of the frames that come until the connection ends or a second is over, with
    /// their payloads.
    private static func frames(
        after bytes: [UInt8], until last: UInt8 = 7,
        _ configuration: HTTPConfiguration = HTTPConfiguration()
    ) async throws -> [(kind: UInt8, stream: UInt8, payload: [UInt8])] {
        let world = try RealWorld()
        return try await world.serve(configuration) { effects, service in
            let client = try await RawClient(effects, service)
            try? await client.stream.write(bytes)
            var received: [UInt8] = []
            var found: [(kind: UInt8, stream: UInt8, payload: [UInt8])] = []
            while !found.contains(where: { $0.kind == last }) {
                guard let more = try? await client.stream.read(limit: 65_536), !more.isEmpty else {
                    break
                }
                received += more
                while received.count >= 9 {
                    let count = Int(received[0]) << 16 | Int(received[1]) << 8 | Int(received[2])
                    guard received.count >= 9 + count else { break }
                    found.append((received[3], received[8], Array(received[9..<9 + count])))
                    received.removeFirst(9 + count)
                }
            }
            return found
        }
    }

    @Test("a request is answered, and its answer's end ends the stream")
    func honest() async throws {
        let found = try await Self.frames(
            after: Self.opening + Self.frame(1, 5, 1, Self.fields()), until: 0)
        #expect(found.first?.kind == 4)
        #expect(found.contains { $0.kind == 1 && $0.stream == 1 })
        #expect(found.last?.payload == Array("hello".utf8))
    }

    @Test(
        "frames that break the connection's rules end it with GOAWAY",
        arguments: [
            frame(1, 5, 2, fields()), frame(0, 0, 1, [1]), frame(6, 0, 0, [1]),
            frame(9, 4, 1, [1]), frame(8, 0, 0, [0, 0, 0, 0]), frame(4, 1, 0, [1]),
            frame(1, 5, 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), frame(5, 4, 1, [0, 0, 0, 2]),
            frame(8, 0, 0, [0x7F, 0xFF, 0xFF, 0xFF]), [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1],
        ])
    func broken(_ bytes: [UInt8]) async throws {
        let found = try await Self.frames(after: Self.opening + bytes)
        #expect(found.contains { $0.kind == 7 })
        #expect(!found.contains { $0.kind == 1 })
    }

    @Test(
        "request smuggling: heads that two readers could read differently are refused",
        arguments: [
            [("transfer-encoding", "chunked")], [("connection", "keep-alive")],
            [("content-length", "5")], [("content-length", "1"), ("content-length", "2")],
            [("x-a", "b\r\nx-c: d")], [("x a", "b")], [("X-Upper", "b")], [("te", "gzip")],
            [(":path", "/other")],
        ])
    func smuggling(_ fields: [(String, String)]) async throws {
        let head = Self.frame(1, 5, 1, Self.fields(fields))
        let after = Self.frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])
        let found = try await Self.frames(after: Self.opening + head + after, until: 6)
        let answered = found.first { $0.kind == 1 && $0.stream == 1 }
        // Either the stream is reset, or a problem is answered; never the resource.
        #expect(found.contains { $0.kind == 3 || $0.kind == 7 } || answered != nil)
        #expect(!found.contains { $0.kind == 0 && $0.payload == Array("hello".utf8) })
    }

    @Test("rapid reset: who takes back hundreds of requests is told to calm down")
    func rapidReset() async throws {
        var bytes = Self.opening
        for index in 0..<400 as Range<UInt32> {
            bytes += Self.frame(1, 5, index * 2 + 1, Self.fields(path: "/wait"))
            bytes += Self.frame(3, 0, index * 2 + 1, [0, 0, 0, 8])
        }
        let found = try await Self.frames(after: bytes)
        let end = try #require(found.last { $0.kind == 7 })
        #expect(end.payload.suffix(1) == [11])
    }

    @Test("at most 64 requests are answered at once on a connection")
    func concurrency() async throws {
        var bytes = Self.opening
        for index in 0..<65 as Range<UInt32> {
            bytes += Self.frame(1, 5, index * 2 + 1, Self.fields(path: "/wait"))
        }
        let found = try await Self.frames(after: bytes, until: 3)
        let refused = try #require(found.last { $0.kind == 3 || $0.kind == 7 })
        #expect(refused.kind == 7 || refused.stream == 129)
    }

    @Test("any damage of a connection's bytes ends in answers or an end")
    func damage() async throws {
        var numbers = SeededNumbers(seed: 9_113)
        let world = try RealWorld()
        let base =
            Self.frame(1, 5, 1, Self.fields())
            + Self.frame(1, 4, 3, Self.fields(method: "POST", path: "/echo"))
            + Self.frame(0, 1, 3, [1, 2, 3]) + Self.frame(8, 0, 0, [0, 0, 1, 0])
            + Self.frame(6, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])
        let inputs = (0..<60).map { _ in
            var bytes = base
            numbers.damage(&bytes)
            return Self.opening + bytes
        }
        try await world.serve { effects, service in
            for bytes in inputs {
                let client = try await RawClient(effects, service)
                try? await client.stream.write(bytes)
                _ = try? await client.stream.read(limit: 65_536)
                client.stream.close()
            }
            var client = try await RawClient(effects, service)
            try await client.send(request("GET /hello"))
            #expect(try await client.response().text == "hello")
        }
    }
}

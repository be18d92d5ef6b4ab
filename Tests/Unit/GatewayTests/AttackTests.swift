// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Testing

@testable import Gateway

/// Known attacks on a gateway as it stands, by their names. Slowloris is in the HTTP room's tests
/// of patience, rapid reset in those of HTTP/2, SQL injection in those of the index, forgery and
/// theft of tokens in those of access.
@Suite("Gateway: known attacks")
struct AttackTests {
    /// What a gateway answers to bytes, until it ends the connection or says nothing for a while.
    private static func answer(_ world: GatewayWorld, _ text: String) async throws -> String {
        let stream = try await world.effects.network.dial(
            world.service.endpoint, timeoutMilliseconds: 5_000)
        try? await stream.write(Array(text.utf8))
        var bytes: [UInt8] = []
        while bytes.count < 1 << 20, let more = try? await stream.read(limit: 65_536), !more.isEmpty
        {
            bytes += more
        }
        stream.close()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "path traversal: no path leads out of the interface",
        arguments: [
            "/../../etc/passwd", "/v1/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
            "/v1/blobs/..%2f..%2f..%2fetc%2fpasswd", "/v1/blobs/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "/docs/..%2f..%2fetc/passwd", "/..%5c..%5cetc%5cpasswd", "/v1/blobs/%00",
            "//etc/passwd", "/v1/blobs/../../owner.token", "/owner.token", "/gateway-access.json",
            "/v1/names/..%2fowner.token", "/%252e%252e/etc/passwd",
        ])
    func traversal(_ path: String) async throws {
        let world = try AccessTests.world(.open)
        try await world.run { world in
            try await world.effects.disk.replace("owner.token", with: Array("sesame".utf8))
            let text = try await Self.answer(
                world, "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 4"), "\(text.prefix(80))")
            #expect(!text.contains("root:") && !text.contains("sesame"))
        }
    }

    @Test("huge headers: a head of more than 16 KiB or 100 fields is refused and ends")
    func hugeHeaders() async throws {
        try await GatewayWorld().run { world in
            let long = String(repeating: "a", count: 20_000)
            let many = (0..<200).map { "X-\($0): 1\r\n" }.joined()
            for fields in ["X-Long: \(long)\r\n", many] {
                let text = try await Self.answer(
                    world, "GET /healthz HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                #expect(text.hasPrefix("HTTP/1.1 431 "), "\(text.prefix(80))")
            }
            let target = try await Self.answer(
                world, "GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(target.hasPrefix("HTTP/1.1 414 "), "\(target.prefix(80))")
        }
    }

    @Test(
        "request smuggling: a body whose end is in doubt is no request, and ends the connection",
        arguments: [
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: xchunked", "Content-Length: 4\r\nContent-Length: 5",
            "Content-Length: +4", "Content-Length: 0x4", "Transfer-Encoding : chunked",
            "Content-Length: 4, 4", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        ])
    func smuggling(_ fields: String) async throws {
        try await GatewayWorld().run { world in
            let text = try await Self.answer(
                world,
                "POST /v1/quotes HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n0\r\n\r\n"
                    + "GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 4") || text.hasPrefix("HTTP/1.1 501"))
            #expect(!text.contains("HTTP/1.1 200"), "\(text.prefix(200))")
        }
    }

    @Test("cross-site scripting: what a stranger writes is JSON, and no page is made of it")
    func scripting() async throws {
        try await GatewayWorld().run { world in
            let evil = "%3Cscript%3Ealert(1)%3C%2Fscript%3E"
            for target in [
                "/v1/names/\(evil)", "/v1/search?q=\(evil)", "/\(evil)", "/v1/jobs/\(evil)",
            ] {
                let response = try await world.client.send(
                    HTTPClientRequest(.get, try world.address(target)))
                let type = response.fields["content-type"] ?? ""
                #expect(type.contains("json"), "\(target): \(type)")
            }
            let page = try await world.ask(.get, "/docs?\(evil)")
            #expect(!String(decoding: page.body, as: UTF8.self).contains("<script"))
        }
    }
}

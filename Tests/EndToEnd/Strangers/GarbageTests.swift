// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EndToEnd {
    @Suite("Strangers at the ports")
    struct GarbageTests {
        /// How much a process may grow: what 64 half-open connections and their buffers may take,
        /// and the allocator's own slack in a debug build.
        static let growthBytesMax = 48 << 20

        @Test("garbage on every port of every process: all stay up, small and at work")
        func garbage() async throws {
            let cloud = try await SharedCloud.get()
            _ = try await cloud.run(SmallJob(module: try Programs.exit(0)))
            let before = cloud.pids
            let sizes = before.mapValues { Kernel.residentBytes($0) ?? 0 }
            let ports = cloud.nodes.map(\.port) + [cloud.httpPort]
            try #require(before.count == 8)
            for (index, port) in ports.enumerated() {
                try await onThread {
                    var numbers = SeededNumbers(seed: UInt64(index))
                    for line in Self.lines(&numbers) {
                        let wire = try Wire(port: port, patienceSeconds: 1)
                        wire.send(line)
                        if Bool.random(using: &numbers) { wire.resetAtEnd() }
                    }
                    // Connections that say a little and then wait.
                    let waiting = try (0..<64).map { _ in try Wire(port: port) }
                    for wire in waiting { wire.send([0, 1, 2]) }
                    // One that pours for as long as the other side takes it.
                    let pouring = try Wire(port: port, patienceSeconds: 1)
                    for _ in 0..<64 {
                        guard pouring.send(numbers.bytes(65_536)) == 65_536 else { break }
                    }
                    withExtendedLifetime(waiting) {}
                }
            }
            #expect(cloud.pids == before)
            for (name, pid) in before {
                let grown = (Kernel.residentBytes(pid) ?? .max) - (sizes[name] ?? 0)
                #expect(grown < Self.growthBytesMax, "\(name) grew by \(grown) bytes")
            }
            let status = try await cloud.client.status()
            #expect(status.peers.allSatisfy { $0.state == "connected" })
            let report = try await cloud.run(SmallJob(module: try Programs.exit(0)))
            #expect(report.isProven)
        }

        /// Beginnings that no honest client sends.
        static func lines(_ numbers: inout SeededNumbers) -> [[UInt8]] {
            let hello: [UInt8] =
                [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] + numbers.bytes(506)
            return [
                [], [0], [0xff, 0xff], Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
                Array("GET /v1/status HTTP/9.9\r\n\r\n".utf8),
                Array("POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".utf8),
                Array(
                    """
                    POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\
                    Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n
                    """.utf8),
                Array("GET /".utf8) + [UInt8](repeating: 0x61, count: 100_000),
                Array("GET / HTTP/1.1\r\nA: ".utf8) + [UInt8](repeating: 0x62, count: 100_000),
                Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), Array("SSH-2.0-x\r\n".utf8), hello,
                // A Noise frame cut short, one of length 0, one as long as can be said.
                [0, 32] + numbers.bytes(8), [0, 0], [0xff, 0xff] + numbers.bytes(65_535),
                [0, 32] + [UInt8](repeating: 0, count: 32),
                [0, 0, 0, 32] + numbers.bytes(32), numbers.bytes(1), numbers.bytes(1_000),
                numbers.bytes(65_536),
            ]
        }

        @Test("a stranger that speaks TLS or HTTP to the gateway wrongly is answered and let go")
        func answers() async throws {
            let cloud = try await SharedCloud.get()
            let port = cloud.httpPort
            func answer(_ line: String) async throws -> String {
                try await onThread {
                    let wire = try Wire(port: port)
                    wire.send(line)
                    return wire.receiveResponse()
                }
            }
            #expect(try await answer("nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
            #expect(
                try await answer("GET / HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 400 "),
                "a request without Host")
            #expect(
                try await answer(
                    "GET /\(String(repeating: "a", count: 70_000)) HTTP/1.1\r\nHost: a\r\n\r\n"
                ).hasPrefix("HTTP/1.1 414 "))
            #expect(
                try await answer(
                    "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                ).hasPrefix("HTTP/1.1 400 "), "two lengths, as in request smuggling")
        }
    }
}

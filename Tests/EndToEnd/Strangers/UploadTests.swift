// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTPServer
import Testing

extension EndToEnd {
    @Suite("Uploads and slow clients")
    struct UploadTests {
        /// What the gateway may grow by: nothing of an upload is held beyond its buffers.
        static let growthBytesMax = 48 << 20
        static let blobBytesMax = 256 << 20

        @Test("an upload that announces 1 GiB is refused with 413 before it is read")
        func announced() async throws {
            let cloud = try await SharedCloud.get()
            let port = cloud.httpPort
            let held = try await cloud.client.status().json["blobBytes"]?.unsigned
            let (answer, sent) = try await onThread {
                let wire = try Wire(port: port)
                wire.send(Self.head("Content-Length: \(1 << 30)"))
                var sent = 0
                let piece = [UInt8](repeating: 7, count: 65_536)
                while sent < 1 << 30, !wire.hasNews {
                    let count = wire.send(piece)
                    sent += count
                    guard count == piece.count else { break }
                }
                return (wire.receiveResponse(), sent)
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("application/problem+json"))
            #expect(sent < 16 << 20, "\(sent) bytes were taken")
            #expect(try await cloud.client.status().json["blobBytes"]?.unsigned == held)
            let asking = try await onThread {
                let wire = try Wire(port: port)
                wire.send(Self.head("Content-Length: \(1 << 30)\r\nExpect: 100-continue"))
                return wire.receiveResponse()
            }
            #expect(asking.hasPrefix("HTTP/1.1 413 "))
        }

        @Test("an upload without end is cut at the limit: 413, nothing kept, memory bounded")
        func chunked() async throws {
            let cloud = try await SharedCloud.get()
            let port = cloud.httpPort
            let pid = try #require(cloud.pid(of: "gateway"))
            let held = try await cloud.client.status().json["blobBytes"]?.unsigned
            let before = try #require(Kernel.residentBytes(pid))
            let (answer, sent, grown) = try await onThread {
                let wire = try Wire(port: port, patienceSeconds: 20)
                wire.send(Self.head("Transfer-Encoding: chunked"))
                let body = [UInt8](repeating: 7, count: 1 << 20)
                let piece = Array("100000\r\n".utf8) + body + Array("\r\n".utf8)
                var (sent, grown) = (0, 0)
                while sent < 1 << 30, !wire.hasNews {
                    guard wire.send(piece) == piece.count else { break }
                    sent += body.count
                    grown = max(grown, (Kernel.residentBytes(pid) ?? 0) - before)
                }
                return (wire.receiveResponse(), sent, grown)
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(sent >= Self.blobBytesMax)
            #expect(sent < Self.blobBytesMax + (32 << 20), "\(sent) bytes were taken")
            #expect(grown < Self.growthBytesMax, "grew by \(grown)")
            let partial = "\(cloud.home)/local/nodes/gateway/data/blobs/partial"
            #expect(
                await eventually {
                    (try? FileManager.default.contentsOfDirectory(atPath: partial)) == []
                })
            #expect(try await cloud.client.status().json["blobBytes"]?.unsigned == held)
            #expect(cloud.pid(of: "gateway") == pid)
        }

        @Test("clients that send a byte a second are cut off while others are served")
        func slow() async throws {
            let cloud = try await SharedCloud.get()
            let port = cloud.httpPort
            let cut = Task {
                try await onThread {
                    let wires = try (0..<60).map { _ in try Wire(port: port) }
                    let line = Array("GET /healthz HTTP/1.1\r\nHost: slowly\r\n".utf8)
                    for index in 0..<30 {
                        for wire in wires where !wire.hasNews { wire.send([line[index]]) }
                        if wires.allSatisfy(\.hasNews) { return index }
                        Thread.sleep(forTimeInterval: 1)
                    }
                    return 30
                }
            }
            var served = 0
            for _ in 0..<40 {
                if await cloud.client.isHealthy() { served += 1 }
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(served == 40)
            #expect(try await cut.value < 30, "they were still connected after 30 s")
            let report = try await cloud.run(SmallJob(module: try Programs.exit(0)))
            #expect(report.isProven)
        }

        private static func head(_ fields: String) -> String {
            "POST /v1/blobs HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Content-Type: application/octet-stream\r\n\(fields)\r\n\r\n"
        }
    }
}

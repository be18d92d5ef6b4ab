// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EndToEnd {
    /// Loads by programs of others, where they are installed.
    @Suite("Loads on a gateway")
    struct LoadTests {
        /// The most that a load of some seconds may add to a gateway's resident memory: 64 MiB,
        /// half of what 1,024 connections may have in their buffers.
        private static let growthKibibytesMax = 64 << 10

        private static func isThere(_ path: String) -> Bool {
            FileManager.default.isExecutableFile(atPath: path)
        }

        private static func resident(_ pid: Int32) -> Int {
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }

        @Test(
            "wrk and h2load are answered without an error, and memory stays within its bound",
            .enabled(
                if: isThere("/usr/bin/wrk") && isThere("/usr/bin/h2load"),
                "needs wrk and h2load: `make bench FIGURE=gateway.read` installs them"))
        func loads() async throws {
            let cloud = try await SharedCloud.get()
            let gateway = try #require(cloud.nodes.first { $0.role == "gateway" })
            let pid = try #require(cloud.pid(of: gateway.name))
            let warm = try await Program.run(
                "/usr/bin/wrk", ["-t1", "-c16", "-d1s", "\(cloud.gateway)/v1/status"])
            #expect(warm.code == 0, "\(warm.errors)")
            let before = Self.resident(pid)
            for path in ["/v1/status", "/v1/blocks?limit=100", "/openapi.json"] {
                let wrk = try await Program.run(
                    "/usr/bin/wrk", ["-t1", "-c64", "-d2s", "\(cloud.gateway)\(path)"])
                #expect(wrk.code == 0 && !wrk.text.contains("Non-2xx"), "\(path): \(wrk.text)")
                let h2load = try await Program.run(
                    "/usr/bin/h2load",
                    ["-n", "2000", "-c", "8", "-m", "16", "\(cloud.gateway)\(path)"],
                    limitSeconds: 120)
                #expect(
                    h2load.text.contains("2000 succeeded, 0 failed, 0 errored"),
                    "\(path): \(h2load.text)")
            }
            let growth = Self.resident(pid) - before
            #expect(growth < Self.growthKibibytesMax, "\(growth) KiB more than before")
        }
    }
}

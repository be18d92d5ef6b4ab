// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

extension EndToEnd {
    @Suite("The guide to the gateway")
    struct GatewayGuideTests {
        /// The lines of a guide's blocks that begin with `curl`.
        private static func lines() -> [String] {
            let path = "\(Checkout.root)/docs/guides/gateway.md"
            let bytes = FileManager.default.contents(atPath: path) ?? Data()
            var isBlock = false
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
                line in
                if line.hasPrefix("```") { isBlock.toggle() }
                return isBlock && line.hasPrefix("curl ") ? String(line) : nil
            }
        }

        @Test("every request of the guide is answered by a cloud at home, in its order")
        func requests() async throws {
            let cloud = try await SharedCloud.get()
            let gateway = try #require(cloud.nodes.first { $0.role == "gateway" })
            let token = try String(
                contentsOfFile: "\(cloud.home)/local/nodes/\(gateway.name)/owner.token",
                encoding: .utf8
            ).trimmingCharacters(in: .whitespacesAndNewlines)
            let lines = Self.lines()
            #expect(lines.count > 12)
            for line in lines {
                let ended = try await Program.run(
                    "/bin/sh", ["-c", line],
                    environment: ["GATEWAY": cloud.gateway, "TOKEN": token])
                #expect(ended.code == 0, "\(line): \(ended.errors)")
            }
        }
    }
}

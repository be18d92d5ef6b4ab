// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EndToEnd {
    /// A program of others that makes up requests from the interface's own description, where
    /// `scripts/setup-peers` has installed it.
    @Suite("Requests that schemathesis makes up")
    struct SchemathesisTests {
        private static let program =
            (ProcessInfo.processInfo.environment["ATOLL_PEERS"] ?? "\(Checkout.root)/.deps/peers")
            + "/schemathesis/bin/schemathesis"

        /// Whether the program is there.
        static let isInstalled = FileManager.default.isExecutableFile(atPath: program)

        /// The operations that refused all that was made up from their descriptions.
        private static func loose(_ text: String) -> [String] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let part = lines.drop { !$0.hasPrefix("Schema validation mismatch") }.dropFirst(2)
            return part.prefix { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
        }

        @Test(
            "no request ends in a failure of the server; descriptions are as tight as the checks",
            .enabled(if: isInstalled))
        func noServerError() async throws {
            let cloud = try await SharedCloud.get()
            let ended = try await Program.run(
                Self.program,
                [
                    "run", "\(cloud.gateway)/openapi.json", "-c", "not_a_server_error",
                    "--phases", "coverage,fuzzing", "-n", "2", "--seed", "8",
                    "--request-timeout", "12", "--no-color",
                    // These answer for as long as their client listens.
                    "--exclude-path", "/v1/events", "--exclude-path", "/v1/socket",
                ], limitSeconds: 300)
            #expect(ended.code == 0, "\(ended.output.suffix(6_000))")
            // What a signature covers cannot be described, so nothing made up is taken there.
            let signed = ["POST /v1/tasks", "POST /v1/transactions"]
            let loose = Self.loose(ended.text).filter { !signed.contains($0) }
            #expect(loose.isEmpty, "descriptions wider than the checks: \(loose)")
        }
    }
}

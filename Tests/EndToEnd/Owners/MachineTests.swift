// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EndToEnd {
    /// The calls of Helios, Synapse and Chronos (requirement OP-26), in both languages.
    @Suite("Machines: Helios, Synapse, Chronos")
    struct MachineTests {
        private static let program = URL(fileURLWithPath: Checkout.binary)
            .deletingLastPathComponent().appending(path: "atoll-machines").path

        @Test(
            "machines know one another, work for one another, and pay, with both SDKs",
            .enabled(
                if: FileManager.default.isExecutableFile(atPath: program),
                "needs atoll-machines beside atoll"))
        func example() async throws {
            let ended = try await Program.run(
                "\(Checkout.root)/examples/machines/demo", [],
                environment: ["ATOLL": Checkout.binary], limitSeconds: 300)
            #expect(ended.code == 0, "\(ended.errors)")
            let parts = ended.text.split(separator: "\n== ")
            for language in ["in Swift"] + (WebTools.canBuild ? ["in JavaScript"] : []) {
                let part = parts.first { $0.hasPrefix(language) } ?? ""
                for told in [
                    ": true", "3 machines offer wasm/1", "counted 3 words", "receipt hold",
                    "the drone has 7", "50 stand behind validator-",
                ] { #expect(part.contains(told), "\(language): \(told) is missing in \(part)") }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

extension EndToEnd {
    /// `atoll deploy` on the files of `examples/shop`: nobody is asked, so no cloud runs.
    @Suite("Deployment files")
    struct DeployCommandTests {
        private static let password = "hunter2-correct-horse-battery"
        /// The public key of RFC 8032's first test.
        private static let provider =
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

        private func shop() throws -> String {
            let folder = try Scratch.path("shop")
            try FileManager.default.copyItem(
                atPath: "\(Checkout.root)/examples/shop", toPath: folder)
            try Data(Self.password.utf8).write(
                to: URL(fileURLWithPath: "\(folder)/database_password.txt"))
            return folder
        }

        private func atoll(
            _ words: [String], in folder: String, _ environment: [String: String] = [:]
        ) async throws -> Ending {
            let script = "cd '\(folder)' && exec \"$@\""
            return await
                (try Program(
                    "/bin/sh", ["-c", script, "sh", Checkout.binary] + words,
                    environment: ["ATOLL_HOME": "\(folder)/home"].merging(environment) { $1 }))
                .ended()
        }

        @Test("every command in the guide's blocks works in the order given")
        func guide() async throws {
            let folder = try shop()
            let lines = DocumentedCommands.lines(of: "\(Checkout.root)/docs/guides/deploy.md")
            #expect(lines.count == 5)
            for line in lines {
                let words = line.replacingOccurrences(of: "PROVIDERKEY", with: Self.provider)
                    .split(separator: " ").dropFirst().map(String.init)
                let ending = try await atoll(words, in: folder)
                #expect(ending.code == 0, "\(line): \(ending.errors)")
            }
        }

        @Test("the shop becomes one order, and its password is nowhere")
        func shopIsRead() async throws {
            let folder = try shop()
            let valid = try await atoll(
                ["deploy", "validate", "compose.yaml", "-o", "json"], in: folder)
            let told = try JSON(parsing: valid.output)
            #expect(valid.code == 0 && told["valid"] == true && told["findings"] == [])
            let order = try #require(told["orders"]?.elements?.first)
            #expect(order["milliProcessors"]?.unsigned == 3_000)
            #expect(order["volumeBytes"]?.unsigned == 10 << 30)
            let sealed = try await atoll(
                [
                    "deploy", "seal", "compose.yaml", "--provider", Self.provider, "--save", "s",
                    "--registry", "registry.example=shop:database_password.txt",
                ], in: folder)
            #expect(sealed.code == 0, "\(sealed.errors)")
            let parcel = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/s"))
            #expect(parcel.count == 1_024 + 48)
            let texts =
                [valid.text, valid.errors, sealed.text, sealed.errors]
                + [String(decoding: parcel, as: UTF8.self)]
            for text in texts { #expect(!text.contains("hunter2")) }
        }

        @Test("a file that cannot be deployed is refused as compilers refuse, with 1")
        func refused() async throws {
            let folder = try shop()
            let text = "services:\n  web:\n    image: app\n    privileged: true\n    pid: host\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/bad.yaml"))
            let ending = try await atoll(["deploy", "validate", "bad.yaml"], in: folder)
            #expect(ending.code == 1)
            let lines = ending.errors.split(separator: "\n").map(String.init)
            let first =
                "bad.yaml:4:5: error: privileged containers are not run on other people's machines"
            let second = "bad.yaml:5:5: error: pid: every service has processes of its own"
            #expect(Array(lines.prefix(2)) == [first, second])
            let json = try await atoll(
                ["deploy", "validate", "bad.yaml", "-o", "json"], in: folder)
            let findings = try JSON(parsing: json.output)["findings"]?.elements
            #expect(json.code == 1 && findings?.first?["line"]?.unsigned == 4)
            #expect(findings?.first?["path"] == "services.web.privileged")
            let gone = try await atoll(["deploy", "validate", "none.yaml"], in: folder)
            #expect(gone.code == 2)
        }

        @Test("an update says what it takes; a quote keeps to its bound")
        func updates() async throws {
            let folder = try shop()
            let diff = try await atoll(
                ["deploy", "diff", "compose.yaml", "compose-next.yaml", "-o", "json"], in: folder)
            let told = try JSON(parsing: diff.output)
            #expect(diff.code == 0 && told["takes"] == "grows")
            #expect(told["changes"]?.elements?.count == 3)
            let variable = try await atoll(
                ["deploy", "validate", "compose.yaml", "-o", "json"], in: folder,
                ["GREETING": "hello"])
            #expect(try JSON(parsing: variable.output)["manifest"] != told["old"])
            let prices = ["--processor-price", "1", "--memory-price", "0", "--storage-price", "0"]
            let words = ["deploy", "quote", "compose.yaml", "--hours", "2"] + prices
            let quote = try await atoll(words + ["-o", "json"], in: folder)
            #expect(try JSON(parsing: quote.output)["total"] == "6")
            #expect(try await atoll(words + ["--max-cost", "6"], in: folder).code == 0)
            let dear = try await atoll(words + ["--max-cost", "5.9"], in: folder)
            #expect(dear.code == 1 && dear.errors.contains("it costs 6, which is more than 5.9"))
            #expect(try await atoll(["deploy", "quote", "compose.yaml"], in: folder).code == 2)
        }
    }
}

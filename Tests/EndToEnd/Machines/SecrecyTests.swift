// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Secrets")
    struct SecrecyTests {
        @Test("no passphrase is in any log, command line or environment")
        func passphrases() async throws {
            let cloud = try await SharedCloud.get()
            _ = try await cloud.run(SmallJob(module: try Programs.exit(0)))
            let local = "\(cloud.home)/local"
            var secrets = [try text("\(local)/keys/client.passphrase")]
            for node in cloud.nodes {
                secrets.append(try text("\(local)/nodes/\(node.name)/passphrase"))
            }
            try #require(secrets.allSatisfy { $0.count >= 32 })
            for node in cloud.nodes {
                let log = cloud.log(of: node.name)
                #expect(log.contains(" info "), "\(node.name) logs")
                let words = Kernel.words(try #require(cloud.pid(of: node.name)))
                for secret in secrets {
                    #expect(!log.contains(secret), "log of \(node.name)")
                    #expect(!words.contains(secret), "command line of \(node.name)")
                }
            }
        }

        @Test("a seed that is imported appears nowhere: no output, no file, no command line")
        func seeds() async throws {
            let home = try Scratch.folder("home")
            let seed = Hexadecimal.encode((0..<32).map { UInt8($0 * 5 + 1) })
            let typed = try Scratch.file("seed", Array((seed + "\n").utf8))
            let passphrase = "a long and secret passphrase"
            let secret = try Scratch.file("passphrase", Array(passphrase.utf8))
            let environment = ["ATOLL_HOME": home, "ATOLL_PASSPHRASE_FILE": secret]
            let commands: [(words: [String], input: String?)] = [
                (["keys", "import", "alice"], typed), (["keys", "list", "-o", "json"], nil),
                (["keys", "export", "alice"], nil), (["keys", "import", "alice"], typed),
            ]
            for (words, input) in commands {
                let program = try Program(
                    Checkout.binary, words, environment: environment, input: input)
                let ending = await program.ended()
                #expect(!ending.text.lowercased().contains(seed))
                #expect(!ending.errors.lowercased().contains(seed))
                #expect(!ending.text.contains(passphrase))
                #expect(!ending.errors.contains(passphrase))
            }
            let raw = try #require(Hexadecimal.decode(seed))
            let file = try #require(FileManager.default.contents(atPath: "\(home)/keys/alice.key"))
            #expect(file.range(of: Data(raw)) == nil)
            #expect(file.range(of: Data(seed.utf8)) == nil)
            let mode = try FileManager.default.attributesOfItem(
                atPath: "\(home)/keys/alice.key")[.posixPermissions]
            #expect((mode as? NSNumber)?.int16Value == 0o600)
        }

        @Test("files that hold secrets are readable for their owner alone")
        func permissions() async throws {
            let cloud = try await SharedCloud.get()
            let local = "\(cloud.home)/local"
            var files = ["\(local)/keys/client.key", "\(local)/keys/client.passphrase"]
            for node in cloud.nodes {
                files.append("\(local)/nodes/\(node.name)/node.key")
                files.append("\(local)/nodes/\(node.name)/passphrase")
            }
            for file in files {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
                #expect((mode as? NSNumber)?.int16Value == 0o600, "\(file)")
            }
        }

        private func text(_ path: String) throws -> String {
            let bytes = try #require(FileManager.default.contents(atPath: path))
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

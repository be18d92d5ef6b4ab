// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("The ledger's tools and proofs")
    struct LedgerToolTests {
        /// A cloud that has worked and is stopped.
        private static func stopped(_ body: (RealCloud) async throws -> Void) async throws {
            try await RealCloud.with { cloud in
                for _ in 0..<3 { _ = try await cloud.run(SmallJob(module: Programs.exit(0))) }
                #expect(try await cloud.atoll("send", "2", "\(AccountID(.zero))").code == 0)
                #expect(try await cloud.atoll("down").code == 0)
                try await body(cloud)
            }
        }

        @Test("every node's chain executes again to the same last root, and nothing is changed")
        func verify() async throws {
            try await Self.stopped { cloud in
                var roots: Set<String> = []
                for name in ["validator-1", "validator-4", "provider-2", "gateway"] {
                    let node = NodeFolder(cloud: cloud, name: name)
                    let names = node.names
                    let before = try node.bytes(node.segment(of: "blocks"))
                    let ending = try await node.ledger("verify", ["-o", "json"])
                    #expect(ending.code == 0, "\(ending.errors)")
                    let report = try JSON(parsing: ending.output)
                    #expect(report["isSound"]?.flag == true)
                    let height = try #require(report["height"]?.unsigned)
                    #expect(report["certifiedHeight"]?.unsigned.map { $0 >= height - 2 } == true)
                    if name != "provider-2" { roots.insert(report["stateRoot"]?.text ?? "") }
                    #expect(node.names == names)
                    #expect(try node.bytes(node.segment(of: "blocks")) == before)
                }
                #expect(!roots.contains(""))
            }
        }

        @Test("a running node is refused politely by every tool, with what helps")
        func running() async throws {
            let cloud = try await SharedCloud.get()
            let node = NodeFolder(cloud: cloud, name: "validator-1")
            let archive = try Scratch.path("archive")
            for words in [["verify"], ["repair"], ["export", archive]] {
                let ending = try await node.ledger(words[0], Array(words.dropFirst()))
                #expect(ending.code == 1)
                #expect(ending.errors.contains("a node runs from \(node.path)"))
                #expect(ending.errors.contains("stop it first"))
            }
        }

        @Test("a chain travels as a file into an empty node, which then follows the cloud")
        func portable() async throws {
            try await Self.stopped { cloud in
                let archive = try Scratch.path("archive")
                let source = NodeFolder(cloud: cloud, name: "gateway")
                let exported = try await source.ledger("export", [archive, "-o", "json"])
                #expect(exported.code == 0, "\(exported.errors)")
                let height = try #require(try JSON(parsing: exported.output)["height"]?.unsigned)
                try await cloud.restart()
                let http = try FreePort.find()
                let lone = try LoneNode(of: cloud, http: http)
                let taken = try await cloud.atoll("ledger", "import", archive, lone.folder)
                #expect(taken.code == 0, "\(taken.errors)")
                #expect(taken.text.contains("next        atoll node start \(lone.folder)"))
                let again = try await cloud.atoll("ledger", "import", archive, lone.folder)
                #expect(again.code == 1)
                #expect(again.errors.contains("holds \(height) blocks"))
                let process = try lone.start()
                #expect(
                    await eventually { process.errorsSoFar.contains("replaying blocks 1 to") })
                #expect(
                    await eventually {
                        let height = try? await cloud.client.status().height
                        return height.map {
                            process.errorsSoFar.contains("at height") && $0.value > 0
                        } ?? false
                    })
                process.signal(SIGTERM)
                #expect(await process.ended().code == 0)
                let whole = try await cloud.atoll("ledger", "verify", lone.folder)
                #expect(whole.code == 0)
                #expect(whole.text.hasSuffix("the chain holds\n"))
            }
        }

        @Test("a changed archive is refused with its byte, and leaves no block behind")
        func changedArchive() async throws {
            try await Self.stopped { cloud in
                let archive = try Scratch.path("archive")
                let source = NodeFolder(cloud: cloud, name: "gateway")
                #expect(try await source.ledger("export", [archive]).code == 0)
                try source.change(archive) { $0[$0.count / 2] ^= 1 }
                let target = try Scratch.path("empty")
                let taken = try await cloud.atoll(
                    "ledger", "import", archive, target, "--genesis", source.genesis)
                #expect(taken.code == 1)
                #expect(taken.errors.contains("the archive is damaged at byte"))
                #expect(taken.errors.contains("kept: nothing of it was kept"))
                let left = try? FileManager.default.contentsOfDirectory(atPath: "\(target)/data")
                #expect((left ?? []) == [])
            }
        }

        @Test("the first bad block is named by height, file and byte, with exit code 1")
        func badBlock() async throws {
            try await Self.stopped { cloud in
                let node = NodeFolder(cloud: cloud, name: "validator-2")
                let segment = try node.segment(of: "blocks")
                try node.change(segment) { $0[$0.count / 2] ^= 8 }
                let shown = try await node.ledger("verify")
                #expect(shown.code == 1)
                #expect(shown.text.contains("the chain does NOT hold, first at block "))
                #expect(shown.text.contains("\(segment) at byte "))
                let json = try JSON(
                    parsing: try await node.ledger("verify", ["-o", "json"]).output)
                #expect(json["isSound"]?.flag == false)
                #expect(json["badHeight"]?.unsigned.map { $0 > 1 } == true)
                let export = try await node.ledger("export", [try Scratch.path("archive")])
                #expect(export.code == 1)
                #expect(export.errors.contains("next: atoll ledger repair \(node.path)"))
            }
        }

        @Test("an account is proven from the pinned genesis, and its proof checks offline")
        func account() async throws {
            let cloud = try await SharedCloud.get()
            let file = try Scratch.path("account.proof")
            let shown = try await cloud.atoll(
                "verify", "account", "\(cloud.account)", "--save", file, "-o", "json")
            #expect(shown.code == 0, "\(shown.errors)")
            let json = try JSON(parsing: shown.output)
            #expect(json["isSound"]?.flag == true)
            #expect(json["account"]?.text == "\(cloud.account)")
            #expect(json["balance"]?.text.flatMap { UInt128($0) }.map { $0 > 0 } == true)
            let genesis = "\(cloud.home)/local/genesis.json"
            let alone = ["ATOLL_HOME": try Scratch.folder("nowhere")]
            let offline = try await Program.run(
                Checkout.binary, ["verify", "proof", file, "--genesis", genesis],
                environment: alone)
            #expect(offline.code == 0, "\(offline.errors)")
            #expect(offline.text.hasSuffix("the proof holds\n"))
            let untrusting = try await Program.run(
                Checkout.binary, ["verify", "proof", file], environment: alone)
            #expect(untrusting.code == 2)
            #expect(untrusting.errors.contains("no genesis is pinned"))
            var bytes = Array(FileManager.default.contents(atPath: file) ?? Data())
            bytes[bytes.count - 3] ^= 1
            let forged = try Scratch.file("forged.proof", bytes)
            let refused = try await Program.run(
                Checkout.binary, ["verify", "proof", forged, "--genesis", genesis])
            #expect(refused.code == 1)
        }

        @Test("an account nobody used is proven to have nothing; a receipt is no proof file")
        func absence() async throws {
            let cloud = try await SharedCloud.get()
            let stranger = String(repeating: "5a", count: 32)
            let shown = try await cloud.atoll("verify", "account", stranger)
            #expect(shown.code == 0)
            #expect(shown.text.contains("balance     0 of asset 0"))
            let receipt = try Scratch.file("job.receipt", Array("ATOLLRC1".utf8))
            let refused = try await cloud.atoll("verify", "proof", receipt)
            #expect(refused.code == 1)
            #expect(refused.errors.contains("next: it is a receipt: atoll receipt verify"))
        }
    }
}

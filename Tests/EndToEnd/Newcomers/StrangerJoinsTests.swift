// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("A stranger's machine")
    struct StrangerJoinsTests {
        @Test("a machine nobody knew joins by the guide, is bonded, works, is paid, and leaves")
        func joins() async throws {
            try await RealCloud.with(providers: 1) { cloud in
                let folder = try Scratch.path("node")
                let secret = try Scratch.file("secret", Array("their own words".utf8))
                let peers = try ["validator-1", "gateway"].map { name in
                    let node = try cloud.node(name)
                    return "\(node.publicKey)@127.0.0.1:\(node.port)"
                }
                let made = try await cloud.atoll(
                    "node", "init", folder, "--role", "provider", "--genesis",
                    "\(cloud.home)/local/genesis.json", "--peer", peers[0], "--peer", peers[1],
                    "--passphrase-file",
                    secret, "-o", "json")
                #expect(made.code == 0, "\(made.errors)")
                let account = try #require(
                    try JSON(parsing: made.output)["account"]?.text.flatMap(
                        AccountID.init(hexadecimal:)))
                #expect(try await cloud.atoll("send", "201", "\(account)").code == 0)
                let node = try cloud.starting(
                    ["node", "start", folder, "--passphrase-file", secret])
                func listed() async throws -> ProviderView? {
                    try await cloud.client.providers().items.first { $0.account == account }
                }
                #expect(
                    await eventually { (try? await listed())?.state == "bonded" },
                    "\(node.errorsSoFar)")
                // One provider of the cloud's own and the stranger: both must run it.
                let report = try await cloud.run(SmallJob(module: try Programs.exit(3)))
                #expect(report.isProven)
                let executions = try #require(report.view.settlement?.executions)
                #expect(Set(executions.map(\.provider)).contains(account))
                #expect(executions.allSatisfy { $0.paid > .zero })
                #expect(try await listed()?.completed == 1)
                node.signal(SIGTERM)
                #expect(await node.ended().code == 0)
            }
        }
    }
}

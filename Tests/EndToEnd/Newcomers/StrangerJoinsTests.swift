// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("A stranger's machine")
    struct StrangerJoinsTests {
        @Test(
            "a machine nobody knew joins by the guide, is bonded, works, is paid, and leaves",
            arguments: [["gateway"], ["validator-1", "gateway"]])
        func joins(knows: [String]) async throws {
            try await RealCloud.with(providers: 1) { cloud in
                let folder = try Scratch.path("node")
                let secret = try Scratch.file("secret", Array("their own words".utf8))
                let peers = try knows.flatMap { name in
                    let node = try cloud.node(name)
                    return ["--peer", "\(node.publicKey)@127.0.0.1:\(node.port)"]
                }
                let words = ["node", "init", folder, "--role", "provider", "-o", "json"]
                let genesis = "\(cloud.home)/local/genesis.json"
                let made = try await cloud.starting(
                    words + ["--genesis", genesis, "--passphrase-file", secret] + peers
                ).ended()
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

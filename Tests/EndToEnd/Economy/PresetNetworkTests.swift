// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import Presets
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Networks with the figures of five systems")
    struct PresetNetworkTests {
        @Test(
            "each lives three epochs: rewards, a slash, votes, a payment, an upgrade, every figure"
        )
        func lives() async throws {
            var lives: [PresetLife] = []
            // One after the other, so that none takes a port that another has found free.
            for preset in Preset.all {
                lives.append(
                    try await PresetLife.begin(preset, old: preset.name == "atoll" ? 1 : 0))
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for life in lives { group.addTask { try await life.run() } }
                try await group.waitForAll()
            }
            try await Self.oldNode(of: lives[0].cloud)
            try await Self.replay(lives[0].cloud)
        }

        /// A node that does not know version 2 has said so in time, and stopped before it.
        private static func oldNode(of cloud: RealCloud) async throws {
            let hasStopped = await eventually { cloud.pid(of: "provider-1") == nil }
            #expect(hasStopped)
            let log = cloud.log(of: "provider-1")
            // UPGRADES-3: an epoch before, at the block in which the upgrade passed.
            let warning = try #require(log.range(of: "replace it before then"), "\(log)")
            let end = try #require(log.range(of: "is too old: version 2 of the rules"), "\(log)")
            #expect(warning.lowerBound < end.lowerBound)
            let again = try await cloud.atoll(
                "node", "start", "\(cloud.home)/local/nodes/provider-1", "--genesis",
                "\(cloud.home)/local/genesis.json")
            #expect(again.code == 4, "\(again.errors)")
            #expect(again.errors.contains("is too old: version 2 of the rules holds after block"))
        }

        /// Blocks of both versions give the same roots again.
        private static func replay(_ cloud: RealCloud) async throws {
            let down = try await cloud.atoll("down")
            #expect(down.code == 0, "\(down.errors)")
            let verify = try await cloud.atoll("ledger", "verify", "validator-1")
            #expect(verify.code == 0, "\(verify.errors)\(verify.text)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Damaged folders")
    struct DamagedFolderTests {
        /// A cloud with some blocks, one of whose nodes is killed and can be looked into later.
        private static func with(
            _ name: String, _ body: (RealCloud, NodeFolder, GatewayClient) async throws -> Void
        ) async throws {
            try await RealCloud.with { cloud in
                for _ in 0..<3 { _ = try await cloud.run(SmallJob(module: Programs.exit(0))) }
                try await cloud.kill(name)
                let window = try cloud.window(on: name)
                try await body(cloud, NodeFolder(cloud: cloud, name: name), window)
                // Whatever happened, no validator was seen to contradict itself.
                for node in cloud.nodes {
                    let log = cloud.log(of: node.name)
                    #expect(!log.contains("signed two contradicting statements"), "\(node.name)")
                }
                try await cloud.expectMoneyIsWhole()
            }
        }

        @Test("a state damaged at several places is put aside and built anew, each time")
        func state() async throws {
            try await Self.with("validator-3") { cloud, node, window in
                let damages: [@Sendable (inout [UInt8]) -> Void] = [
                    { $0 = Array($0.prefix($0.count / 2)) },
                    { $0 = Array($0.prefix(100)) },
                    { bytes in for place in 0..<64 { bytes[place] = 0xEE } },
                    { bytes in for place in 8_192..<12_288 { bytes[place] ^= 0x55 } },
                ]
                for (number, damage) in damages.enumerated() {
                    // An orderly stop leaves the whole state on the disk.
                    try await cloud.restart()
                    #expect(await cloud.agree(cloud.client, window))
                    #expect(try await cloud.atoll("down").code == 0)
                    try node.change(node.state, damage)
                    try await cloud.restart()
                    #expect(await cloud.agree(cloud.client, window))
                    #expect(
                        node.names.contains("state.aside-\(number + 1)"),
                        "\(number): \(node.names)")
                }
                #expect(
                    cloud.log(of: "validator-3").contains(
                        "it is built anew from the block log; the old one is kept as data/state."))
            }
        }

        @Test("a block log damaged in the middle is refused, repaired, and filled up by peers")
        func blocks() async throws {
            try await Self.with("validator-2") { cloud, node, window in
                let segment = try node.segment(of: "blocks")
                try node.change(segment) { $0[$0.count / 3] ^= 1 }
                let refused = try await node.startInVain()
                #expect(refused.code == 1)
                #expect(refused.errors.contains("the block log of validator-2 is damaged: "))
                #expect(refused.errors.contains("data/blocks/00000000000000000000.log at byte "))
                #expect(refused.errors.contains("next: atoll ledger repair \(node.path)"))
                let repaired = try await node.ledger("repair")
                #expect(repaired.code == 0, "\(repaired.errors)")
                #expect(repaired.text.contains("data/blocks.aside-1"))
                try await cloud.restart()
                #expect(await cloud.agree(cloud.client, window))
                // Whether one answer or several brought the lost blocks is left to the network.
                let height = try await window.status().height
                let hashes = try await cloud.chain(through: window, to: height).map(\.hash)
                #expect(hashes.count == Int(height.value))
            }
        }

        @Test("lost blocks below the state: the state is built anew, the blocks come from peers")
        func lostTail() async throws {
            try await Self.with("provider-1") { cloud, node, window in
                try await cloud.restart()
                #expect(try await cloud.atoll("down").code == 0, "so the state is at the end")
                let segment = try node.segment(of: "blocks")
                let whole = try node.bytes(segment)
                try node.change(segment) { $0 = Array($0.prefix(whole.count / 2)) }
                try await cloud.restart()
                #expect(await cloud.agree(cloud.client, window))
                #expect(node.names.contains("state.aside-1"))
            }
        }

        @Test("a validator that lost its votes is silent for a while, and the chain goes on")
        func votes() async throws {
            try await Self.with("validator-4") { cloud, node, window in
                try node.remove("data/votes")
                try await cloud.restart()
                #expect(await cloud.agree(cloud.client, window))
                let reason = "this validator signs nothing up to slot"
                #expect(cloud.log(of: "validator-4").contains(reason))
                for _ in 0..<3 {
                    let report = try await cloud.run(SmallJob(module: Programs.exit(0)))
                    #expect(report.isProven)
                }
                #expect(await cloud.agree(cloud.client, window))
                let signers = try await cloud.client.blocks(limit: 1).items[0].signers
                #expect(!signers.contains("validator-4"))
            }
        }

        @Test("after a stop in good order the bound is exact, and the validator soon speaks again")
        func votesAfterStop() async throws {
            try await Self.with("validator-4") { cloud, node, window in
                try await cloud.restart()
                #expect(await cloud.agree(cloud.client, window))
                let stopped = try await cloud.client.status().height
                #expect(try await cloud.atoll("down").code == 0)
                try node.remove("data/votes")
                try await cloud.restart()
                #expect(
                    try await eventually {
                        _ = try await cloud.run(SmallJob(module: Programs.exit(0)))
                        let blocks = try await cloud.client.blocks(limit: 20).items
                        return blocks.contains {
                            $0.height.value > stopped.value + 4
                                && $0.signers.contains("validator-4")
                        }
                    })
                #expect(await cloud.agree(cloud.client, window))
            }
        }

        @Test("a validator whose folder and promise are gone but for the blocks is refused")
        func forgotten() async throws {
            try await Self.with("validator-4") { cloud, node, window in
                try node.remove("data/votes")
                try node.remove("data.promise")
                let refused = try await node.startInVain()
                #expect(refused.code == 1)
                #expect(refused.errors.contains("which votes validator-4 has signed is not known"))
                #expect(refused.errors.contains("--silent-through SLOT"))
                let slot = try await cloud.client.status().slot.value + 100_000
                let told = try await node.ledger("repair", ["--silent-through", "\(slot)"])
                #expect(told.code == 0, "\(told.errors)")
                #expect(told.text.contains("signs nothing up to slot \(slot)"))
                try await cloud.restart()
                #expect(await cloud.agree(cloud.client, window))
                let report = try await cloud.run(SmallJob(module: Programs.exit(0)))
                #expect(report.isProven)
                let signers = try await cloud.client.blocks(limit: 1).items[0].signers
                #expect(!signers.contains("validator-4"))
            }
        }

        @Test("bytes changed anywhere: a node starts and agrees, or names the command that helps")
        func anywhere() async throws {
            try await Self.with("validator-1") { cloud, node, window in
                var numbers = SeededNumbers(seed: 20)
                for round in 0..<12 {
                    let files = [
                        node.state, try node.segment(of: "blocks"),
                        try node.segment(of: "votes"), "\(node.path)/data.promise",
                    ]
                    let file = files[round % files.count]
                    try node.change(file) { bytes in
                        guard !bytes.isEmpty else { return }
                        let place = Int(numbers.next() % UInt64(bytes.count))
                        bytes[place] ^= UInt8(1 << (numbers.next() % 8))
                    }
                    _ = try await cloud.atoll("up", "--wait", "60")
                    let ended = await eventually {
                        if cloud.pid(of: "validator-1") == nil { return true }
                        return await cloud.agree(cloud.client, window, within: 1)
                    }
                    #expect(ended, "\(round): \(file)")
                    if cloud.pid(of: "validator-1") == nil {
                        let refused = try await node.startInVain()
                        #expect(refused.errors.contains("next: atoll ledger repair"), "\(file)")
                        let slot = try await cloud.client.status().slot.value + 5_000
                        let words =
                            file.hasSuffix("promise") ? ["--silent-through", "\(slot)"] : []
                        let repaired = try await node.ledger("repair", words)
                        #expect(repaired.code == 0, "\(file): \(repaired.errors)")
                        try await cloud.restart()
                    }
                    #expect(await cloud.agree(cloud.client, window), "\(round): \(file)")
                    try await cloud.kill("validator-1")
                }
                try await cloud.restart()
            }
        }
    }
}

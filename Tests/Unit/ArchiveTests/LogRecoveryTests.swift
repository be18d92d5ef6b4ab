// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A block log that cannot be used is refused by name (RECOVERY-1, RECOVERY-2)")
struct LogRecoveryTests {
    private static let segment = "data/blocks/00000000000000000000.log"

    private static func written(_ count: Int, _ effects: Effects) async throws -> LoneNode {
        var press = try ChainPress()
        try press.press(count)
        try await press.write(to: "data/blocks", effects)
        return try LoneNode(press, effects)
    }

    @Test("a tail cut off within its last append is dropped, and the state follows the rest")
    func tornTail() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.written(31, effects)
            try await effects.change(Self.segment) { $0.removeLast(17) }
            var shorter = try ChainPress()
            try shorter.press(30)
            try await node.expectWhole(height: 30, root: shorter.root)
        }
    }

    @Test("a tail lost after the state had seen it leaves a node that goes on from what is left")
    func tornBehindState() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.written(31, effects)
            try await node.expectWhole(height: 31, root: node.press.root)
            try await effects.change(Self.segment) { $0.removeLast(17) }
            var shorter = try ChainPress()
            try shorter.press(30)
            try await node.expectWhole(height: 30, root: shorter.root)
            #expect(node.lines().contains { $0.contains("the block log ends at 30") })
        }
    }

    @Test("damage in the middle is refused with file and byte; nothing is changed")
    func damage() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.written(30, effects)
            try await effects.change(Self.segment) { $0[3_000] ^= 4 }
            let before = try await effects.disk.read(Self.segment, limit: 1 << 20)
            guard case .blockLog(let reason) = await node.refusal() else {
                Issue.record("it started")
                return
            }
            #expect(reason.hasPrefix("\(Self.segment) at byte "))
            #expect(try await effects.disk.read(Self.segment, limit: 1 << 20) == before)
        }
    }

    @Test("a log without its first blocks is refused")
    func missingBeginning() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.written(5, effects)
            let log = try await effects.disk.openLog("later")
            await log.close()
            try await effects.disk.move(
                Self.segment, to: "data/blocks/00000000000000000009.log")
            guard case .blockLog = await node.refusal() else {
                Issue.record("it started")
                return
            }
        }
    }

    @Test("the blocks of another chain are refused as such, before the state is looked at")
    func otherChain() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.written(5, effects)
            let stranger = try LoneNode(ChainPress(name: "other"), effects)
            guard case .otherChain(let chain) = await stranger.refusal() else {
                Issue.record("it started")
                return
            }
            #expect(chain == node.press.genesis.chain)
        }
    }

    @Test("a last block that no quorum made final is refused")
    func notFinal() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(3)
            try press.press(transfers: 0, forging: .tooFewVotes)
            try await press.write(to: "data/blocks", effects)
            guard case .blockLog(let reason) = await (try LoneNode(press, effects)).refusal() else {
                Issue.record("it started")
                return
            }
            #expect(reason.contains("is not proven final"))
        }
    }

    @Test("a log with a block out of its place is refused")
    func outOfPlace() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(4)
            let log = try await effects.disk.openLog("data/blocks")
            try await log.append([0, 1, 3].map { press.blocks[$0].canonicalBytes })
            await log.close()
            guard case .blockLog(let reason) = await (try LoneNode(press, effects)).refusal() else {
                Issue.record("it started")
                return
            }
            #expect(reason.contains("says that its height is 4"))
        }
    }
}

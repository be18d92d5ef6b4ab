// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A damaged block log keeps what holds (ARCHIVE-8)")
struct RepairTests {
    private static let segment = "data/blocks/00000000000000000000.log"

    private static func written(_ count: Int, _ effects: Effects) async throws -> PressedChain {
        var press = try ChainPress()
        try press.press(count)
        try await press.write(to: "data/blocks", effects)
        return press.chain
    }

    private static func repair(
        _ chain: PressedChain, _ effects: Effects
    ) async throws -> LogRepair.Report {
        try await LogRepair(genesis: chain.genesis, effects: effects).run(in: "data")
    }

    @Test("a whole log is left as it is, and so is one with a torn tail")
    func whole() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let chain = try await Self.written(20, effects)
            let report = try await Self.repair(chain, effects)
            #expect(report == LogRepair.Report(kept: BlockHeight(20), fault: nil, aside: nil))
            try await effects.change(Self.segment) { $0.removeLast(9) }
            #expect(try await Self.repair(chain, effects).kept == BlockHeight(19))
            #expect(try await effects.disk.list("data") == ["blocks"])
        }
    }

    @Test("damage at any place: the blocks before it are kept, the node starts and follows them")
    func damage() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let chain = try await Self.written(24, effects)
            let whole = try await effects.disk.read(Self.segment, limit: 1 << 20)
            let node = try LoneNode(chain, effects)
            try await node.expectWhole(height: 24, root: chain.root)
            var last = BlockHeight(0)
            for (number, place) in [30, 2_000, 5_000, 9_000].enumerated() {
                try await effects.disk.replace(Self.segment, with: whole)
                try await effects.change(Self.segment) { $0[place] ^= 2 }
                guard case .blockLog = await node.refusal() else {
                    Issue.record("it started")
                    continue
                }
                let report = try await Self.repair(chain, effects)
                #expect(report.fault?.height == report.kept.advanced(by: 1))
                #expect(report.aside == "blocks.aside-\(number + 1)")
                #expect(report.kept > last || number == 0)
                last = report.kept
                let aside = "data/blocks.aside-\(number + 1)/00000000000000000000.log"
                let damaged = try await effects.disk.read(aside, limit: 1 << 20)
                #expect(damaged.count == whole.count)
                let (head, _) = try await node.life()
                #expect(head.height == report.kept)
            }
        }
    }

    @Test("a log without its beginning is begun anew")
    func missing() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let chain = try await Self.written(6, effects)
            try await effects.disk.move(Self.segment, to: "data/blocks/00000000000000000003.log")
            let report = try await Self.repair(chain, effects)
            #expect(report.kept == BlockHeight(0))
            #expect(report.fault == .missing(BlockHeight(3)))
            try await LoneNode(chain, effects).expectWhole(height: 0, root: ChainPress().root)
        }
    }

    @Test("a forged block and all after it go")
    func forged() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            var press = try ChainPress()
            try press.press(7)
            try press.press(transfers: 0, forging: .tooFewVotes)
            try press.press(2)
            try await press.write(to: "data/blocks", effects)
            let report = try await Self.repair(press.chain, effects)
            #expect(report.kept == BlockHeight(7))
            let log = try await effects.disk.openLog("data/blocks")
            #expect(await log.end == 7)
            await log.close()
        }
    }

    @Test("another chain's log is not repaired away, and a running node's is busy")
    func refused() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let chain = try await Self.written(3, effects)
            let other = try ChainPress(name: "other").chain
            await #expect(throws: ArchiveFailure.otherGenesis(chain.genesis.chain)) {
                try await Self.repair(other, effects)
            }
            let held = try await effects.disk.openLog("data/blocks")
            await #expect(throws: ArchiveFailure.disk(.busy(path: "data/blocks"))) {
                try await Self.repair(chain, effects)
            }
            await held.close()
            #expect(try await effects.disk.list("data") == ["blocks"])
        }
    }
}

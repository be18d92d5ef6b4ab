// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A log whose first blocks were forgotten (SYNC-15, SYNC-16)")
struct PrunedLogTests {
    /// A validator's stopped disk after its network has pruned.
    private static func stopped(seed: UInt64) throws -> (SyncCloud, Effects, UInt64) {
        let cloud = try SyncCloud(seed: seed)
        try cloud.startValidators()
        try cloud.run("v1", to: 4 * SyncCloud.checkpointBlocks)
        let oldest = try cloud.oldest(of: "v1")
        #expect(oldest > 1)
        cloud.crash("v1")
        return (cloud, cloud.world.restart("v1"), oldest)
    }

    private static func run<Value: Sendable>(
        _ cloud: SyncCloud, _ effects: Effects,
        _ body: @escaping @Sendable (PrunedLog, Effects) async throws -> Value
    ) throws -> Value {
        let genesis = cloud.genesis
        let outcome = cloud.world.run(on: "v1", effects) { effects -> Result<Value, any Error> in
            do {
                return .success(
                    try await body(PrunedLog(genesis: genesis, effects: effects), effects))
            } catch {
                return .failure(error)
            }
        }
        return try #require(outcome).get()
    }

    @Test("its links and signatures hold, and the range that was checked is named")
    func audit() throws {
        let (cloud, effects, oldest) = try Self.stopped(seed: 21)
        let report = try Self.run(cloud, effects) { pruned, effects in
            let log = try await effects.disk.inspectLog("data/blocks")
            let report = try await pruned.audit(log)
            await log.close()
            return report
        }
        #expect(report.first == BlockHeight(oldest) && report.fault == nil)
        #expect(report.last.value >= 4 * SyncCloud.checkpointBlocks)
    }

    @Test(
        "repairing a whole one changes nothing; a damaged one keeps what holds, and the node starts"
    )
    func repair() throws {
        let (cloud, effects, oldest) = try Self.stopped(seed: 22)
        let whole = try Self.run(cloud, effects) { pruned, _ in
            try await pruned.repair(in: "data")
        }
        #expect(whole.fault == nil && whole.aside == nil)
        cloud.crash("v1")
        cloud.world.damage("v1", log: "data/blocks", record: whole.last.value - 3)
        let again = cloud.world.restart("v1")
        let report = try Self.run(cloud, again) { pruned, _ in
            try await pruned.repair(in: "data")
        }
        #expect(report.aside == "blocks.aside-1")
        #expect(report.first == BlockHeight(oldest))
        #expect(report.last.value == whole.last.value - 3)
        cloud.crash("v1")
        #expect(try cloud.start("v1") == nil)
        #expect(try cloud.oldest(of: "v1") == oldest)
        try cloud.expectFollows("v1")
    }

    @Test("going through all of the chain is refused with the first block that is there")
    func wholeAudit() throws {
        let (cloud, effects, oldest) = try Self.stopped(seed: 23)
        let genesis = cloud.genesis
        let failure = try Self.run(cloud, effects) { _, effects -> ArchiveFailure? in
            let log = try await effects.disk.inspectLog("data/blocks")
            let store = try await effects.disk.openStore("scratch", bytesMax: 1 << 24)
            do throws(ArchiveFailure) {
                _ = try await ChainAudit(genesis: genesis, store: store, workers: effects.workers)
                    .run(log)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == .fault(.missing(BlockHeight(oldest - 1))))
    }
}

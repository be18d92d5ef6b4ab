// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("Snapshots and stored blocks over the ends of epochs (SYNC-6, SYNC-16, ARCHIVE-10)")
struct EpochCrossingTests {
    static let lengths = EpochLengths(checkpointBlocks: 4, epochCheckpoints: 2)

    /// A network that has left its founders' epoch: one of the four votes no longer.
    private static func crossed(
        seed: UInt64, policy: SyncPolicy? = nil, to height: UInt64 = 44
    ) throws -> SyncCloud {
        let cloud = try SyncCloud(seed: seed, lengths: lengths)
        if let policy {
            for name in SyncCloud.validatorNames { cloud.policies[name] = policy }
        }
        cloud.policies["joiner"] = SyncCloud.joining
        try cloud.startValidators()
        try cloud.run("v1", to: 2)
        try cloud.leave()
        try cloud.run("v1", to: height)
        let node = try #require(cloud.nodes["v1"])
        #expect(try cloud.on("v1") { await node.validators.count } == 3)
        return cloud
    }

    /// Runs a body over the stopped disk of a member.
    private static func stopped<Value: Sendable>(
        _ name: String, of cloud: SyncCloud,
        _ body: @escaping @Sendable (Genesis, Effects) async throws -> Value
    ) throws -> Value {
        cloud.crash(name)
        let effects = cloud.world.restart(name)
        let genesis = cloud.genesis
        let outcome = cloud.world.run(on: name, effects) { effects -> Result<Value, any Error> in
            do {
                return .success(try await body(genesis, effects))
            } catch {
                return .failure(error)
            }
        }
        cloud.crash(name)
        return try #require(outcome).get()
    }

    @Sendable private static func audit(
        _ genesis: Genesis, _ effects: Effects, blocks: String = "data/blocks",
        epochs: String = "data/epochs"
    ) async throws -> PrunedLog.Report {
        let log = try await effects.disk.inspectLog(blocks)
        let book = try? await effects.disk.inspectLog(epochs)
        let report = try await PrunedLog(genesis: genesis, effects: effects)
            .audit(log, epochs: book)
        await log.close()
        await book?.close()
        return report
    }

    // MARK: Joining

    @Test("a node joins by snapshot several epochs after the genesis, follows and restarts")
    func joins() throws {
        let cloud = try Self.crossed(seed: 31)
        #expect(try cloud.start("joiner") == nil)
        #expect(cloud.lines().contains { $0.hasPrefix("joiner: joined at height") })
        #expect(try cloud.oldest(of: "joiner") > 8)
        try cloud.expectFollows("joiner")
        let node = try #require(cloud.nodes["joiner"])
        let handovers = try cloud.on("joiner") { await node.handovers(from: Epoch(0), count: 4) }
        #expect(handovers.map(\.header.epoch.value) == [0, 1, 2, 3])
        cloud.crash("joiner")
        #expect(try cloud.start("joiner") == nil)
        try cloud.run("joiner", to: cloud.head(of: "joiner").height.value + 20)
        try cloud.expectFollows("joiner")
    }

    @Test("a node whose peers have all forgotten what it needs takes a snapshot at its next start")
    func fallsBack() throws {
        let cloud = try SyncCloud(seed: 32, lengths: Self.lengths)
        cloud.policies["joiner"] = SyncCloud.joining
        try cloud.startValidators()
        #expect(try cloud.start("joiner") == nil)
        try cloud.run("joiner", to: 3)
        cloud.crash("joiner")
        try cloud.leave()
        try cloud.run("v1", to: cloud.head(of: "v1").height.value + 40)
        #expect(try cloud.oldest(of: "v1") > 8)
        #expect(try cloud.start("joiner") == nil)
        cloud.world.run(forMilliseconds: 60_000)
        let node = try #require(cloud.nodes["joiner"])
        let troubles = try cloud.on("joiner") { await node.status().troubles }
        #expect(troubles.contains { $0.contains("at its next start it joins from a snapshot") })
        _ = cloud.lines()
        cloud.crash("joiner")
        #expect(try cloud.start("joiner") == nil)
        let lines = cloud.lines()
        #expect(lines.contains { $0.hasPrefix("joiner: joined at height") }, "\(lines)")
        try cloud.expectFollows("joiner")
        let names = try cloud.on("joiner") { [effects = try cloud.effects(of: "joiner")] in
            (try? await effects.disk.list("data")) ?? []
        }
        #expect(names.contains("blocks.aside-1") && !names.contains("behind"), "\(names)")
    }

    // MARK: Pruned logs

    @Test("all blocks of a pruned log are judged by the validators of their epochs")
    func prunedAudit() throws {
        let cloud = try Self.crossed(seed: 33)
        let oldest = try cloud.oldest(of: "v1")
        let report = try Self.stopped("v1", of: cloud) { try await Self.audit($0, $1) }
        #expect(oldest > 8 && report.first == BlockHeight(oldest))
        #expect(report.fault == nil && report.judged == report.last)
        #expect(report.last.value >= 44)
    }

    @Test("a certificate of another block does not hold, in whichever epoch")
    func forgedProof() throws {
        let cloud = try Self.crossed(seed: 34)
        let (report, first) = try Self.stopped("v1", of: cloud) { genesis, effects in
            let log = try await effects.disk.openLog("data/blocks")
            let first = await log.first
            var blocks = try await log.read(
                from: first, count: 1_000, bytesMax: 1 << 30
            ).map { try FinalizedBlock(canonicalBytes: $0) }
            let place = blocks.count - 3
            blocks[place] = FinalizedBlock(
                block: blocks[place].block, proof: blocks[place - 1].proof,
                batches: blocks[place].batches)
            let forged = try await effects.disk.openLog("forged", first: first)
            try await forged.append(blocks.map(\.canonicalBytes))
            await log.close()
            await forged.close()
            let report = try await Self.audit(genesis, effects, blocks: "forged")
            return (report, first + UInt64(place) + 1)
        }
        guard case .notFinal(let height, _) = report.fault else {
            Issue.record("\(report)")
            return
        }
        #expect(height == BlockHeight(first))
        #expect(report.last.value == first - 1 && report.judged == report.last)
    }

    @Test("without the log of epochs a pruned log is linked, not judged, and nothing is lost")
    func withoutBook() throws {
        let cloud = try Self.crossed(seed: 35)
        let (audited, repaired) = try Self.stopped("v1", of: cloud) { genesis, effects in
            let report = try await Self.audit(genesis, effects, epochs: "nowhere")
            try await effects.disk.move("data/epochs", to: "lost")
            let repair = try await PrunedLog(genesis: genesis, effects: effects)
                .repair(in: "data")
            return (report, repair)
        }
        for report in [audited, repaired] {
            #expect(report.fault == nil && report.last.value >= 44)
            #expect(report.judged < report.first)
        }
        #expect(repaired.aside == nil)
    }

    // MARK: Whole logs, of the one whose silence stops nobody

    @Test("a chain of several epochs is audited, exported, imported and started from again")
    func archive() throws {
        let cloud = try Self.crossed(seed: 36, policy: SyncPolicy(), to: 30)
        let (height, root) = try Self.stopped("v4", of: cloud) { genesis, effects in
            let log = try await effects.disk.inspectLog("data/blocks")
            let store = try await effects.disk.openStore("scratch", bytesMax: 1 << 24)
            let report = try await ChainAudit(
                genesis: genesis, store: store, workers: effects.workers
            ).run(log)
            await log.close()
            let again = try await effects.disk.inspectLog("data/blocks")
            let epochs = try await effects.disk.inspectLog("data/epochs")
            let written = try await LedgerExport(genesis: genesis, effects: effects)
                .write(again, epochs: epochs, to: "chain")
            await again.close()
            await epochs.close()
            #expect(written.height == report.height && report.height.value >= 30)
            // The same machine begins again with nothing but the archive and its promise.
            try await effects.disk.move("data", to: "old")
            let fresh = try await effects.disk.openLog("data/blocks")
            let taken = try await LedgerImport(genesis: genesis, effects: effects)
                .read("chain", into: fresh)
            await fresh.close()
            #expect(taken.height == written.height && taken.hash == written.hash)
            return (report.height, report.stateRoot)
        }
        #expect(root != .zero)
        #expect(try cloud.start("v4") == nil)
        #expect(try cloud.head(of: "v4").height >= height)
        try cloud.expectFollows("v4")
    }

    @Test("damage past the first epoch is repaired up to it, with the log of epochs or without")
    func repair() throws {
        for hasBook in [true, false] {
            let cloud = try Self.crossed(seed: 37, policy: SyncPolicy(), to: 30)
            cloud.crash("v4")
            cloud.world.damage("v4", log: "data/blocks", record: 21)
            let report = try Self.stopped("v4", of: cloud) { genesis, effects in
                if !hasBook { try await effects.disk.move("data/epochs", to: "lost") }
                return try await LogRepair(genesis: genesis, effects: effects).run(in: "data")
            }
            #expect(report.kept == BlockHeight(21) && report.aside == "blocks.aside-1")
            let refusal = try cloud.start("v4")
            #expect(refusal == nil, "\(String(describing: refusal))")
            try cloud.expectFollows("v4")
        }
    }
}

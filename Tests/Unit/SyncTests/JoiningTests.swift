// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import SimulatedEffects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A network past its checkpoints: snapshots, pruning, joining (SYNC-1 to SYNC-15)")
struct JoiningTests {
    /// A network that has made two snapshots and forgotten its first blocks.
    private static func settled(seed: UInt64, accounts: Int = 20) throws -> SyncCloud {
        let cloud = try SyncCloud(seed: seed, accounts: accounts)
        try cloud.startValidators()
        try cloud.run("v1", to: 3 * SyncCloud.checkpointBlocks + 8)
        cloud.policies["joiner"] = SyncCloud.joining
        return cloud
    }

    @Test("nodes offer their two newest checkpoints and keep the blocks that those need")
    func snapshotsAndPruning() throws {
        let cloud = try Self.settled(seed: 1)
        for name in SyncCloud.validatorNames {
            let offers = try cloud.offers(of: name)
            #expect(offers.count == 2 && offers.allSatisfy { $0 % SyncCloud.checkpointBlocks == 0 })
            #expect(try cloud.oldest(of: name) > 1)
            #expect(try cloud.oldest(of: name) <= offers.min() ?? 0)
        }
        let one = try cloud.on("v1") { [node = cloud.nodes["v1"]] in
            await node?.sync.keeper.shelf.offers ?? []
        }
        let other = try cloud.on("v2") { [node = cloud.nodes["v2"]] in
            await node?.sync.keeper.shelf.offers ?? []
        }
        #expect(Set(one).intersection(other).count >= 1, "the same state is cut the same way")
    }

    @Test("a node with an empty folder joins from a snapshot, follows, and survives a restart")
    func joins() throws {
        let cloud = try Self.settled(seed: 2)
        #expect(try cloud.start("joiner") == nil)
        #expect(cloud.lines().contains { $0.hasPrefix("joiner: joined at height") })
        #expect(try cloud.oldest(of: "joiner") > 1)
        try cloud.expectFollows("joiner")
        cloud.crash("joiner")
        #expect(try cloud.start("joiner") == nil)
        #expect(!cloud.lines().contains { $0.contains("taking the snapshot") })
        try cloud.expectFollows("joiner")
        try cloud.run("joiner", to: cloud.head(of: "joiner").height.value + 40)
        #expect(try cloud.offers(of: "joiner").count == 2, "it makes snapshots of its own")
        let names = try cloud.on("joiner") { [effects = try cloud.effects(of: "joiner")] in
            (try? await effects.disk.list("data")) ?? []
        }
        #expect(!names.contains("sync"), "nothing of the joining is left: \(names)")
    }

    @Test("a node that wants all of history and finds none says what to do")
    func fullAgainstPruned() throws {
        let cloud = try Self.settled(seed: 3)
        cloud.policies["joiner"] = SyncCloud.keeping
        #expect(try cloud.start("joiner") == nil)
        cloud.world.run(forMilliseconds: 40_000)
        let node = try #require(cloud.nodes["joiner"])
        let troubles = try cloud.on("joiner") { await node.status().troubles }
        #expect(troubles.contains { $0.contains("peers keep no block below") })
        #expect(try cloud.head(of: "joiner").height == BlockHeight(0))
    }

    @Test("a chain that is short is executed from its genesis")
    func shortChain() throws {
        let cloud = try SyncCloud(seed: 4)
        try cloud.startValidators()
        try cloud.run("v1", to: 5)
        cloud.policies["joiner"] = SyncCloud.joining
        #expect(try cloud.start("joiner") == nil)
        #expect(cloud.lines().contains { $0.contains("its blocks are executed") })
        try cloud.expectFollows("joiner")
        #expect(try cloud.oldest(of: "joiner") == 1)
    }

    @Test("a node whom nobody answers begins at the genesis")
    func alone() throws {
        let cloud = try SyncCloud(seed: 5)
        cloud.policies["joiner"] = SyncCloud.joining
        #expect(try cloud.start("joiner") == nil)
        #expect(cloud.lines().contains { $0.contains("no peer answered") })
    }

    @Test("an archive keeps its first block", arguments: [true, false])
    func archive(isArchive: Bool) throws {
        let cloud = try SyncCloud(seed: 6)
        var policy = SyncCloud.keeping
        policy.isArchive = isArchive
        cloud.policies["v1"] = policy
        try cloud.startValidators()
        try cloud.run("v1", to: 5 * SyncCloud.checkpointBlocks)
        #expect(try (cloud.oldest(of: "v1") == 1) == isArchive)
        if isArchive {
            cloud.policies["joiner"] = SyncCloud.keeping
            #expect(try cloud.start("joiner") == nil)
            try cloud.run("joiner", to: cloud.head(of: "v1").height.value)
            try cloud.expectFollows("joiner")
        }
    }

    @Test("a joiner that is killed again and again goes on at its next start")
    func killed() throws {
        let cloud = try Self.settled(seed: 7, accounts: 3_000)
        var kept = 0
        for step in 0..<9 {
            try cloud.begin("joiner")
            cloud.world.run(forMilliseconds: UInt64(120 + step * 25))
            cloud.crash("joiner")
            let effects = cloud.world.restart("joiner")
            let names = cloud.world.run(on: "joiner", effects) { effects in
                (try? await effects.disk.list("data")) ?? []
            }
            if names?.contains("sync") == true { kept += 1 }
            cloud.crash("joiner")
        }
        #expect(kept > 0, "some crashes came while the state was fetched")
        #expect(try cloud.start("joiner") == nil)
        try cloud.expectFollows("joiner")
        #expect(try cloud.oldest(of: "joiner") > 1)
    }

    @Test("nodes that are killed while they make a snapshot offer what is whole")
    func makerKilled() throws {
        let cloud = try SyncCloud(seed: 8, accounts: 3_000)
        var slow = SyncCloud.keeping
        slow.bytesPerSecond = 100_000
        cloud.policies["v2"] = slow
        try cloud.startValidators()
        try cloud.run("v1", to: 2 * SyncCloud.checkpointBlocks + 2)
        cloud.crash("v2")
        #expect(try cloud.start("v2") == nil)
        let names = try cloud.on("v2") { [effects = try cloud.effects(of: "v2")] in
            (try? await effects.disk.list("data/snapshots")) ?? []
        }
        let offered = try cloud.offers(of: "v2")
        #expect(names.count == 3 * offered.count, "\(names)")
        try cloud.expectFollows("v2")
    }

    @Test("the serving node is killed midway; others give the rest")
    func serverKilled() throws {
        let cloud = try Self.settled(seed: 9, accounts: 6_000)
        try cloud.begin("joiner")
        cloud.world.run(forMilliseconds: 300)
        cloud.crash("v3")
        cloud.world.run(forMilliseconds: 60_000)
        cloud.crash("joiner")
        #expect(try cloud.start("joiner") == nil)
        try cloud.expectFollows("joiner")
        #expect(try cloud.oldest(of: "joiner") > 1)
    }

    @Test("a disk that is full midway is told, and with room the joining goes on")
    func diskFull() throws {
        let cloud = try Self.settled(seed: 10, accounts: 3_000)
        var conditions = DiskConditions()
        conditions.bytesMax = 400_000
        try cloud.begin("joiner")
        cloud.world.setDisk("joiner", conditions)
        cloud.world.run(forMilliseconds: 20_000)
        cloud.crash("joiner")
        let failure = try cloud.start("joiner")
        guard case .sync(.disk(.full)) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        cloud.crash("joiner")
        cloud.world.setDisk("joiner", DiskConditions())
        #expect(try cloud.start("joiner") == nil)
        try cloud.expectFollows("joiner")
    }

    @Test("a lost state is built anew from the node's own snapshot when its log is pruned")
    func ownSnapshot() throws {
        let cloud = try Self.settled(seed: 11)
        let before = try cloud.oldest(of: "v4")
        #expect(before > 1)
        cloud.crash("v4")
        let effects = cloud.world.restart("v4")
        _ = cloud.world.run(on: "v4", effects) { effects in
            try? await effects.disk.move("data/state", to: "lost")
        }
        cloud.crash("v4")
        _ = cloud.lines()
        let failure = try cloud.start("v4")
        let lines = cloud.lines()
        #expect(
            failure == nil && lines.contains { $0.hasPrefix("v4: joined at height") }, "\(lines)")
        #expect(try cloud.oldest(of: "v4") == before, "its blocks stay")
        try cloud.expectFollows("v4")
    }

    @Test("a state and all snapshots lost with a pruned log is refused by name")
    func nothingLeft() throws {
        let cloud = try Self.settled(seed: 12)
        cloud.crash("v4")
        let effects = cloud.world.restart("v4")
        _ = cloud.world.run(on: "v4", effects) { effects in
            try? await effects.disk.move("data/state", to: "lost")
            try? await effects.disk.move("data/snapshots", to: "lost-too")
        }
        cloud.crash("v4")
        guard case .pruned = try cloud.start("v4") else {
            Issue.record("it must not start")
            return
        }
    }

    @Test("a validator that lost all but its key is silent beyond what it can have said")
    func validatorWithoutMemory() throws {
        let cloud = try Self.settled(seed: 13)
        cloud.crash("v4")
        let effects = cloud.world.restart("v4")
        _ = cloud.world.run(on: "v4", effects) { effects in
            try? await effects.disk.move("data", to: "gone")
            try? await effects.disk.remove("data.promise")
        }
        cloud.crash("v4")
        cloud.policies["v4"] = SyncCloud.joining
        #expect(try cloud.start("v4") == nil)
        let node = try #require(cloud.nodes["v4"])
        let troubles = try cloud.on("v4") { await node.status().troubles }
        #expect(troubles.contains { $0.contains("signs nothing up to slot") })
        try cloud.expectFollows("v4")
    }
}

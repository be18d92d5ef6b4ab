// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("A validator that lost its votes starts silent or not at all (RECOVERY-8 to RECOVERY-11)")
struct VoteRecoveryTests {
    private static let votes = "data/votes/00000000000000000000.log"

    /// A validator with blocks up to slot 48 or so, votes of slots 40 to 60, and a promise to 300.
    private static func validator(_ effects: Effects) async throws -> LoneNode {
        var press = try ChainPress()
        try press.press(40)
        try await press.write(to: "data/blocks", effects)
        let node = try LoneNode(press, effects, validator: 1)
        var promise = VotingPromise(
            chain: press.genesis.chain, key: node.identity.publicKey)
        promise.ceiling = Slot(300)
        promise.spoken = Slot(55)
        try await node.write(promise)
        try await node.vote(40...60)
        return node
    }

    /// How long it is silent after a change of its folder, in its own words.
    private static func silence(
        _ change: @escaping @Sendable (Effects, LoneNode) async throws -> Void
    ) async throws -> (promise: VotingPromise, troubles: [String], lines: [String]) {
        let world = try DiskWorld()
        return try await world.run { effects in
            let node = try await validator(effects)
            try await change(effects, node)
            let troubles = try await node.life().troubles
            return (try await node.promise(), troubles, node.lines())
        }
    }

    private static let words =
        "records of votes were lost: this validator signs nothing up to slot 300"

    @Test("with its votes in order it speaks, and its promise is exact after a stop")
    func inOrder() async throws {
        let found = try await Self.silence { _, _ in }
        #expect(found.promise.silentThrough == Slot(0))
        #expect(found.promise.spoken >= Slot(60))
        #expect(found.promise.ceiling == found.promise.spoken)
        #expect(!found.troubles.contains { $0.contains("signs nothing") })
    }

    @Test("votes damaged in the middle are moved aside, and it is silent up to its promise")
    func damaged() async throws {
        let found = try await Self.silence { effects, _ in
            let log = try await effects.disk.openLog("data/votes")
            try await log.append([[1, 2, 3]])
            await log.close()
            try await effects.change(Self.votes) { $0[200] ^= 1 }
        }
        #expect(found.promise.silentThrough == Slot(300))
        #expect(found.troubles.contains(Self.words))
        #expect(found.lines.contains { $0.hasSuffix("kept as data/votes.aside-1") })
    }

    @Test("votes that do not read are moved aside as well")
    func unreadable() async throws {
        let found = try await Self.silence { effects, _ in
            let log = try await effects.disk.openLog("data/votes")
            try await log.append([[0xFF, 0xFF]])
            await log.close()
        }
        #expect(found.promise.silentThrough == Slot(300))
        #expect(found.lines.contains { $0.contains("record 21 does not read") })
    }

    @Test("removed votes, and votes of an older backup, make it silent up to its promise")
    func removed() async throws {
        let removed = try await Self.silence { effects, _ in
            try await effects.disk.move("data/votes", to: "gone")
        }
        #expect(removed.promise.silentThrough == Slot(300))
        let older = try await Self.silence { effects, node in
            try await effects.disk.move("data/votes", to: "gone")
            try await node.vote(40...50)
        }
        #expect(older.promise.silentThrough == Slot(300))
    }

    @Test("a removed data folder does not remove the promise: it starts anew and silent")
    func removedFolder() async throws {
        let found = try await Self.silence { effects, _ in
            try await effects.disk.move("data", to: "gone")
        }
        #expect(found.promise.silentThrough == Slot(300))
        #expect(found.troubles.contains(Self.words))
    }

    @Test("silence lasts over further restarts")
    func lasting() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.validator(effects)
            try await effects.disk.move("data/votes", to: "gone")
            for _ in 0..<3 {
                #expect(try await node.life().troubles.contains(Self.words))
                #expect(try await node.promise().silentThrough == Slot(300))
                #expect(try await node.promise().ceiling >= Slot(300))
            }
        }
    }

    @Test("it stays silent: no vote of its key is written while it waits alone")
    func noWord() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.validator(effects)
            try await effects.disk.move("data/votes", to: "gone")
            var configuration = node.configuration
            configuration.timing.skipMilliseconds = 20
            configuration.timing.idleMilliseconds = 10
            let running = try await Node.start(configuration, effects: effects)
            await effects.time.sleep(milliseconds: 400)
            await running.stop()
            let log = try await effects.disk.openLog("data/votes")
            #expect(await log.end == 0)
            await log.close()
        }
    }

    @Test("without votes and without a promise a validator with blocks is refused (RECOVERY-10)")
    func forgotten() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.validator(effects)
            try await effects.disk.remove("data.promise")
            #expect(await node.refusal() == nil, "its votes are whole")
            try await effects.disk.move("data/votes", to: "gone")
            try await effects.disk.remove("data.promise")
            guard case .forgotten = await node.refusal() else {
                Issue.record("it started")
                return
            }
            try await effects.disk.replace("data.promise", with: [1, 2, 3])
            guard case .forgotten = await node.refusal() else {
                Issue.record("it started")
                return
            }
        }
    }

    @Test("the promise of another key is none")
    func otherKey() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.validator(effects)
            try await effects.disk.move("data/votes", to: "gone")
            let other = try LoneNode(node.press, effects, validator: 2)
            guard case .forgotten = await other.refusal() else {
                Issue.record("it started")
                return
            }
        }
    }

    @Test("a node that is no validator needs no promise and begins its records anew")
    func observer() async throws {
        let world = try DiskWorld()
        try await world.run { effects in
            let node = try await Self.validator(effects)
            try await effects.change(Self.votes) { $0[200] ^= 1 }
            let log = try await effects.disk.inspectLog("data/votes")
            await log.close()
            let observer = try LoneNode(node.press, effects)
            try await observer.expectWhole(height: 40, root: node.press.root)
        }
    }
}

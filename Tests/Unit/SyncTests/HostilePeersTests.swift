// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import SimulatedEffects
import Synchronization
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("Joining among peers who lie, fall silent or go (SYNC-6, SYNC-7, SYNC-11)")
struct HostilePeersTests {
    /// What became of one joining.
    private struct Ending: Sendable {
        var outcome: SnapshotJoin.Outcome?
        var failure: SyncFailure?
        var isRight = false
        var bans: [String] = []
        var given: [PublicKey: Int] = [:]
        var logBase: UInt64 = 0
    }

    private static func join(
        pairs: Int = 9_000, _ conducts: [Crowd.Conduct]
    ) throws -> Ending {
        let world = SimulatedWorld(seed: 3)
        let ending = world.run(on: "joiner", world.makeNode("joiner"), withinMilliseconds: 900_000)
        {
            effects -> Result<Ending, any Error> in
            do {
                return .success(try await join(effects, pairs, conducts))
            } catch {
                return .failure(error)
            }
        }
        return try #require(ending).get()
    }

    private static func join(
        _ effects: Effects, _ pairs: Int, _ conducts: [Crowd.Conduct]
    ) async throws -> Ending {
        let offer = try await Offer.make(effects, pairs: pairs)
        let other = try await Offer.make(effects, pairs: 50, salt: 1)
        let crowd = try Crowd(effects, offer, other: other, conducts)
        let lines = Lines()
        var policy = SyncCloud.joining
        policy.patienceMilliseconds = 2_000
        try await effects.disk.createFolder("data")
        let joining = SnapshotJoin(
            chain: Offer.chain, effects: effects, data: "data", storeBytesMax: 1 << 30,
            policy: policy, peers: crowd, judge: try Offer.judge(),
            log: NodeLog { _, text in lines.add(text) })
        var ending = Ending()
        do throws(SyncFailure) {
            ending.outcome = try await joining.run()
        } catch {
            ending.failure = error
        }
        ending.bans = lines.all.filter { $0.contains("not asked for state any more") }
        ending.given = await crowd.chunksGiven
        if case .joined = ending.outcome {
            let store = try await effects.disk.openStore("data/state", bytesMax: 1 << 30)
            let found = try store.scan(prefix: [1], after: nil, limit: .max)
            ending.isRight =
                Dictionary(uniqueKeysWithValues: found.map { ($0.key, $0.value) }) == offer.stored
            let look = try store.snapshot()
            let position = try await StateImage.position(in: look)
            #expect(position?.height == Offer.height && position?.root == offer.root)
            #expect(position?.time == offer.block.block.header.timestamp)
            await store.close()
            let log = try await effects.disk.openLog("data/blocks")
            ending.logBase = await log.first
            #expect(await log.end == Offer.height.value)
            await log.close()
        }
        return ending
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ text: String) { lines.withLock { $0.append(text) } }
    }

    @Test("an honest peer alone gives the state, its position and the log's beginning")
    func honest() throws {
        let ending = try Self.join([.honest])
        #expect(ending.failure == nil && ending.isRight && ending.bans == [])
        #expect(ending.logBase == Offer.height.value - 1)
        #expect(
            ending.outcome == .joined(Offer.height, slot: Slot(Offer.height.value + 9 + 5)))
    }

    @Test("all who are honest give chunks")
    func many() throws {
        let ending = try Self.join(pairs: 20_000, [.honest, .honest, .honest])
        #expect(ending.isRight && ending.bans == [])
        #expect(ending.given.count == 3)
    }

    @Test(
        "one honest peer among liars is enough, and the liars are named",
        arguments: [
            Crowd.Conduct.falseChunk, .emptyChunk, .hugeChunk, .otherRoot, .noise,
        ])
    func liars(_ conduct: Crowd.Conduct) throws {
        let ending = try Self.join([conduct, .honest, conduct])
        #expect(ending.failure == nil && ending.isRight, "\(ending)")
        #expect(ending.bans.count == 2, "\(ending.bans)")
    }

    @Test(
        "liars about manifest, index or block are passed over",
        arguments: [
            Crowd.Conduct.malformedManifest, .unsignedHeader, .malformedIndex, .otherIndex,
            .endlessIndex, .otherBlock,
        ])
    func otherLiars(_ conduct: Crowd.Conduct) throws {
        let ending = try Self.join([conduct, .honest, conduct, .honest])
        #expect(ending.failure == nil && ending.isRight, "\(ending)")
        #expect(ending.bans.count <= 2, "nobody honest is banned: \(ending.bans)")
    }

    @Test(
        "peers who are slow, busy, forgetful or gone only cost time",
        arguments: [Crowd.Conduct.silent, .busy, .forgetful, .offersAndLeaves])
    func unreliable(_ conduct: Crowd.Conduct) throws {
        let ending = try Self.join([conduct, .honest])
        #expect(ending.failure == nil && ending.isRight && ending.bans == [], "\(ending)")
    }

    @Test("with liars alone the joining ends by name, and nothing stands in the state's place")
    func liarsAlone() throws {
        #expect(try Self.join([.falseChunk]).failure == .sourcesLost(Offer.height))
        #expect(try Self.join([.unsignedHeader, .otherRoot]).failure == .nothingOffered(asked: 2))
        let silent = try Self.join([.silent])
        #expect(silent.failure == nil && silent.outcome != nil && !silent.isRight)
    }
}

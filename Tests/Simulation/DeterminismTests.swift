// SPDX-License-Identifier: Apache-2.0
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Determinism of a whole cloud")
struct DeterminismTests {
    /// Everything that happened in one run, as a hash and a count.
    struct History: Equatable {
        let digest: UInt64
        let events: UInt64
    }

    private func history(seed: UInt64) throws -> History {
        let cloud = try SimulatedCloud(seed: seed, providers: 3, liars: [3])
        try cloud.startAll()
        try cloud.waitForProviders()
        let jobs = try (0..<3).map { _ in try cloud.open(try Program.echo()) }
        cloud.world.run(forMilliseconds: 100)
        cloud.crash("provider-1")
        cloud.world.run(forMilliseconds: 1_000)
        try cloud.restart("provider-1")
        _ = try cloud.finish(jobs, withinMilliseconds: 90_000)
        return History(digest: cloud.world.traceDigest, events: cloud.world.eventCount)
    }

    @Test("one seed gives one history, with programs run, a liar and a crash", arguments: Seeds.one)
    func oneSeed(seed: UInt64) throws {
        let first = try history(seed: seed)
        #expect(try history(seed: seed) == first)
        #expect(try history(seed: seed + 1) != first)
    }
}

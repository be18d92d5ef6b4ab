// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Whole networks from one seed")
struct SimulationTests {
    static let foul = Weather(
        delayMilliseconds: 2...150, lossPerMille: 100, duplicatePerMille: 50, idlePerMille: 500)

    @Test("in fair weather every node delivers the same chain", arguments: 0..<5 as Range<UInt64>)
    func fairWeather(seed: UInt64) {
        var cluster = Cluster(seed: seed)
        cluster.run(until: 3_000)
        #expect(cluster.judge.verdicts == [])
        #expect(cluster.judge.evidence == [])
        #expect((cluster.heights.min() ?? 0) >= 8, "heights \(cluster.heights)")
    }

    @Test(
        "after loss, delay, duplication, a split and crashes the chain goes on",
        arguments: 0..<40 as Range<UInt64>)
    func foulWeather(seed: UInt64) {
        var cluster = Cluster(seed: 1000 + seed, weather: Self.foul)
        var plan = Dice(seed: seed)
        for _ in 0..<3 {
            cluster.queue.add(
                .crash(plan.below(5), afterEffects: plan.below(6)), at: plan.within(200...4_000))
        }
        let split = (0..<5).map { _ in plan.below(2) }
        cluster.queue.add(.split(split), at: plan.within(500...2_000))
        heal(&cluster, at: 4_500)
        expectProgress(&cluster, from: 4_500, until: 11_000)
    }

    @Test(
        "one faulty validator of four neither stops nor splits the chain",
        arguments: [Conduct.silent, .equivocator, .liar, .withholder, .twin],
        0..<7 as Range<UInt64>)
    func oneFaulty(conduct: Conduct, seed: UInt64) {
        var plan = Dice(seed: seed)
        let faulty = plan.below(4)
        let weather = Weather(delayMilliseconds: 2...80, lossPerMille: 20)
        var cluster = Cluster(
            seed: 2000 + seed, conducts: [faulty: conduct],
            twinsOf: conduct == .twin ? [faulty] : [], weather: weather)
        cluster.queue.add(
            .crash((faulty + 1) % 4, afterEffects: plan.below(5)), at: plan.within(500...2_500))
        heal(&cluster, at: 3_000)
        expectProgress(&cluster, from: 3_000, until: 12_000)
        if conduct == .equivocator {
            #expect(!cluster.judge.evidence.isEmpty, "equivocation leaves evidence")
        }
    }

    @Test(
        "seven validators of different stakes bear two faulty ones",
        arguments: 0..<8 as Range<UInt64>)
    func weighted(seed: UInt64) {
        // The faulty hold 30 + 25 of 200: less than a third, though one has the largest stake.
        let stakes: [UInt128] = [30, 28, 30, 25, 29, 28, 30]
        let second: Conduct = seed.isMultiple(of: 2) ? .withholder : .equivocator
        var cluster = Cluster(
            seed: 3000 + seed, stakes: stakes, conducts: [0: .equivocator, 3: second],
            weather: Weather(delayMilliseconds: 2...60, lossPerMille: 20))
        heal(&cluster, at: 1_500)
        expectProgress(&cluster, from: 1_500, until: 7_000)
    }

    @Test(
        "when all validators crash at once the same chain goes on",
        arguments: 0..<20 as Range<UInt64>)
    func allCrash(seed: UInt64) {
        var cluster = Cluster(seed: 4000 + seed)
        var plan = Dice(seed: seed)
        for node in 0..<4 {
            cluster.queue.add(.crash(node, afterEffects: plan.below(6)), at: 1_500)
        }
        // One of them stays away: what the others hold must be enough.
        let lost = plan.below(4)
        cluster.run(until: 1_700)
        cluster.away.insert(lost)
        cluster.queue.add(.crash(lost, afterEffects: nil), at: 1_700)
        expectProgress(&cluster, from: 1_700, until: 15_000)
    }

    @Test("the same seed gives the same history, byte for byte")
    func determinism() {
        func trace() -> Digest {
            var cluster = Cluster(seed: 5, conducts: [1: .equivocator], weather: Self.foul)
            cluster.throughBytes = true
            cluster.queue.add(.crash(2, afterEffects: 3), at: 1_000)
            cluster.run(until: 4_000)
            #expect(cluster.judge.verdicts == [])
            return cluster.trace
        }
        #expect(trace() == trace())
    }

    private func heal(_ cluster: inout Cluster, at time: UInt64) {
        cluster.queue.add(.split(cluster.groups), at: time)
        cluster.queue.add(.calm(Weather(delayMilliseconds: 2...40)), at: time)
    }

    /// Within a bound every honest node delivers three more blocks; none breaks a promise.
    private func expectProgress(
        _ cluster: inout Cluster, from healed: UInt64, until end: UInt64
    ) {
        cluster.run(until: healed)
        let goal = (cluster.heights.max() ?? 0) + 3
        var heights: [Int] = []
        repeat {
            cluster.run(until: cluster.now + 200)
            heights = cluster.honest.map { cluster.heights[$0] }
        } while cluster.now < end && (heights.min() ?? 0) < goal
        #expect(cluster.judge.verdicts == [])
        #expect((heights.min() ?? 0) >= goal, "\(goal) was not reached: \(heights)")
    }
}

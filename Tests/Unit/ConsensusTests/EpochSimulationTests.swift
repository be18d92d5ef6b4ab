// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Networks whose validators change (CONSENSUS-24, CONSENSUS-25)")
struct EpochSimulationTests {
    /// An epoch of eight blocks.
    static let short = EpochLengths(checkpointBlocks: 4, epochCheckpoints: 2)

    /// Runs until every honest node is in `epoch`, and holds everybody to one history.
    private func expect(
        _ epoch: UInt64, of cluster: inout Cluster, until end: UInt64,
        _ comment: Comment? = nil
    ) {
        var epochs: [UInt64] = []
        repeat {
            cluster.run(until: cluster.now + 500)
            epochs = cluster.honest.map {
                cluster.nodes[$0].machine?.configuration.epoch.value ?? 0
            }
        } while cluster.now < end && (epochs.min() ?? 0) < epoch
        #expect(cluster.judge.verdicts == [], comment)
        #expect((epochs.min() ?? 0) >= epoch, "epochs \(epochs), heights \(cluster.heights)")
        checkChain(of: cluster)
    }

    /// The headers of every log follow the rules that a light client holds them to.
    private func checkChain(of cluster: Cluster) {
        for node in cluster.honest {
            var before: BlockHeader?
            for final in cluster.nodes[node].log {
                let header = final.block.header
                let carried = before?.stateHeight ?? BlockHeight(0)
                #expect(Self.short.mayCarry(header.stateHeight, after: carried))
                let isNew = before.map { Self.short.isAtEnd($0) } ?? false
                let epoch = before?.epoch ?? Epoch(0)
                #expect(header.epoch == (isNew ? epoch.advanced(by: 1) : epoch))
                if Self.short.isAtEnd(header) {
                    #expect(header.stateHeight == Self.short.cut(of: header.epoch))
                }
                before = header
            }
        }
    }

    @Test("the set is replaced completely and back, and a follower follows", arguments: 0..<3)
    func replaced(seed: UInt64) {
        var cluster = Cluster(
            seed: 7_000 + seed, stakes: [1, 1, 1, 1, 0, 0, 0, 0], lengths: Self.short,
            later: [
                [0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 1, 1, 0, 0],
            ])
        expect(4, of: &cluster, until: 30_000)
        #expect(cluster.judge.evidence == [])
    }

    @Test("one joins, one leaves, weights change", arguments: 0..<3)
    func gradual(seed: UInt64) {
        var cluster = Cluster(
            seed: 7_100 + seed, stakes: [1, 1, 1, 1, 0], lengths: Self.short,
            later: [[1, 1, 1, 1, 1], [0, 1, 1, 1, 1], [0, 5, 3, 3, 3], [9, 5, 3, 3, 3]])
        expect(5, of: &cluster, until: 30_000)
    }

    @Test("epochs of two blocks end and begin", arguments: 0..<3)
    func shortest(seed: UInt64) {
        var cluster = Cluster(
            seed: 7_200 + seed, stakes: [1, 1, 1, 1, 1],
            lengths: EpochLengths(checkpointBlocks: 2, epochCheckpoints: 1),
            later: [[1, 1, 1, 1, 0], [0, 1, 1, 1, 1]])
        cluster.run(until: 12_000)
        #expect(cluster.judge.verdicts == [])
        let epochs = cluster.nodes.map { $0.machine?.configuration.epoch.value ?? 0 }
        #expect((epochs.min() ?? 0) >= 6, "epochs \(epochs), heights \(cluster.heights)")
    }

    @Test("boundaries are crossed through loss, a split and crashes", arguments: 0..<12)
    func foul(seed: UInt64) {
        var cluster = Cluster(
            seed: 7_300 + seed, stakes: [1, 1, 1, 1, 0, 0], weather: SimulationTests.foul,
            lengths: Self.short,
            later: [[1, 1, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]])
        var plan = Dice(seed: seed)
        for _ in 0..<6 {
            cluster.queue.add(
                .crash(plan.below(7), afterEffects: plan.below(6)), at: plan.within(200...8_000))
        }
        let split = cluster.nodes.indices.map { _ in plan.below(2) }
        cluster.queue.add(.split(split), at: plan.within(500...4_000))
        cluster.queue.add(.split(cluster.groups), at: 8_500)
        cluster.queue.add(.calm(Weather(delayMilliseconds: 2...40)), at: 8_500)
        cluster.run(until: 8_500)
        let reached = cluster.honest.map {
            cluster.nodes[$0].machine?.configuration.epoch.value ?? 0
        }
        expect((reached.max() ?? 0) + 2, of: &cluster, until: 45_000)
    }

    @Test("all crash at a boundary and go on from it", arguments: 0..<6)
    func crashAtBoundary(seed: UInt64) {
        var cluster = Cluster(
            seed: 7_400 + seed, stakes: [1, 1, 1, 1, 0, 0], lengths: Self.short,
            later: [[0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]])
        var plan = Dice(seed: seed)
        // Until the first of them has the last block; then whatever they hold must do.
        while !cluster.nodes.contains(where: {
            $0.log.last.map { Self.short.isAtEnd($0.block.header) } ?? false
        }) {
            cluster.run(until: cluster.now + 1)
        }
        for node in cluster.nodes.indices {
            cluster.queue.add(
                .crash(node, afterEffects: plan.below(4)), at: cluster.now + plan.within(0...20))
        }
        expect(3, of: &cluster, until: 40_000)
    }

    @Test(
        "one faulty validator of four stops no boundary, in its epoch or after it",
        arguments: [Conduct.silent, .equivocator, .liar, .withholder, .twin], 0..<2)
    func faulty(conduct: Conduct, seed: Int) {
        var cluster = Cluster(
            seed: 7_500 + UInt64(seed), stakes: [1, 1, 1, 1, 0, 0], conducts: [1: conduct],
            twinsOf: conduct == .twin ? [1] : [],
            weather: Weather(delayMilliseconds: 2...60, lossPerMille: 10), lengths: Self.short,
            later: [[0, 1, 1, 1, 1, 0], [1, 0, 0, 1, 1, 1]])
        expect(4, of: &cluster, until: 60_000, "\(conduct)")
    }

    @Test("who was away through epochs comes back over all of them")
    func longAway() {
        var cluster = Cluster(
            seed: 7_600, stakes: [1, 1, 1, 1, 1], lengths: Self.short,
            later: [[1, 1, 1, 1, 0], [0, 1, 1, 1, 1]])
        cluster.queue.add(.crash(4, afterEffects: nil), at: 300)
        cluster.run(until: 12_000)
        #expect((cluster.nodes[0].machine?.configuration.epoch.value ?? 0) > 2)
        cluster.queue.add(.start(4), at: 12_000)
        expect(
            (cluster.nodes[0].machine?.configuration.epoch.value ?? 0) + 1, of: &cluster,
            until: 30_000)
    }

    @Test("the same seed crosses the same boundaries, byte for byte")
    func determinism() {
        func trace() -> Digest {
            var cluster = Cluster(
                seed: 9, stakes: [1, 1, 1, 1, 0], weather: SimulationTests.foul,
                lengths: Self.short, later: [[0, 1, 1, 1, 1]])
            cluster.throughBytes = true
            cluster.queue.add(.crash(2, afterEffects: 3), at: 1_000)
            cluster.run(until: 6_000)
            #expect(cluster.judge.verdicts == [])
            return cluster.trace
        }
        #expect(trace() == trace())
    }
}

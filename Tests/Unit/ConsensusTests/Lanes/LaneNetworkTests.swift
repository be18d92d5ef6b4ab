// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Networks of lane machines")
struct LaneNetworkTests {
    /// All honest nodes executed the same batches, everything final, and honest lanes moved on.
    private func check(
        _ cluster: LaneCluster, batchesMin: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(cluster.faults == [], sourceLocation: sourceLocation)
        let honest = cluster.honest
        #expect(cluster.accused.isDisjoint(with: honest), sourceLocation: sourceLocation)
        let histories = honest.map { cluster.nodes[$0].executed }
        let longest = histories.max { $0.count < $1.count } ?? []
        for (node, history) in zip(honest, histories) {
            #expect(
                history.elementsEqual(longest.prefix(history.count)),
                "node \(node) executed something else", sourceLocation: sourceLocation)
            #expect(
                history.count + 3 >= cluster.finalCount,
                "node \(node) executed \(history.count) of \(cluster.finalCount)",
                sourceLocation: sourceLocation)
        }
        for lane in honest {
            let height = Int(longest.last?.order.tips[lane].height ?? 0)
            #expect(
                height >= batchesMin, "lane \(lane) stands at \(height)",
                sourceLocation: sourceLocation)
        }
        let budget = cluster.nodes.count * LaneLimits.heldBytesMax(lanes: cluster.nodes.count)
        #expect(cluster.heldBytesMax <= budget, sourceLocation: sourceLocation)
    }

    @Test("calm: every batch is ordered soon, and once", arguments: 1..<4 as Range<UInt64>)
    func calm(seed: UInt64) {
        var cluster = LaneCluster(seed: seed)
        cluster.run(until: 4_000)
        check(cluster, batchesMin: 60)
        #expect(cluster.skipped == 0)
        let batches = cluster.nodes[0].executed.flatMap(\.batches)
        #expect(Set(batches.map(\.hash)).count == batches.count)
        #expect(cluster.accused.isEmpty)
    }

    @Test("loss, repetition and reordering delay batches and lose none", arguments: 1..<4 as Range)
    func storm(seed: UInt64) {
        let weather = Weather(
            delayMilliseconds: 1...120, lossPerMille: 100, duplicatePerMille: 100)
        var cluster = LaneCluster(seed: seed, weather: weather)
        cluster.run(until: 5_000)
        cluster.weather = Weather(delayMilliseconds: 2...30)
        cluster.run(until: 7_000)
        check(cluster, batchesMin: 25)
    }

    @Test("a withheld batch delays its own lane only", arguments: 1..<4 as Range<UInt64>)
    func withholder(seed: UInt64) {
        var cluster = LaneCluster(seed: seed, conducts: [1: .withholder])
        cluster.run(until: 5_000)
        check(cluster, batchesMin: 60)
        #expect(cluster.skipped == 0, "no vote waits for it")
    }

    @Test("forks of a lane leave one history", arguments: 1..<4 as Range<UInt64>)
    func equivocator(seed: UInt64) {
        var cluster = LaneCluster(seed: seed, conducts: [2: .equivocator])
        cluster.run(until: 5_000)
        check(cluster, batchesMin: 40)
    }

    @Test("a fork of which both branches are ordered closes its lane for all alike")
    func closing() {
        var closed = 0
        for seed in 1..<3 as Range<UInt64> {
            var cluster = LaneCluster(seed: seed, validators: 7, conducts: [2: .equivocator])
            cluster.run(until: 4_000)
            check(cluster, batchesMin: 30)
            #expect(cluster.accused == [2])
            closed += cluster.nodes[0].executed.flatMap(\.closing).count
        }
        #expect(closed > 0)
    }

    @Test("floods are borne within bounds", arguments: 1..<3 as Range<UInt64>)
    func flooder(seed: UInt64) {
        var cluster = LaneCluster(seed: seed, conducts: [3: .flooder])
        cluster.run(until: 3_000)
        check(cluster, batchesMin: 30)
    }

    @Test("invented cuts get no votes", arguments: 1..<4 as Range<UInt64>)
    func liar(seed: UInt64) {
        var cluster = LaneCluster(seed: seed, conducts: [0: .liar])
        cluster.run(until: 5_000)
        check(cluster, batchesMin: 40)
        #expect(cluster.skipped > 0)
    }

    @Test(
        "crashes, also between two effects, lose nothing that was said", arguments: 1..<5 as Range)
    func crashes(seed: UInt64) {
        var cluster = LaneCluster(seed: seed)
        for turn in 0..<14 as Range<UInt64> {
            let node = cluster.dice.below(4)
            let torn = cluster.dice.happens(perMille: 700) ? cluster.dice.below(3) : nil
            cluster.queue.add(.crash(node, afterEffects: torn), at: 300 + turn * 250)
            cluster.queue.add(.start(node), at: 300 + turn * 250 + 200)
        }
        cluster.run(until: 6_000)
        check(cluster, batchesMin: 40)
    }

    @Test("seven validators, two of them villains, loss and crashes", arguments: 1..<3 as Range)
    func everything(seed: UInt64) {
        let weather = Weather(delayMilliseconds: 2...60, lossPerMille: 30, duplicatePerMille: 30)
        let villains: [LaneConduct] = [.withholder, .equivocator, .flooder, .liar]
        var dice = Dice(seed: seed)
        var cluster = LaneCluster(
            seed: seed, validators: 7,
            conducts: [2: villains[dice.below(4)], 5: villains[dice.below(4)]], weather: weather)
        for turn in 0..<6 as Range<UInt64> {
            let node = [0, 1, 3, 4, 6][dice.below(5)]
            cluster.queue.add(.crash(node, afterEffects: dice.below(3)), at: 400 + turn * 400)
        }
        cluster.run(until: 4_000)
        cluster.weather = Weather(delayMilliseconds: 2...30)
        cluster.run(until: 6_000)
        check(cluster, batchesMin: 20)
    }

    @Test("the same seed gives the same history")
    func repeatable() {
        func history() -> [LaneExecution] {
            var cluster = LaneCluster(seed: 9, conducts: [1: .equivocator])
            cluster.run(until: 1_500)
            return cluster.nodes[0].executed
        }
        #expect(history() == history())
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("A hundred lanes")
struct LaneScaleTests {
    @Test("one node follows a hundred owners: it says, orders and executes all of them")
    func hundred() throws {
        let count = 100
        let fixture = Fixture(stakes: [UInt128](repeating: 1, count: count))
        var machine = fixture.laneMachine(1)
        let others = (0..<count).filter { $0 != 1 }
        var said = 0
        var last: [Int: Batch] = [:]
        for round in 1...3 as ClosedRange<UInt64> {
            var deliveries: [LaneDelivery] = []
            for lane in others {
                let batch = fixture.batch(lane: lane, after: last[lane], payload: [UInt8(round)])
                last[lane] = batch
                deliveries.append(LaneDelivery(from: fixture.keys[lane].publicKey, .batch(batch)))
            }
            var effects = machine.receive(.messages(deliveries))
            #expect(effects.records.count == others.count)
            said += effects.vectors.flatMap(\.entries).count
            let tips = others.compactMap { last[$0]?.tip }
            // A quorum says to hold everything; all vectors arrive together.
            effects = machine.receive(
                .messages(
                    others.prefix(66).map { author in
                        LaneDelivery(
                            from: fixture.keys[author].publicKey,
                            .vector(fixture.vector(tips, by: author, sequence: round)))
                    }))
            #expect(effects.faults.isEmpty)
            let cut = machine.proposal(after: [])
            #expect(cut.tips == tips)
            #expect(machine.receive(fixture.question(cut)).verdicts == [true])
            effects = machine.receive(fixture.ordered(round, cut))
            #expect(effects.executions.first?.batches.count == others.count)
            _ = machine.receive(.executed(BlockHeight(round)))
            said += machine.receive(.timer(.tick(machine.tick))).vectors.flatMap(\.entries).count
        }
        #expect(said == 3 * others.count)
        #expect(machine.heldBytes == 0)
    }

    @Test("a restart of a full node says what it holds in vectors of bounded size")
    func bigRestart() throws {
        let fixture = Fixture(stakes: [UInt128](repeating: 1, count: 100))
        var records: [LaneRecord] = []
        for lane in 0..<100 {
            records += fixture.batches(lane: lane, 40).map { .batch($0) }
        }
        var machine = LaneMachine(
            configuration: fixture.laneConfiguration, identity: fixture.keys[1],
            recovered: RecoveredLanes(
                order: LaneOrder(lanes: 100), height: BlockHeight(0), records: records))
        var effects = machine.receive(.started)
        var claimed: Set<LaneTip> = []
        while let vector = effects.vectors.first {
            #expect(vector.entries.count <= AvailabilityVector.entriesMax)
            claimed.formUnion(vector.entries)
            effects = machine.receive(.timer(.tick(machine.tick)))
        }
        #expect(claimed.count == 4_000)
    }
}

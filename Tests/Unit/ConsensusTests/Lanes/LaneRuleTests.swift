// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("The rules of lanes")
struct LaneRuleTests {
    let fixture = Fixture()

    @Test("a batch is durable before it is sent, and so is one before it is said to be held")
    func recordsFirst() throws {
        var owner = fixture.laneMachine(0)
        let effects = owner.receive(.payload(OwnPayload([1, 2], transactionCount: 1)))
        let batch = try #require(effects.records.first)
        #expect(effects.first == .persist(.batch(batch)))
        #expect(effects.contains(.broadcast(.batch(batch))))
        var holder = fixture.laneMachine(1)
        let answer = holder.hear([batch], from: 0)
        #expect(answer.first == .persist(.batch(batch)))
        #expect(answer.vectors.map(\.entries) == [[batch.tip]])
    }

    @Test("the room is now while all is available, whenFull for 50 ms, none after 16 batches")
    func room() throws {
        var machine = fixture.laneMachine(0)
        #expect(machine.room == .now)
        var effects = machine.receive(.payload(OwnPayload([1], transactionCount: 1)))
        #expect(effects.rooms == [.whenFull])
        let timer = try #require(effects.timers.first { $0 == .batch(1) })
        #expect(machine.receive(.timer(timer)).rooms == [.now])
        let first = try #require(effects.records.first)
        effects = machine.hear(.vector(fixture.vector([first.tip], by: 1)), from: 1)
        #expect(machine.room == .now)
        for number in 0..<16 {
            #expect(machine.room != .none)
            let payload = OwnPayload([UInt8(number)], transactionCount: 1)
            effects = machine.receive(.payload(payload))
            #expect(effects.records.map(\.header.height) == [UInt64(number + 2)])
        }
        #expect(machine.room == .none)
        let refused = OwnPayload([9], transactionCount: 1)
        #expect(machine.receive(.payload(refused)) == [.returned(refused)])
    }

    @Test("an owner stops when its bytes wait for execution, and goes on when they are executed")
    func bytes() throws {
        var machine = fixture.laneMachine(0)
        let full = OwnPayload(
            [UInt8](repeating: 0, count: Batch.payloadBytesMax), transactionCount: 1)
        var tips: [LaneTip] = []
        while machine.room != .none {
            let batch = try #require(machine.receive(.payload(full)).records.first)
            tips.append(batch.tip)
            let claims = fixture.vector([batch.tip], by: 1)
            _ = machine.hear(.vector(claims), from: 1)
        }
        #expect(tips.count == LaneLimits.ownedBytesMax(lanes: 4) / Batch.payloadBytesMax)
        let last = try #require(tips.last)
        #expect(machine.receive(fixture.ordered(1, fixture.cut(last))).executions.count == 1)
        #expect(machine.room == .none, "ordered, but not executed")
        let effects = machine.receive(.executed(BlockHeight(1)))
        #expect(effects.prunable == tips.map(\.hash).reversed())
        #expect(machine.room == .now)
        #expect(machine.heldBytes == 0)
    }

    @Test("one vector a tick: what comes in between is said together at its end")
    func ticks() throws {
        var machine = fixture.laneMachine(1)
        let batches = fixture.batches(lane: 0, 3)
        let first = machine.hear([batches[0]], from: 0)
        #expect(first.vectors.count == 1)
        #expect(machine.hear([batches[1]], from: 0).vectors.isEmpty)
        #expect(machine.hear([fixture.batch(lane: 2)], from: 2).vectors.isEmpty)
        let second = machine.receive(.timer(.tick(1)))
        #expect(
            second.vectors.map(\.entries) == [[batches[1].tip, fixture.batch(lane: 2).tip]])
        #expect(machine.receive(.timer(.tick(1))).isEmpty, "an old tick")
        #expect(machine.receive(.timer(.tick(2))).vectors.isEmpty, "nothing to say")
        #expect(machine.hear([batches[2]], from: 0).vectors.count == 1, "at once after silence")
    }

    @Test("only what stands on a held batch is said to be held")
    func contiguous() {
        var machine = fixture.laneMachine(1)
        let batches = fixture.batches(lane: 0, 3)
        #expect(machine.hear([batches[2], batches[1]], from: 0).vectors.isEmpty)
        let effects = machine.hear([batches[0]], from: 0)
        #expect(effects.records == batches)
        #expect(effects.vectors.map(\.entries) == [batches.map(\.tip)])
    }

    @Test("a leader orders what a quorum holds and nothing more")
    func proposal() {
        var machine = fixture.laneMachine(1)
        let batches = fixture.batches(lane: 0, 3)
        _ = machine.hear(batches, from: 0)
        _ = machine.hear(.vector(fixture.vector(batches.map(\.tip), by: 0)), from: 0)
        #expect(machine.proposal(after: []) == .empty, "two of four are no quorum")
        let claims = fixture.vector(batches.prefix(2).map(\.tip), by: 2)
        _ = machine.hear(.vector(claims), from: 2)
        let cut = fixture.cut(batches[1].tip)
        #expect(machine.proposal(after: []) == cut)
        #expect(machine.proposal(after: [cut]) == .empty, "an ancestor ordered it already")
        let other = fixture.cut(fixture.batch(lane: 0, payload: [9]).tip)
        #expect(machine.proposal(after: [other]) == .empty, "it does not stand on the ancestor's")
    }

    @Test("a voter accepts what it holds or what more than a third holds, and else waits")
    func judging() {
        var machine = fixture.laneMachine(1)
        let held = fixture.batch(lane: 0)
        let missing = fixture.batch(lane: 2)
        _ = machine.hear([held], from: 0)
        #expect(machine.receive(fixture.question(fixture.cut(held.tip))).verdicts == [true])
        #expect(machine.receive(fixture.question(.empty)).verdicts == [true])
        let question = fixture.question(fixture.cut(held.tip, missing.tip))
        #expect(machine.receive(question).verdicts.isEmpty)
        let first = machine.hear(.vector(fixture.vector([missing.tip], by: 2)), from: 2)
        #expect(first.verdicts.isEmpty, "one of four is not above a third")
        let second = machine.hear(.vector(fixture.vector([missing.tip], by: 3)), from: 3)
        #expect(second.verdicts == [true])
        let third = machine.hear([missing], from: 2)
        #expect(third.verdicts.isEmpty, "a question is answered once")
    }

    @Test("a waiting voter accepts when the batch itself arrives")
    func waiting() {
        var machine = fixture.laneMachine(1)
        let batch = fixture.batch(lane: 0)
        #expect(machine.receive(fixture.question(fixture.cut(batch.tip))).verdicts.isEmpty)
        #expect(machine.hear([batch], from: 0).verdicts == [true])
    }

    @Test("a cut that goes back, jumps too far or names no lane is refused at once")
    func malformed() {
        var machine = fixture.laneMachine(1)
        let batches = fixture.batches(lane: 0, 2)
        _ = machine.hear(batches, from: 0)
        let both = fixture.cut(batches[1].tip)
        let back = fixture.question(fixture.cut(batches[0].tip), ancestors: [both])
        #expect(machine.receive(back).verdicts == [false])
        let far = LaneTip(lane: 0, height: 65, hash: Fixture.digest(1))
        #expect(machine.receive(fixture.question(fixture.cut(far))).verdicts == [false])
        let nowhere = LaneTip(lane: 4, height: 1, hash: Fixture.digest(1))
        #expect(machine.receive(fixture.question(fixture.cut(nowhere))).verdicts == [false])
        let other = fixture.cut(fixture.batch(lane: 0, payload: [9]).tip)
        let crossed = fixture.question(both, ancestors: [other])
        #expect(machine.receive(crossed).verdicts == [false], "it forks against its ancestor")
    }

    @Test("lanes take turns in being first, and batches of a lane keep their order")
    func rotation() {
        let lanes = (0..<4).map { fixture.batches(lane: $0, 2, mark: UInt8($0)) }
        for slot in 0..<5 {
            var machine = fixture.laneMachine(1)
            for lane in [0, 2, 3] { _ = machine.hear(lanes[lane], from: lane) }
            let cut = fixture.cut(lanes[0][1].tip, lanes[2][0].tip, lanes[3][1].tip)
            let effects = machine.receive(fixture.ordered(1, cut, slot: UInt64(slot)))
            let expected: [[Int]] = [[0, 0, 2, 3, 3], [2, 3, 3, 0, 0], [2, 3, 3, 0, 0]]
            let last = slot == 3 ? [3, 3, 0, 0, 2] : expected[slot % 4]
            let order = effects.executions.first?.batches.map { Int($0.header.lane) }
            #expect(order == last)
            #expect(effects.executions.first?.order.tips[0] == lanes[0][1].tip)
        }
    }

    @Test("a final cut waits for its batches, which are asked for at once, holders first")
    func fetching() throws {
        var machine = fixture.laneMachine(1)
        let batches = fixture.batches(lane: 0, 3)
        _ = machine.hear([batches[0]], from: 0)
        let claims = fixture.vector([batches[2].tip], by: 3)
        _ = machine.hear(.vector(claims), from: 3)
        let effects = machine.receive(fixture.ordered(1, fixture.cut(batches[2].tip)))
        #expect(effects.executions.isEmpty)
        let asked = try #require(effects.requests.first)
        #expect(asked.peer == fixture.keys[3].publicKey)
        #expect(
            asked.request
                == BatchRequest(tip: batches[2].tip, count: 3, block: BlockHeight(1)))
        let timer = try #require(effects.timers.first)
        let again = machine.receive(.timer(timer))
        #expect(again.requests.count == 2, "two more are asked")
        let partly = machine.hear(.answer([batches[2]]), from: 3)
        #expect(partly.requests.map(\.request.tip) == [batches[1].tip])
        let done = machine.hear(.answer([batches[1]]), from: 3)
        #expect(done.executions.map(\.batches) == [batches])
    }

    @Test("an answer that nobody asked for, or that is another batch, is not taken")
    func answers() {
        var machine = fixture.laneMachine(1)
        let batch = fixture.batch(lane: 0)
        #expect(machine.hear(.answer([batch]), from: 0).faults == [.badAnswer])
        _ = machine.receive(fixture.ordered(1, fixture.cut(batch.tip)))
        let other = fixture.batch(lane: 0, payload: [9])
        #expect(machine.hear(.answer([other]), from: 0).faults == [.badAnswer])
        let hollow = Batch(signed: batch.signed, payload: [9])
        #expect(machine.hear(.answer([hollow]), from: 0).faults == [.badPayload])
        #expect(machine.hear(.answer([batch]), from: 0).executions.map(\.batches) == [[batch]])
    }

    @Test("a lane that forked against its order is closed for everybody, whatever they held")
    func closing() {
        let one = fixture.batches(lane: 0, 2, mark: 1)
        let other = fixture.batches(lane: 0, 4, mark: 2)
        let after = fixture.batch(lane: 0, after: other[3])
        let good = fixture.batches(lane: 2, 2)
        var orders: [LaneOrder] = []
        for held in [[], one, other] {
            var machine = fixture.laneMachine(1)
            _ = machine.hear(held, from: 0)
            _ = machine.hear(good, from: 2)
            var run = machine.receive(fixture.ordered(1, fixture.cut(one[1].tip)))
            run += machine.receive(
                fixture.ordered(2, fixture.cut(other[3].tip, good[0].tip)))
            run += machine.receive(fixture.ordered(3, fixture.cut(after.tip, good[1].tip)))
            while run.executions.count < 3 {
                let open = run.requests.suffix(1)
                for (peer, request) in open {
                    let known = (one + other + [after]).filter { $0.tip.lane == 0 }
                    var wanted: [Batch] = []
                    var hash = request.tip.hash
                    while let batch = known.first(where: { $0.hash == hash }) {
                        wanted.append(batch)
                        hash = batch.header.parent
                    }
                    let batches = Array(wanted.prefix(Int(request.count)))
                    run += machine.receive(
                        .messages([LaneDelivery(from: peer, .answer(batches))]))
                }
                guard !open.isEmpty else { break }
            }
            #expect(run.executions.map(\.batches) == [one, [good[0]], [good[1]]])
            #expect(run.executions.map(\.closing) == [[], [0], []])
            orders += run.executions.map(\.order).suffix(1)
        }
        #expect(orders.count == 3 && Set(orders).count == 1)
    }

    @Test("what a node said to hold stays servable when the order went past it")
    func forkedStays() {
        var machine = fixture.laneMachine(1)
        let one = fixture.batch(lane: 0, payload: [1])
        let other = fixture.batches(lane: 0, 3, mark: 2)
        _ = machine.hear(other, from: 0)
        _ = machine.receive(fixture.ordered(1, fixture.cut(one.tip)))
        let found = machine.hear(.answer([one]), from: 0)
        #expect(found.executions.map(\.batches) == [[one]])
        #expect(found.evidence.count == 1)
        #expect(machine.receive(.executed(BlockHeight(1))).prunable == [one.hash])
        let request = BatchRequest(tip: other[2].tip, count: 2)
        #expect(machine.hear(.request(request), from: 2).answers == [[other[2], other[1]]])
    }

    @Test("who keeps what the order went past needs nobody when the order comes back to it")
    func forkedServesItself() {
        var machine = fixture.laneMachine(1)
        let one = fixture.batch(lane: 0, payload: [1])
        let other = fixture.batches(lane: 0, 3, mark: 2)
        _ = machine.hear(other, from: 0)
        _ = machine.receive(fixture.ordered(1, fixture.cut(one.tip)))
        _ = machine.hear(.answer([one]), from: 0)
        _ = machine.receive(.executed(BlockHeight(1)))
        let closed = machine.receive(fixture.ordered(2, fixture.cut(other[2].tip)))
        #expect(closed.executions.map(\.closing) == [[0]])
        #expect(closed.executions.map(\.forked) == [[other[1], other[2]]])
        #expect(closed.requests.isEmpty)
    }

    @Test("two batches of one height are evidence, and their owner is trusted no more")
    func evidence() throws {
        var machine = fixture.laneMachine(1)
        let one = fixture.batch(lane: 0, payload: [1])
        let other = fixture.batch(lane: 0, payload: [2])
        _ = machine.hear([one], from: 0)
        let found = try #require(machine.hear([other], from: 0).evidence.first)
        let offender = found.offender(
            validators: fixture.validators, chain: fixture.chain, epoch: Fixture.epoch)
        #expect(offender == 0)
        let next = fixture.batch(lane: 0, after: one)
        #expect(machine.hear([next], from: 0).isEmpty)
    }

    @Test("a restarted owner continues its lane and says again what it holds")
    func restart() throws {
        var machine = fixture.laneMachine(0)
        let foreign = fixture.batches(lane: 2, 2)
        var records = machine.receive(.payload(OwnPayload([1], transactionCount: 1))).records
        records += machine.hear(foreign, from: 2).records
        let recovered = RecoveredLanes(
            order: LaneOrder(lanes: 4), height: BlockHeight(0),
            records: records.map { .batch($0) })
        var again = LaneMachine(
            configuration: fixture.laneConfiguration, identity: fixture.keys[0],
            recovered: recovered)
        #expect(again.receive(.started).vectors.map(\.entries) == [records.map(\.tip)])
        let greeting = again.receive(.connected(fixture.keys[1].publicKey))
        #expect(greeting.contains(.send(to: fixture.keys[1].publicKey, .batch(records[0]))))
        #expect(again.room == .now)
        let next = try #require(
            again.receive(.payload(OwnPayload([2], transactionCount: 1))).records.first)
        #expect(next.header.height == 2 && next.header.parent == records[0].hash)
    }

    @Test("records of executed batches are named prunable after a restart")
    func restartAfterExecution() throws {
        let batches = fixture.batches(lane: 2, 3)
        var order = LaneOrder(lanes: 4)
        order.tips[2] = batches[1].tip
        var machine = LaneMachine(
            configuration: fixture.laneConfiguration, identity: fixture.keys[0],
            recovered: RecoveredLanes(
                order: order, height: BlockHeight(5), records: batches.map { .batch($0) }))
        let effects = machine.receive(.started)
        #expect(Set(effects.prunable) == [batches[0].hash, batches[1].hash])
        #expect(effects.vectors.map(\.entries) == [[batches[2].tip]])
    }

    @Test("who only follows executes what is ordered, and neither records nor says anything")
    func follower() {
        var machine = fixture.laneMachine(nil)
        let batches = fixture.batches(lane: 0, 2)
        let heard = machine.hear(batches, from: 0)
        #expect(heard.records.isEmpty && heard.vectors.isEmpty)
        #expect(machine.room == .none)
        let effects = machine.receive(fixture.ordered(1, fixture.cut(batches[1].tip)))
        #expect(effects.executions.map(\.batches) == [batches])
    }

    @Test("a validator that lost its records, or meets its own key, makes no batches")
    func silence() {
        let lost = RecoveredLanes(
            order: LaneOrder(lanes: 4), height: BlockHeight(0), records: [], isSilent: true)
        let silent = fixture.laneMachine(0, recovered: lost)
        #expect(silent.room == .none)
        var twin = fixture.laneMachine(0)
        let effects = twin.hear([fixture.batch(lane: 0)], from: 2)
        #expect(effects.contains(.note(.twin)))
        #expect(twin.room == .none)
    }

    @Test("a peer that sends in vain is not heard until the next look")
    func allowance() {
        var machine = fixture.laneMachine(1)
        let good = fixture.batch(lane: 0)
        let forged = Batch(
            signed: SignedBatchHeader(
                header: good.header, signature: fixture.batch(lane: 2).signed.signature),
            payload: good.payload)
        for _ in 0..<LaneLimits.faultsPerLookMax {
            #expect(machine.hear([forged], from: 0).faults == [.badSignature])
        }
        #expect(machine.hear([good], from: 0).isEmpty)
        _ = machine.receive(.timer(.look(1)))
        #expect(machine.hear([good], from: 0).records == [good])
    }

    @Test("what an owner lets nobody link stays within the bound of its lane")
    func flood() {
        var machine = fixture.laneMachine(1)
        let payload = [UInt8](repeating: 0, count: Batch.payloadBytesMax)
        var dropped = 0
        for height in 2..<60 as Range<UInt64> {
            let batch = fixture.batch(lane: 0, payload: payload) {
                $0.height = height
                $0.parent = Fixture.digest(UInt8(height))
            }
            dropped += machine.hear([batch], from: 0).faults.count
        }
        #expect(machine.heldBytes <= LaneLimits.heldBytesMax(lanes: 4))
        #expect(dropped > 0)
        let honest = fixture.batch(lane: 2)
        #expect(machine.hear([honest], from: 2).records == [honest], "others have their own room")
    }

    @Test("a request for what was executed goes to the host, one for nothing is not answered")
    func serving() {
        var machine = fixture.laneMachine(1)
        let batches = fixture.batches(lane: 0, 2)
        _ = machine.hear(batches, from: 0)
        _ = machine.receive(fixture.ordered(1, fixture.cut(batches[0].tip)))
        let first = BatchRequest(tip: batches[0].tip, count: 1, block: BlockHeight(1))
        #expect(machine.hear(.request(first), from: 2).answers == [[batches[0]]])
        _ = machine.receive(.executed(BlockHeight(1)))
        let peer = fixture.keys[2].publicKey
        #expect(machine.hear(.request(first), from: 2) == [.serveBatches(to: peer, first)])
        let unknown = LaneTip(lane: 0, height: 9, hash: Fixture.digest(9))
        #expect(machine.hear(.request(BatchRequest(tip: unknown, count: 1)), from: 2).isEmpty)
    }
}

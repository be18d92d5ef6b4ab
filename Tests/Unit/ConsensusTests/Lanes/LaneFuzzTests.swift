// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("Anything into a lane machine")
struct LaneFuzzTests {
    /// A few lanes with forks, all validly signed, so that random messages often fit together.
    private struct World {
        let fixture = Fixture()
        var batches: [Batch] = []
        var dice: Dice

        init(seed: UInt64) {
            dice = Dice(seed: seed)
            for lane in [0, 2, 3] {
                let trunk = fixture.batches(lane: lane, 8, mark: 0)
                batches += trunk
                batches += fixture.batches(lane: lane, 4, mark: 1, after: trunk[dice.below(8)])
                batches += fixture.batches(lane: lane, 4, mark: 2)
            }
        }

        mutating func anyBatch() -> Batch { batches[dice.below(batches.count)] }

        mutating func below(_ batch: Batch) -> [Batch] {
            var list = [batch]
            while let last = list.last, list.count <= dice.below(8),
                let parent = batches.first(where: { $0.hash == last.header.parent })
            {
                list.append(parent)
            }
            return list
        }

        /// What a peer that holds everything would answer.
        func answer(to request: BatchRequest, by peer: PublicKey) -> LaneInput {
            var list: [Batch] = []
            var hash = request.tip.hash
            while list.count < Int(request.count),
                let batch = batches.first(where: { $0.hash == hash })
            {
                list.append(batch)
                hash = batch.header.parent
            }
            return .messages([LaneDelivery(from: peer, .answer(list))])
        }

        mutating func anyCut() -> Cut {
            let tips = (0..<3).map { _ in anyBatch().tip }
            return Cut(tips) ?? Cut([tips[0]]) ?? .empty
        }

        mutating func anyMessage() -> LaneMessage {
            let message: LaneMessage
            switch dice.below(6) {
            case 0, 1: message = .batch(anyBatch())
            case 2:
                let tips = anyCut().tips
                message = .vector(fixture.vector(tips, by: [0, 2, 3][dice.below(3)]))
            case 3:
                message = .request(
                    BatchRequest(tip: anyBatch().tip, count: UInt16(1 + dice.below(64))))
            default: message = .answer(below(anyBatch()))
            }
            return dice.happens(perMille: 150) ? mutated(message) : message
        }

        private mutating func mutated(_ message: LaneMessage) -> LaneMessage {
            var bytes = message.canonicalBytes
            bytes[dice.below(bytes.count)] ^= UInt8(1 << dice.below(8))
            return (try? LaneMessage(canonicalBytes: bytes)) ?? message
        }

        mutating func anyInput(height: inout UInt64, timers: [LaneTimer]) -> LaneInput {
            let peer = fixture.keys[[0, 2, 3][dice.below(3)]].publicKey
            switch dice.below(20) {
            case 0: return .connected(peer)
            case 1: return .disconnected(peer)
            case 2, 3:
                let timer = timers.isEmpty ? LaneTimer.look(1) : timers[dice.below(timers.count)]
                return .timer(timer)
            case 4: return .payload(OwnPayload([UInt8(dice.below(256))], transactionCount: 1))
            case 5:
                return fixture.question(
                    anyCut(), ancestors: [anyCut()], block: UInt8(dice.below(256)),
                    slot: height + UInt64(dice.below(3)))
            case 6:
                height += 1
                return fixture.ordered(height, anyCut())
            case 7: return .executed(BlockHeight(UInt64(dice.below(Int(height) + 1))))
            default:
                return .messages(
                    (0...dice.below(3)).map { _ in LaneDelivery(from: peer, anyMessage()) })
            }
        }
    }

    @Test("no sequence of inputs breaks a bound or a promise", arguments: 0..<6 as Range<UInt64>)
    func sequences(seed: UInt64) {
        var world = World(seed: seed)
        var machine = world.fixture.laneMachine(1)
        var height: UInt64 = 0
        var timers: [LaneTimer] = []
        var asked: [(peer: PublicKey, request: BatchRequest)] = []
        var executed: UInt64 = 0
        var answered: Set<Digest> = []
        var held: Set<LaneTip> = []
        for _ in 0..<400 {
            let input: LaneInput
            if let (peer, request) = asked.popLast(), world.dice.happens(perMille: 700) {
                input = world.answer(to: request, by: peer)
            } else {
                input = world.anyInput(height: &height, timers: timers)
            }
            if case .judge(let question) = input { answered.remove(question.block) }
            let effects = machine.receive(input)
            timers = (timers + effects.timers).suffix(20)
            asked = (asked + effects.requests).suffix(8)
            held.formUnion(effects.records.map(\.tip))
            let first = effects.firstIndex { !$0.isRecord } ?? effects.count
            #expect(effects[first...].allSatisfy { !$0.isRecord }, "records come first")
            for vector in effects.vectors {
                #expect(vector.entries.allSatisfy(held.contains), "it claims what is durable")
                #expect(AvailabilityVector.isOrdered(vector.entries))
            }
            for execution in effects.executions {
                executed += 1
                #expect(execution.height.value == executed, "each height once, in order")
            }
            for case .verdict(let block, _) in effects {
                #expect(answered.insert(block).inserted, "a question is answered once")
            }
            check(machine)
        }
        #expect(executed > 0 && !held.isEmpty)
    }

    private func check(_ machine: LaneMachine) {
        for lane in machine.lanes {
            var tip = lane.base
            for batch in lane.chain {
                #expect(batch.header.parent == tip.hash && batch.header.height == tip.height + 1)
                tip = batch.tip
            }
            #expect(lane.chainBytes == lane.chain.reduce(0) { $0 + $1.payload.count })
            #expect(lane.looseBytes == lane.loose.reduce(0) { $0 + $1.payload.count })
            #expect(lane.orderedBytes >= 0 && lane.missingSegments >= 0)
        }
        #expect(machine.waiting.count <= LaneLimits.waitingCutsMax)
        if machine.cuts.isEmpty {
            #expect(machine.lanes.allSatisfy { $0.orderedBytes == 0 }, "nothing is counted twice")
        }
    }
}

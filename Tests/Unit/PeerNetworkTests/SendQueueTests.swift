// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import PeerNetwork

@Suite("What waits to be sent (TRANSPORT-11 to TRANSPORT-13)")
struct SendQueueTests {
    private func message(_ count: Int, _ priority: SendPriority) -> Frame {
        Frame(
            kind: .message, channel: 0, priority: priority,
            bytes: [UInt8](repeating: priority.rawValue, count: count))
    }

    private func frames(_ records: some Sequence<[UInt8]>) throws -> [Frame] {
        var assembler = FrameAssembler(messageBytesMax: 8 << 20)
        var frames: [Frame] = []
        for record in records { try assembler.receive(record, into: &frames) }
        return frames
    }

    @Test("a vote overtakes a blob that is already under way")
    func overtaking() throws {
        var queue = SendQueue(limits: QueueLimits())
        queue.append(message(4 << 20, .bulk))
        _ = queue.nextFlush()
        queue.append(message(100, .transactions))
        queue.append(message(200, .consensus))
        let record = try #require(queue.nextFlush().records.first)
        let first = try #require(ChunkHeader(record, at: 0))
        let second = try #require(ChunkHeader(record, at: ChunkHeader.byteCount + 200))
        #expect(first.priority == .consensus)
        #expect(first.isLast)
        #expect(second.priority == .transactions)
        #expect(second.isLast)
    }

    @Test("a busy class leaves the last record of a flush to the others")
    func fairness() throws {
        var queue = SendQueue(limits: QueueLimits())
        queue.append(message(8 << 20, .consensus))
        queue.append(message(8 << 20, .transactions))
        queue.append(message(150, .bulk))
        let flush = queue.nextFlush()
        #expect(flush.records.count == SendQueue.flushRecordsMax)
        #expect(flush.completed == 1)
        let classes = try flush.records.map { try #require(ChunkHeader($0, at: 0)).priority }
        #expect(classes == [.consensus, .consensus, .consensus, .bulk])
    }

    @Test("a class that is full has no room, the others still have")
    func limits() {
        var limits = QueueLimits()
        limits.bulkBytesMax = 10_000
        var queue = SendQueue(limits: limits)
        let size = 1_000
        var taken = 0
        while queue.hasRoom(for: size, in: .bulk) {
            queue.append(message(size, .bulk))
            taken += 1
        }
        #expect(taken == 10_000 / (size + SendQueue.frameOverheadBytes))
        #expect(queue.hasRoom(for: size, in: .consensus))
        #expect(queue.bytes <= 10_000)
        _ = queue.nextFlush()
        #expect(queue.isEmpty)
        #expect(queue.bytes == 0)
    }

    @Test("an empty class takes one frame of any length")
    func oneLong() {
        var limits = QueueLimits()
        limits.bulkBytesMax = 10
        var queue = SendQueue(limits: limits)
        #expect(queue.hasRoom(for: 1_000, in: .bulk))
        queue.append(message(1_000, .bulk))
        #expect(!queue.hasRoom(for: 0, in: .bulk))
    }

    @Test("any number of pings holds one place")
    func pings() throws {
        var queue = SendQueue(limits: QueueLimits())
        for id in 0..<100 { queue.setPong(UInt64(id)) }
        let frames = try frames(queue.nextFlush().records)
        #expect(frames == [.control(.pong, UInt64(99).eightBytes)])
        #expect(queue.isEmpty)
    }

    @Test("a first-in first-out queue agrees with an array")
    func fifo() {
        var numbers = SeededNumbers(6)
        var fifo = Fifo<Int>()
        var model: [Int] = []
        for step in 0..<5_000 {
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0, 1:
                fifo.append(step)
                model.append(step)
            case 2 where step.isMultiple(of: 97):
                fifo.removeAll { $0.isMultiple(of: 3) }
                model.removeAll { $0.isMultiple(of: 3) }
            default:
                #expect(fifo.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(fifo.count == model.count)
            #expect(fifo.first == model.first)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import PeerNetwork

@Suite("Records and frames (TRANSPORT-8 to TRANSPORT-10)")
struct FramingTests {
    private func message(
        _ count: Int, _ priority: SendPriority = .bulk, channel: UInt8 = 3
    ) -> Frame {
        Frame(
            kind: .message, channel: channel, priority: priority,
            bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    }

    /// All that waits in a queue, as the bytes of the stream.
    private func drain(_ queue: inout SendQueue) -> [UInt8] {
        var bytes: [UInt8] = []
        while !queue.isEmpty { bytes += queue.nextFlush().records.joined() }
        return bytes
    }

    private func frames(
        of bytes: [UInt8], messageBytesMax: Int = 8 << 20
    ) throws -> [Frame] {
        var assembler = FrameAssembler(messageBytesMax: messageBytesMax)
        var frames: [Frame] = []
        try assembler.receive(bytes, into: &frames)
        return frames
    }

    @Test("frames of all lengths arrive whole and in order within their class")
    func roundTrip() throws {
        var numbers = SeededNumbers(3)
        var queue = SendQueue(limits: QueueLimits())
        var sent: [Frame] = []
        for length in [0, 1, 65_491, 65_499, 65_500, 65_507, 131_072, 200_000] {
            for priority in SendPriority.allCases {
                sent.append(message(length, priority, channel: UInt8(length & 0xff)))
            }
        }
        sent.shuffle(using: &numbers)
        for frame in sent { queue.append(frame) }
        let stream = drain(&queue)
        // However a stream is cut: into large pieces, and into pieces of a few bytes.
        for most in [90_000, 5] {
            var assembler = FrameAssembler(messageBytesMax: 8 << 20)
            var received: [Frame] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...most, using: &numbers))
                rest = rest.dropFirst(piece.count)
                try assembler.receive(Array(piece), into: &received)
            }
            for priority in SendPriority.allCases {
                let before = sent.filter { $0.priority == priority }
                #expect(received.filter { $0.priority == priority } == before)
            }
            #expect(received.count == sent.count)
        }
    }

    @Test("many small frames share one record")
    func batching() {
        var queue = SendQueue(limits: QueueLimits())
        for _ in 0..<500 { queue.append(message(100, .consensus)) }
        let flush = queue.nextFlush()
        #expect(flush.records.count == 1)
        #expect(flush.completed == 500)
        #expect(queue.isEmpty)
    }

    @Test("a ping between the chunks of a long frame breaks nothing")
    func pingInside() throws {
        var queue = SendQueue(limits: QueueLimits())
        let long = message(600_000, .consensus)
        queue.append(long)
        var stream = Array(queue.nextFlush().records.joined())
        queue.setPing(5)
        queue.setPong(6)
        stream += drain(&queue)
        let frames = try frames(of: stream)
        #expect(frames.map(\.kind) == [.ping, .pong, .message])
        #expect(frames.last == long)
    }

    @Test("an announced length above the limit is refused with its first chunk's header")
    func tooLong() throws {
        var queue = SendQueue(limits: QueueLimits())
        queue.append(message(100_001))
        let flush = try #require(queue.nextFlush().records.first)
        #expect(throws: DisconnectReason.messageTooLong(length: 100_001, limit: 100_000)) {
            try frames(of: Array(flush.prefix(9)), messageBytesMax: 100_000)
        }
    }

    @Test("the last of the receiver's room is for what is urgent")
    func urgentRoom() {
        var queue = SendQueue(limits: QueueLimits())
        queue.append(message(500_000, .bulk))
        let first = queue.nextFlush(room: 200_000)
        let sent = first.records.reduce(0) { $0 + $1.count }
        #expect(sent <= 200_000 - SendQueue.urgentRoomBytes)
        #expect(queue.nextFlush(room: 200_000 - sent).records.reduce(0) { $0 + $1.count } < 2_000)
        queue.append(message(10_000, .consensus))
        #expect(queue.nextFlush(room: SendQueue.urgentRoomBytes).completed == 1)
        #expect(queue.nextFlush(room: SendQueue.urgentRoomBytes).records.isEmpty)
        #expect(queue.nextFlush(room: 10).records.isEmpty)
    }

    @Test("an announced length reserves no memory, and a request's id is not counted")
    func limits() throws {
        let channel = Channel(1, priority: .bulk)
        let request = Frame.numbered(
            .request, id: 77, channel: channel, bytes: [UInt8](repeating: 1, count: 10))
        let frames = try frames(of: SendQueue.record(of: request), messageBytesMax: 10)
        #expect(frames == [request])
        #expect(frames[0].id == 77)
        #expect(frames[0].body.count == 10)
    }

    /// A chunk with any header, as a hostile peer may seal it.
    private func chunk(
        _ kind: FrameKind, first: Bool, last: Bool, _ bytes: [UInt8], total: Int,
        channel: UInt8 = 0
    ) -> [UInt8] {
        var record: [UInt8] = []
        ChunkHeader(
            kind: kind, priority: .bulk, isFirst: first, isLast: last, channel: channel,
            count: bytes.count, total: total
        ).write(to: &record)
        return record + bytes
    }

    @Test("chunks that contradict each other are refused")
    func contradictions() {
        let open = chunk(.message, first: true, last: false, [1], total: 3)
        let bad: [[UInt8]] = [
            [0xf0, 0, 0, 0, 0, 0, 0, 0],
            [0x03, 0, 0, 0, 0, 0, 0, 0],
            chunk(.message, first: false, last: true, [1], total: 1),
            chunk(.message, first: true, last: true, [1], total: 2),
            chunk(.message, first: true, last: true, [1, 2], total: 1),
            chunk(.message, first: true, last: false, [], total: 3),
            chunk(.message, first: true, last: false, [1], total: 1),
            chunk(.request, first: true, last: true, [1, 2], total: 2),
            chunk(.ping, first: true, last: true, [1], total: 1),
            chunk(.ping, first: true, last: false, [1, 2, 3, 4, 5, 6, 7, 8], total: 9),
            open + open,
            open + chunk(.message, first: false, last: false, [], total: 3),
            open + chunk(.message, first: false, last: true, [2], total: 3),
            open + chunk(.message, first: false, last: true, [2, 3], total: 4),
            open + chunk(.message, first: false, last: true, [2, 3], total: 3, channel: 9),
            open + chunk(.answer, first: false, last: true, [2, 3], total: 3),
        ]
        for (index, record) in bad.enumerated() {
            var assembler = FrameAssembler(messageBytesMax: 1_000)
            var frames: [Frame] = []
            #expect(throws: DisconnectReason.malformedRecord, "case \(index)") {
                try assembler.receive(record, into: &frames)
            }
        }
    }

    @Test("mutated and random records never trap and never give more than they hold")
    func mutations() {
        var numbers = SeededNumbers(4)
        let honest =
            chunk(.message, first: true, last: false, [1, 2, 3], total: 5)
            + SendQueue.record(of: .control(.ping, UInt64(9).eightBytes))
            + chunk(.message, first: false, last: true, [4, 5], total: 5)
        for round in 0..<3_000 {
            var record =
                round.isMultiple(of: 2)
                ? honest : numbers.bytes(Int.random(in: 0...80, using: &numbers))
            for _ in 0..<Int.random(in: 1...3, using: &numbers) where !record.isEmpty {
                let index = Int.random(in: 0..<record.count, using: &numbers)
                record[index] = UInt8.random(in: 0...255, using: &numbers)
            }
            var assembler = FrameAssembler(messageBytesMax: 64)
            var frames: [Frame] = []
            try? assembler.receive(record, into: &frames)
            #expect(frames.reduce(0) { $0 + $1.bytes.count } <= record.count)
        }
    }
}

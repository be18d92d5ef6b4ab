// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import PeerNetwork

@Suite("Records and frames (TRANSPORT-7 to TRANSPORT-10)")
struct FramingTests {
    private func message(
        _ count: Int, _ priority: SendPriority = .bulk, channel: UInt8 = 3
    ) -> Frame {
        Frame(
            kind: .message, channel: channel, priority: priority,
            bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    }

    private func reader(
        _ session: NoiseSession, messageBytesMax: Int = 8 << 20
    ) -> RecordReader {
        RecordReader(cipher: session.receiving, messageBytesMax: messageBytesMax)
    }

    /// All that waits in a queue, sealed.
    private func drain(_ queue: inout SendQueue, _ writer: inout RecordWriter) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while !queue.isEmpty { bytes += try writer.seal(queue.nextFlush().records) }
        return bytes
    }

    @Test("frames of all lengths arrive whole and in order within their class")
    func roundTrip() throws {
        let (sender, receiver) = try Persons.sessions()
        var numbers = SeededNumbers(3)
        var queue = SendQueue(limits: QueueLimits())
        var writer = RecordWriter(cipher: sender.sending)
        var reader = reader(receiver)
        var sent: [Frame] = []
        for length in [0, 1, 65_503, 65_511, 65_512, 65_519, 131_072, 200_000] {
            for priority in SendPriority.allCases {
                sent.append(message(length, priority, channel: UInt8(length & 0xff)))
            }
        }
        sent.shuffle(using: &numbers)
        for frame in sent { queue.append(frame) }
        let stream = try drain(&queue, &writer)
        var received: [Frame] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...90_000, using: &numbers))
            rest = rest.dropFirst(piece.count)
            received += try reader.receive(Array(piece))
        }
        for priority in SendPriority.allCases {
            let before = sent.filter { $0.priority == priority }
            #expect(received.filter { $0.priority == priority } == before)
        }
        #expect(received.count == sent.count)
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
        let (sender, receiver) = try Persons.sessions()
        var queue = SendQueue(limits: QueueLimits())
        var writer = RecordWriter(cipher: sender.sending)
        var reader = reader(receiver)
        let long = message(600_000, .consensus)
        queue.append(long)
        var frames = try reader.receive(writer.seal(queue.nextFlush().records))
        queue.setPing(5)
        queue.setPong(6)
        frames += try reader.receive(drain(&queue, &writer))
        #expect(frames.map(\.kind) == [.ping, .pong, .message])
        #expect(frames.last == long)
    }

    @Test("a changed byte anywhere in a record is found")
    func tampering() throws {
        let (sender, receiver) = try Persons.sessions()
        var writer = RecordWriter(cipher: sender.sending)
        let sealed = try writer.seal(message(40))
        for index in sealed.indices.dropFirst(RecordBuffer.lengthBytes) {
            var forged = sealed
            forged[index] ^= 0x80
            var reader = reader(receiver)
            #expect(throws: DisconnectReason.recordForged, "byte \(index)") {
                try reader.receive(forged)
            }
        }
    }

    @Test("a replayed or skipped record is found")
    func replay() throws {
        let (sender, receiver) = try Persons.sessions()
        var writer = RecordWriter(cipher: sender.sending)
        let first = try writer.seal(message(10))
        let second = try writer.seal(message(10))
        var replayed = reader(receiver)
        #expect(throws: DisconnectReason.recordForged) { try replayed.receive(first + first) }
        var skipped = reader(receiver)
        #expect(throws: DisconnectReason.recordForged) { try skipped.receive(second) }
    }

    @Test("a record too short for a frame is refused before it has arrived")
    func tooShort() throws {
        let (_, receiver) = try Persons.sessions()
        for count in 0..<RecordBuffer.recordBytesMin {
            var reader = reader(receiver)
            #expect(throws: DisconnectReason.malformedRecord) {
                try reader.receive([0, UInt8(count)])
            }
        }
    }

    @Test("an announced length above the limit is refused with its first chunk")
    func tooLong() throws {
        let (sender, receiver) = try Persons.sessions()
        var queue = SendQueue(limits: QueueLimits())
        var writer = RecordWriter(cipher: sender.sending)
        queue.append(message(100_001))
        let flush = try writer.seal(queue.nextFlush().records)
        var reader = reader(receiver, messageBytesMax: 100_000)
        #expect(throws: DisconnectReason.messageTooLong(length: 100_001, limit: 100_000)) {
            try reader.receive(flush)
        }
    }

    @Test("an announced length reserves no memory, and a request's id is not counted")
    func limits() throws {
        var assembler = FrameAssembler(messageBytesMax: 10)
        var frames: [Frame] = []
        let channel = Channel(1, priority: .bulk)
        let request = Frame.numbered(
            .request, id: 77, channel: channel, bytes: [UInt8](repeating: 1, count: 10))
        try assembler.receive(SendQueue.record(of: request), into: &frames)
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
            [],
            [0, 1, 2],
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

    @Test("random streams never trap a reader")
    func randomStreams() throws {
        let (_, receiver) = try Persons.sessions()
        var numbers = SeededNumbers(5)
        for _ in 0..<200 {
            var reader = reader(receiver)
            var bytes = numbers.bytes(400)
            bytes[0] = 0
            #expect(throws: DisconnectReason.self) {
                while true { bytes = try reader.receive(bytes).isEmpty ? [0, 24] + bytes : bytes }
            }
        }
    }
}

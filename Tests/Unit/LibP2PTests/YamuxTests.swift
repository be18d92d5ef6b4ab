// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import LibP2P

@Suite("Yamux (LIBP-14 to LIBP-16)")
struct YamuxTests {
    private var client = YamuxSession(side: .client, streamsMax: 4)
    private var server = YamuxSession(side: .server, streamsMax: 4)

    @Test("a new stream is the twelve bytes of the specification")
    mutating func header() {
        #expect(client.open() == 1)
        #expect(Hexadecimal.encode(client.takeOutput().bytes) == "000100010000000100000000")
        #expect(server.open() == 2)
        #expect(client.open() == 3)
    }

    @Test("what one side writes the other reads, and both ends close the stream")
    mutating func exchange() throws {
        let stream = must(client.open())
        #expect(client.write([1, 2, 3], on: stream) == 3)
        client.finish(stream)
        #expect(
            try server.receive(client.takeOutput().bytes)
                == [.opened(1), .data(1, [1, 2, 3]), .finished(1)])
        #expect(server.write([4], on: 1) == 1)
        server.finish(1)
        #expect(try client.receive(server.takeOutput().bytes) == [.data(1, [4]), .finished(1)])
        #expect(client.streamCount == 0)
        #expect(server.streamCount == 0)
        #expect(server.write([5], on: 1) == 0)
    }

    @Test("a sender stops at the window and goes on when the reader has consumed")
    mutating func windows() throws {
        let stream = must(client.open())
        let bytes = [UInt8](repeating: 7, count: YamuxSession.windowBytes + 10)
        #expect(client.write(bytes[...], on: stream) == YamuxSession.windowBytes)
        #expect(client.write([1], on: stream) == 0)
        _ = try server.receive(client.takeOutput().bytes)
        server.consumed(stream, count: YamuxSession.windowBytes / 2 - 1)
        _ = try client.receive(server.takeOutput().bytes)
        #expect(client.write([1], on: stream) == 0)
        server.consumed(stream, count: 1)
        #expect(try client.receive(server.takeOutput().bytes) == [.writable(stream)])
        #expect(client.write(bytes[...], on: stream) == YamuxSession.windowBytes / 2)
    }

    @Test("a session with much to write makes its streams wait until it is written")
    mutating func backPressure() throws {
        let streams = (0..<3).map { _ in must(client.open()) }
        let bytes = [UInt8](repeating: 7, count: YamuxSession.windowBytes)
        let taken = streams.map { client.write(bytes[...], on: $0) }
        #expect(taken[0] == bytes.count)
        #expect(taken[1] < bytes.count || taken[2] < bytes.count)
        #expect(client.unsentCount <= YamuxSession.unsentBytesMax + bytes.count)
        #expect(client.takeOutput().events.contains(.writable(streams[2])))
    }

    @Test("more bytes than the window ends the session")
    mutating func windowExceeded() throws {
        let stream = must(client.open())
        _ = try server.receive(client.takeOutput().bytes)
        let half = YamuxSession.windowBytes / 2
        var frame: [UInt8] = []
        YamuxHeader(.data, stream: stream, length: UInt32(half)).append(to: &frame)
        frame += [UInt8](repeating: 0, count: half)
        _ = try server.receive(frame)
        _ = try server.receive(frame)
        #expect(throws: YamuxFailure.windowExceeded(stream)) {
            YamuxHeader(.data, stream: stream, length: 1).append(to: &frame)
            _ = try server.receive(Array(frame.suffix(12)) + [0])
        }
    }

    @Test("streams beyond the limit are refused one by one, and room comes back")
    mutating func streamLimit() throws {
        let streams = (0..<5).map { _ in must(client.open()) }
        let events = try server.receive(client.takeOutput().bytes)
        #expect(events == streams.prefix(4).map { .opened($0) })
        #expect(try client.receive(server.takeOutput().bytes) == [.reset(9)])
        client.reset(1)
        let next = must(client.open())
        #expect(try server.receive(client.takeOutput().bytes) == [.reset(1), .opened(next)])
    }

    @Test("a stream of the wrong side, or opened twice, ends the session")
    mutating func badStreams() {
        for stream in [UInt32(0), 2] {
            var frame: [UInt8] = []
            YamuxHeader(.windowUpdate, .syn, stream: stream, length: 0).append(to: &frame)
            var other = server
            #expect(throws: YamuxFailure.badStream(stream)) { try other.receive(frame) }
        }
        var frame: [UInt8] = []
        YamuxHeader(.windowUpdate, .syn, stream: 1, length: 0).append(to: &frame)
        #expect(throws: YamuxFailure.badStream(1)) { try server.receive(frame + frame) }
    }

    @Test("pings come back with their number; a flood of them ends the session")
    mutating func pings() throws {
        client.ping(77)
        _ = try server.receive(client.takeOutput().bytes)
        #expect(try client.receive(server.takeOutput().bytes) == [.pong(77)])
        for _ in 0...YamuxSession.pongsMax { client.ping(1) }
        let flood = client.takeOutput().bytes
        #expect(throws: YamuxFailure.tooManyPings) { try server.receive(flood) }
    }

    @Test("after a going away no stream can be opened, and those that are open go on")
    mutating func goingAway() throws {
        let stream = must(client.open())
        _ = try server.receive(client.takeOutput().bytes)
        server.goAway(0)
        #expect(try client.receive(server.takeOutput().bytes) == [.goneAway(0)])
        #expect(client.open() == nil)
        #expect(client.write([1], on: stream) == 1)
    }

    @Test("seeded traffic arrives whole on every stream however it is cut")
    mutating func traffic() throws {
        var numbers = SeededNumbers(9)
        var sent: [UInt32: [UInt8]] = [:]
        var got: [UInt32: [UInt8]] = [:]
        let streams = (0..<4).map { _ in must(client.open()) }
        var wire: [UInt8] = []
        for _ in 0..<600 {
            let stream = must(streams.randomElement(using: &numbers))
            let bytes = numbers.bytes(Int.random(in: 0...3_000, using: &numbers))
            let taken = client.write(bytes[...], on: stream)
            sent[stream, default: []] += bytes.prefix(taken)
            wire += client.takeOutput().bytes
            let count = Int.random(in: 0...wire.count, using: &numbers)
            for event in try server.receive(Array(wire.prefix(count))) {
                guard case .data(let stream, let bytes) = event else { continue }
                got[stream, default: []] += bytes
                server.consumed(stream, count: bytes.count)
            }
            wire.removeFirst(count)
            _ = try client.receive(server.takeOutput().bytes)
        }
        for event in try server.receive(wire) {
            if case .data(let stream, let bytes) = event { got[stream, default: []] += bytes }
        }
        #expect(got == sent)
    }

    @Test("a session survives any frames and never holds more streams than its limit")
    func fuzz() {
        var numbers = SeededNumbers(10)
        for _ in 0..<300 {
            var server = YamuxSession(side: .server, streamsMax: 4)
            _ = server.open()
            for _ in 0..<60 {
                let kind = must(
                    YamuxHeader.Kind(rawValue: UInt8.random(in: 0...3, using: &numbers)))
                let flags = YamuxHeader.Flags(rawValue: UInt16.random(in: 0...15, using: &numbers))
                let length = UInt32.random(in: 0...40, using: &numbers)
                var frame: [UInt8] = []
                YamuxHeader(
                    kind, flags, stream: UInt32.random(in: 0...12, using: &numbers), length: length
                ).append(to: &frame)
                if kind == .data { frame += numbers.bytes(Int(length)) }
                if Bool.random(using: &numbers) { frame = numbers.mutated(frame) }
                guard (try? server.receive(frame)) != nil else { break }
                #expect(server.streamCount <= 5)
                if Bool.random(using: &numbers) { server.reset(2) }
            }
        }
    }
}

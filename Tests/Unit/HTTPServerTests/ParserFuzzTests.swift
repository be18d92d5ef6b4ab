// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTPServer

/// Damaged messages never do harm, and how they were split never matters (HTTP-3).
@Suite("HTTP: fuzz")
struct ParserFuzzTests {
    private static let requests = [
        "GET /v1/jobs/7?x=1 HTTP/1.1\r\nHost: node:80\r\nAccept: */*\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
        "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: v\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "PUT http://a/b HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    ]

    @Test("damaged requests give the same outcome however they are split", arguments: 1...20)
    func requests(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<30 {
            var bytes: [UInt8] = []
            for _ in 0...numbers.below(3) { bytes += Array(numbers.pick(Self.requests).utf8) }
            numbers.damage(&bytes)
            #expect(Outcome([bytes]) == Outcome(numbers.split(bytes)))
        }
    }

    @Test("any bytes are survived", arguments: 1...10)
    func noise(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<50 {
            let bytes = (0..<numbers.below(200)).map { _ in
                UInt8(truncatingIfNeeded: numbers.next())
            }
            #expect(Outcome([bytes]) == Outcome(numbers.split(bytes)))
            #expect(ResponseOutcome([bytes]) == ResponseOutcome(numbers.split(bytes)))
        }
    }

    @Test("damaged responses give the same outcome however they are split", arguments: 1...20)
    func responses(seed: UInt64) {
        let responses = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nDate: x\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.0 200\r\n\r\nuntil the end",
        ]
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<30 {
            var bytes: [UInt8] = []
            for _ in 0...numbers.below(3) { bytes += Array(numbers.pick(responses).utf8) }
            numbers.damage(&bytes)
            #expect(ResponseOutcome([bytes]) == ResponseOutcome(numbers.split(bytes)))
        }
    }

    @Test("damaged event streams give the same events however they are split", arguments: 1...20)
    func events(seed: UInt64) {
        let stream =
            "\u{FEFF}: hello\nid: 1\nevent: block\ndata: a\ndata: b\n\ndata:c\r\n\r\nretry: 10\r"
            + "id\rdata\r\r"
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<30 {
            var bytes = Array(stream.utf8)
            numbers.damage(&bytes)
            #expect(events(in: [bytes]) == events(in: numbers.split(bytes)))
        }
    }

    private func events(in pieces: [[UInt8]]) -> [ServerSentEvent] {
        var parser = EventStreamParser()
        var events: [ServerSentEvent] = []
        for piece in pieces {
            parser.feed(piece)
            while let event = try? parser.next() { events.append(event) }
        }
        return events
    }
}

/// What the parser of responses gave for some bytes.
struct ResponseOutcome: Hashable {
    var events: [ResponseParser.Event] = []
    var refusal: HTTPRefusal?

    init(_ pieces: [[UInt8]], to method: HTTPMethod = .get) {
        var parser = ResponseParser()
        parser.expect(method)
        for piece in pieces {
            parser.feed(piece)
            do throws(HTTPRefusal) {
                while let event = try parser.next() { add(event) }
            } catch {
                refusal = error
                return
            }
        }
    }

    private mutating func add(_ event: ResponseParser.Event) {
        if case .body(let more) = event, case .body(let bytes)? = events.last {
            events[events.count - 1] = .body(bytes + more)
        } else {
            events.append(event)
        }
    }
}

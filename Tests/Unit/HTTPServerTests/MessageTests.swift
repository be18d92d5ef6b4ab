// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing

@testable import HTTPServer

/// The values messages are made of.
@Suite("HTTP: messages")
struct MessageTests {
    @Test("a problem is written as one JSON object with its members in order and all text escaped")
    func problem() {
        let problem = Problem(
            .unprocessable, type: "/problems/refused", title: "Refused", detail: "a \"b\"\n\\",
            instance: "/v1/jobs/7",
            members: [
                ("code", .text("MARKET")), ("limit", .unsigned(5)), ("delta", .number(-5)),
                ("final", .flag(true)), ("list", .rendered(Array("[1]".utf8))),
            ])
        #expect(
            String(decoding: problem.bytes, as: UTF8.self)
                == "{\"type\":\"/problems/refused\",\"title\":\"Refused\",\"status\":422,"
                + "\"detail\":\"a \\\"b\\\"\\u000a\\\\\",\"instance\":\"/v1/jobs/7\","
                + "\"code\":\"MARKET\",\"limit\":5,\"delta\":-5,\"final\":true,\"list\":[1]}")
        #expect(problem.response.fields["content-type"] == "application/problem+json")
    }

    @Test(
        "moments are written as RFC 9110 has them",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(UInt64, String)])
    func dates(seconds: UInt64, text: String) {
        #expect(DateField.text(unixSeconds: seconds) == text)
    }

    @Test("a field that could make another line is not safe")
    func fields() {
        #expect(HTTPField("X-A", "b c").isSafe)
        for value in ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b"] {
            #expect(!HTTPField("X", value).isSafe)
        }
        for name in ["", "a b", "a:", "a\r\nb", "é"] { #expect(!HTTPField(name, "x").isSafe) }
    }

    @Test("setting a field replaces all of its name in any case")
    func fieldNames() {
        var fields: HTTPFields = ["A": "1", "b": "2", "a": "3"]
        fields["a"] = "4"
        #expect(fields.values("A") == ["4"])
        #expect(fields["B"] == "2")
        fields["b"] = nil
        #expect(fields.all.count == 1)
    }

    @Test(
        "an address gives endpoint and target",
        arguments: [
            ("http://127.0.0.1:8080/v1?x=1", "127.0.0.1:8080", "/v1?x=1"),
            ("http://node", "node:80", "/"), ("HTTP://node?x", "node:80", "/?x"),
            ("http://[::1]:81/", "[::1]:81", "/"), ("http://[::1]", "[::1]:80", "/"),
        ])
    func addresses(text: String, endpoint: String, target: String) {
        let address = HTTPAddress(text)
        #expect(address?.endpoint.description == endpoint)
        #expect(address?.target == target)
    }

    @Test(
        "what is no address of this form is refused",
        arguments: [
            "", "http://", "https://", "http:///x", "http://a:0/", "http://a:b/", "http://a b/",
            "http://a/\r\nX: y", "http://u@a/", "http://a/#f", "http://a/é", "ftp://a/",
        ])
    func badAddresses(text: String) { #expect(HTTPAddress(text) == nil) }

    @Test("a path and query are joined to an address with their texts encoded")
    func building() {
        let address = HTTPAddress("http://a:1/base")?
            .at("/v1/\(HTTPAddress.encoded("a/b é"))", query: [("q", "x&y"), ("r", "")])
        #expect(address?.description == "http://a:1/v1/a%2Fb%20%C3%A9?q=x%26y&r=")
    }

    @Test("an event's text cannot end it or begin another")
    func eventLines() {
        let event = ServerSentEvent(
            "a\r\nb\rc\n\nid: 7", name: "x\nid: 9", id: "1\r\n\r\ndata: evil",
            retryMilliseconds: 5)
        #expect(
            String(decoding: event.bytes, as: UTF8.self)
                == "id: 1data: evil\nevent: xid: 9\nretry: 5\ndata: a\ndata: b\ndata: c\ndata: \n"
                + "data: id: 7\n\n")
        var parser = EventStreamParser()
        parser.feed(event.bytes)
        #expect(
            (try? parser.next())
                == ServerSentEvent("a\nb\nc\n\nid: 7", name: "xid: 9", id: "1data: evil"))
        #expect(parser.retryMilliseconds == 5)
    }

    @Test("a stream of events is read as browsers read it")
    func eventStream() throws {
        var parser = EventStreamParser()
        parser.feed(
            Array(
                ("\u{FEFF}: comment\n\nid: 1\nevent: e\ndata: a\n\ndata:b\r\r\ndata\n\nevent: x\n\n"
                    + "data: c\nid\n\nid: 5\n\ndata: cut").utf8))
        #expect(try parser.next() == ServerSentEvent("a", name: "e", id: "1"))
        #expect(try parser.next() == ServerSentEvent("b"))
        #expect(try parser.next() == ServerSentEvent(""))
        #expect(try parser.next() == ServerSentEvent("c", id: ""))
        #expect(try parser.next() == nil)
        #expect(parser.lastEventID == "5")
    }

    @Test("an endless line of an event stream is refused")
    func endlessEvent() {
        var parser = EventStreamParser()
        #expect(throws: EventStreamParser.TooLarge.self) {
            for _ in 0..<20 {
                parser.feed([UInt8](repeating: UInt8(ascii: "a"), count: 100_000))
                _ = try parser.next()
            }
        }
    }
}

/// The queue between publishers and one client (HTTP-31).
@Suite("HTTP: event queues")
struct EventQueueTests {
    @Test("a client that takes nothing is cut at the limit of events or bytes, and remembered")
    func overflow() async {
        let byCount = EventQueue(eventsMax: 2)
        #expect(byCount.offer(ServerSentEvent("a")))
        #expect(byCount.offer(ServerSentEvent("b")))
        #expect(!byCount.offer(ServerSentEvent("c")))
        #expect(byCount.isOverflowed)
        #expect(!byCount.isOpen)
        #expect(await byCount.next() == nil)
        let byBytes = EventQueue(bytesMax: 20)
        #expect(byBytes.offer(ServerSentEvent("123456789")))
        #expect(!byBytes.offer(ServerSentEvent("123456789")))
        #expect(byBytes.isOverflowed)
    }

    @Test("what waits when a queue is closed is still given")
    func close() async {
        let queue = EventQueue()
        queue.offer(ServerSentEvent("a"))
        queue.offer(ServerSentEvent("b"))
        queue.close()
        #expect(!queue.offer(ServerSentEvent("c")))
        #expect(await queue.next() == Array("data: a\n\ndata: b\n\n".utf8))
        #expect(await queue.next() == nil)
        #expect(!queue.isOverflowed)
    }

    @Test("a hub gives a client that comes back what it missed, and forgets the gone")
    func hub() async {
        let hub = EventHub(historyMax: 2)
        for text in ["a", "b", "c"] { hub.publish(text, name: "block") }
        let back = hub.subscribe(after: "2")
        #expect(await back.next() == Array("id: 3\nevent: block\ndata: c\n\n".utf8))
        let stranger = hub.subscribe(after: "x")
        let missed = await stranger.next() ?? []
        #expect(String(decoding: missed, as: UTF8.self).hasPrefix("id: 2\n"))
        let fresh = hub.subscribe()
        hub.publish("d")
        #expect(await fresh.next() == Array("id: 4\ndata: d\n\n".utf8))
        #expect(hub.clientCount == 3)
        fresh.close()
        #expect(hub.clientCount == 2)
        hub.close()
        #expect(!back.isOpen)
    }
}

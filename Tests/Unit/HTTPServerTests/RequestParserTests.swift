// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Testing

/// What a parser gave for some bytes: its events with neighbouring pieces of a body joined, and
/// the refusal that ended it, if one did.
struct Outcome: Hashable {
    var events: [RequestParser.Event] = []
    var refusal: HTTPRefusal?

    /// Feeds the pieces one after the other, taking all events after each.
    init(_ pieces: [[UInt8]]) {
        var parser = RequestParser()
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

    init(_ text: String) { self.init([Array(text.utf8)]) }

    private mutating func add(_ event: RequestParser.Event) {
        if case .body(let more) = event, case .body(let bytes)? = events.last {
            events[events.count - 1] = .body(bytes + more)
        } else {
            events.append(event)
        }
    }

    var heads: [HTTPRequestHead] {
        events.compactMap { event in
            if case .head(let head) = event { head } else { nil }
        }
    }

    var bodies: [String] {
        events.compactMap { event in
            if case .body(let bytes) = event { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    var endCount: Int { events.count { $0 == .end } }
}

/// What the parser of requests accepts (HTTP-1 to HTTP-11).
@Suite("HTTP: requests")
struct RequestParserTests {
    @Test("a request gives its method, path, query, host and fields")
    func parts() throws {
        let outcome = Outcome(
            "GET /v1/a%20b?x=1&y=a+b%21&z HTTP/1.1\r\nHost: node:80\r\nX-A:  b c\t\r\nx-a:\r\n\r\n")
        let head = try #require(outcome.heads.first)
        #expect(outcome.refusal == nil)
        #expect(outcome.endCount == 1)
        #expect(head.method == .get)
        #expect(head.path == "/v1/a%20b")
        #expect(head.query == "x=1&y=a+b%21&z")
        #expect(head.queryValue("y") == "a b!")
        #expect(head.queryValue("z") == "")
        #expect(head.queryValue("w") == nil)
        #expect(head.authority == "node:80")
        #expect(head.fields.values("X-a") == ["b c", ""])
        #expect(head.framing == .none)
        #expect(head.keepsAlive)
    }

    @Test("an absolute target gives path and authority and stands over Host")
    func absoluteForm() throws {
        let head = try #require(
            Outcome("GET http://a:81/p?q HTTP/1.1\r\nHost: b\r\n\r\n").heads.first)
        #expect(head.authority == "a:81")
        #expect(head.path == "/p")
        #expect(head.query == "q")
        let bare = Outcome("GET HTTP://a?q HTTP/1.1\r\nHost: b\r\n\r\n").heads.first
        #expect(bare?.path == "/")
    }

    @Test("a body of a given size is taken and the next request follows it")
    func sized() {
        let outcome = Outcome(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\n"
                + "Host: a\r\n\r\n")
        #expect(outcome.bodies == ["hello"])
        #expect(outcome.heads.map(\.path) == ["/", "/b"])
        #expect(outcome.endCount == 2)
    }

    @Test("chunks are joined, extensions passed over, trailers checked and dropped")
    func chunked() {
        let outcome = Outcome(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "5;a=b;c=\"d\"\r\nhello\r\n00A\r\n, world!!!\r\n0\r\nX: y\r\n\r\n"
                + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(outcome.refusal == nil)
        #expect(outcome.bodies == ["hello, world!!!"])
        #expect(outcome.heads.count == 2)
        #expect(outcome.heads.last?.fields["x"] == nil)
    }

    @Test("HTTP/1.0 and Connection: close end the connection")
    func closing() {
        #expect(Outcome("GET / HTTP/1.0\r\n\r\n").heads.first?.keepsAlive == false)
        let closing = "GET / HTTP/1.1\r\nHost: a\r\nConnection: te, Close\r\n\r\n"
        #expect(Outcome(closing).heads.first?.keepsAlive == false)
    }

    @Test("one or two empty lines before a request are passed over, a third is not")
    func emptyLines() {
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(Outcome("\r\n\r\n" + request).heads.count == 1)
        #expect(Outcome("\r\n\r\n\r\n" + request).refusal?.status == .badRequest)
    }

    @Test("Expect: 100-continue is seen, another expectation refused with 417")
    func expectations() {
        let fields = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: "
        #expect(Outcome(fields + "100-Continue\r\n\r\n").heads.first?.expectsContinue == true)
        #expect(Outcome(fields + "cake\r\n\r\n").refusal == .expectationUnknown)
    }

    @Test("a random stream of requests gives the same events however it is split")
    func splits() {
        let text =
            "\r\nPOST /a?b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x\r\nabc\r\n1\r\nd\r\n0\r\nT: v\r\n\r\nGET http://z/ HTTP/1.1\r\nHost: a\r\n\r\n"
            + "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyzDELETE / HTTP/1.1\nHost: a"
        let bytes = Array(text.utf8)
        let whole = Outcome([bytes])
        #expect(whole.heads.count == 3)
        #expect(whole.bodies == ["abcd", "xyz"])
        #expect(whole.refusal?.status == .badRequest)
        #expect(Outcome(bytes.map { [$0] }) == whole)
        for cut in 0...bytes.count {
            #expect(Outcome([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
        }
    }
}

/// What the parser refuses: everything two readers could read differently (HTTP-4 to HTTP-7).
@Suite("HTTP: refused requests")
struct RefusedRequestTests {
    @Test(
        "a request that breaks a rule of a line is refused with 400",
        arguments: [
            "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
            "GET / HTTP/1.1\rHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\rX: y\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\tx HTTP/1.1\r\nHost: a\r\n\r\n", " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / \r\nHost: a\r\n\r\n", "GET /\r\n\r\n", "GET\r\n\r\n", "/ HTTP/1.1\r\n\r\n",
            "GET / http/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/11\r\nHost: a\r\n\r\n",
            "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /é HTTP/1.1\r\nHost: a\r\n\r\n", "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}", "{\"a\":1}\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n",
            "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX\u{B}: y\r\n\r\n",
        ])
    func lines(text: String) {
        #expect(Outcome(text).refusal?.status == .badRequest)
        #expect(Outcome(text).heads.isEmpty)
    }

    @Test(
        "a missing, doubled or malformed Host is refused",
        arguments: [
            "", "Host: a\r\nHost: a\r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: a, b\r\n",
            "Host: u@a\r\n",
        ])
    func host(fields: String) {
        #expect(Outcome("GET / HTTP/1.1\r\n\(fields)\r\n").refusal?.status == .badRequest)
    }

    @Test(
        "a body whose end two readers could see at different places is refused",
        arguments: [
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5, 5", "Content-Length: +5", "Content-Length: -5",
            "Content-Length: 5x",
            "Content-Length: 0x5", "Content-Length:", "Content-Length: 5 5", "Content-Length: 5;",
            "Content-Length: 99999999999999999999", "Content-Length: 5\r\nContent-Length: 05",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked;q=1", "Transfer-Encoding:",
            "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked,",
            "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked",
            "Transfer-Encoding: \u{B}chunked", "X: y\r\n Transfer-Encoding: chunked",
            "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chunked\rX: y",
        ])
    func smuggling(fields: String) {
        let outcome = Outcome(
            "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n")
        #expect(outcome.refusal != nil)
        #expect(outcome.heads.isEmpty)
    }

    @Test("Transfer-Encoding in HTTP/1.0 is refused")
    func version10Chunked() {
        let text = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(Outcome(text).refusal?.status == .badRequest)
    }

    @Test(
        "a chunk that breaks its rules is refused",
        arguments: [
            "5 \r\nhello\r\n", "5\nhello\r\n", "0x5\r\nhello\r\n", "+5\r\nhello\r\n", "-5\r\n",
            "g\r\n",
            "\r\n", ";a\r\n", "5\r\nhelloX\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n",
            "5\rX\nhello\r\n", "0000000000000005\r\nhello\r\n", "FFFFFFFFFFFFFFFF\r\n",
            "5 ;a\r\nhello\r\n", "5;\u{0}\r\nhello\r\n", "0\r\nX : y\r\n\r\n", "0\r\n X: y\r\n\r\n",
            "0\r\nnone\r\n\r\n", "0\r\nX: y\n\r\n",
        ])
    func chunks(text: String) {
        let outcome = Outcome(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
        #expect(outcome.refusal?.status == .badRequest)
        #expect(outcome.endCount == 0)
    }

    @Test("another version is refused with 505, CONNECT and other codings with 501")
    func statuses() {
        #expect(Outcome("GET / HTTP/2.0\r\nHost: a\r\n\r\n").refusal == .versionUnsupported)
        #expect(Outcome("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").refusal == .versionUnsupported)
        #expect(Outcome("GET / HTTP/1.2\r\nHost: a\r\n\r\n").refusal == .versionUnsupported)
        let connect = Outcome("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
        #expect(connect.refusal?.status == .notImplemented)
        let gzip = Outcome("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n")
        #expect(gzip.refusal?.status == .notImplemented)
    }

    @Test("a refused parser refuses all that follows")
    func staysRefused() {
        let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        var parser = RequestParser()
        parser.feed(Array("GET / HTTP/1.1\n".utf8))
        #expect(throws: HTTPRefusal.self) { try parser.next() }
        parser.feed(request)
        #expect(throws: HTTPRefusal.self) { try parser.next() }
    }
}

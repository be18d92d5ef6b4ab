// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Testing

/// The limits on a head and on chunks, at their edges (HTTP-10).
@Suite("HTTP: limits of requests")
struct RequestLimitTests {
    @Test("a target of 8 KiB is accepted and one byte more refused with 414")
    func target() {
        func request(_ count: Int) -> String {
            "GET /\(String(repeating: "a", count: count - 1)) HTTP/1.1\r\nHost: a\r\n\r\n"
        }
        #expect(Outcome(request(HTTPLimits.targetBytesMax)).refusal == nil)
        #expect(Outcome(request(HTTPLimits.targetBytesMax + 1)).refusal == .targetTooLong)
    }

    @Test("a first line that never ends is refused once no method and target can be so long")
    func endlessLine() {
        var parser = RequestParser()
        var refusal: HTTPRefusal?
        var fed = 0
        while refusal == nil, fed < 100_000 {
            parser.feed([UInt8](repeating: UInt8(ascii: "A"), count: 100))
            fed += 100
            do throws(HTTPRefusal) { _ = try parser.next() } catch { refusal = error }
        }
        #expect(refusal == .targetTooLong)
        #expect(fed <= HTTPLimits.targetBytesMax + 200)
    }

    @Test("a head of 16 KiB is accepted and one byte more refused with 431")
    func head() {
        func request(_ count: Int) -> String {
            let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
            return start + String(repeating: "a", count: count - start.utf8.count - 4) + "\r\n\r\n"
        }
        let largest = request(HTTPLimits.headBytesMax)
        #expect(largest.utf8.count == HTTPLimits.headBytesMax)
        #expect(Outcome(largest).refusal == nil)
        let larger = request(HTTPLimits.headBytesMax + 1)
        #expect(Outcome(larger).refusal == .headTooLarge)
        #expect(Outcome(larger.utf8.map { [$0] }).refusal == .headTooLarge)
    }

    @Test("100 fields are accepted and 101 refused with 431")
    func fieldCount() {
        func request(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: count - 1)
                + "\r\n"
        }
        #expect(Outcome(request(HTTPLimits.fieldCountMax)).refusal == nil)
        #expect(Outcome(request(HTTPLimits.fieldCountMax + 1)).refusal == .headTooLarge)
    }

    @Test("endless chunk extensions and trailers are refused")
    func chunkOverhead() {
        let start = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let padding = String(repeating: "x", count: 200)
        let extensions = String(repeating: "1;\(padding)\r\na\r\n", count: 100)
        #expect(Outcome(start + extensions).refusal?.status == .badRequest)
        let oneLine = "1;" + String(repeating: "x", count: 300)
        #expect(Outcome(start + oneLine).refusal?.status == .badRequest)
        let trailers = "0\r\n" + String(repeating: "X: \(padding)\r\n", count: 60)
        #expect(Outcome(start + trailers).refusal?.status == .badRequest)
    }
}

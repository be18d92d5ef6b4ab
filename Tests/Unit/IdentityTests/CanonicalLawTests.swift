// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import Identity

/// IDENTITY-1 and IDENTITY-2: one value, one byte string; what has none is refused.
@Suite("Canonical JSON")
struct CanonicalLawTests {
    private func read(_ text: String) throws -> JSON {
        try CanonicalJSON.read(Array(text.utf8))
    }

    private func canonical(_ text: String) throws -> String {
        String(decoding: try CanonicalJSON.bytes(of: read(text)), as: UTF8.self)
    }

    @Test("members are sorted by UTF-16, in which U+1F600 stands before U+FB33")
    func order() throws {
        let text = #"{"\ufb33":1,"\ud83d\ude00":2,"\u00f6":3,"b":4,"a":5,"":6}"#
        #expect(
            try canonical(text) == "{\"\":6,\"a\":5,\"b\":4,\"ö\":3,\"😀\":2,\"\u{FB33}\":1}")
        let names = [
            "", "a", "ab", "é", "\u{D7FF}", "\u{10000}", "\u{10FFFF}", "\u{E000}", "\u{FB33}",
            "\u{FFFD}", "\u{FFFF}", "a\u{E000}", "a\u{1F600}",
        ]
        for left in names {
            for right in names {
                #expect(
                    CanonicalJSON.precedes(left, right)
                        == left.utf16.lexicographicallyPrecedes(right.utf16))
            }
        }
    }

    @Test("what one document may hide from another reader is refused")
    func refusals() {
        #expect(throws: CanonicalFailure.self) { try read(#"{"a":1,"a":2}"#) }
        #expect(throws: CanonicalFailure.self) { try read(#"{"a":1,"\u0061":2}"#) }
        #expect(throws: CanonicalFailure.self) { try read(#"["\ud800"]"#) }
        #expect(throws: CanonicalFailure.numberOutOfRange("1e400")) { try read("[1e400]") }
        let digits = String(repeating: "7", count: 900)
        #expect(throws: CanonicalFailure.numberOutOfRange(digits)) { try read(digits) }
    }

    @Test("depth and length stop a hostile document before it costs anything")
    func limits() {
        let deep = String(repeating: "[", count: CanonicalJSON.documentDepthMax + 1)
        #expect(throws: CanonicalFailure.self) { try read(deep) }
        let long = [UInt8](repeating: 0x20, count: CanonicalJSON.documentBytesMax + 1)
        #expect(throws: CanonicalFailure.self) { try CanonicalJSON.read(long) }
    }

    @Test("a damaged document is refused, or its canonical bytes read as themselves")
    func damage() throws {
        var dice = Dice(seed: 6)
        let text = #"{"numbers":[1.5,-0,1e21,0.000001],"text":"\u20ac\n😀","deep":{"b":[],"a":{}}}"#
        for _ in 0..<2_000 {
            guard let value = try? CanonicalJSON.read(dice.damaged(Array(text.utf8))) else {
                continue
            }
            let bytes = try CanonicalJSON.bytes(of: value)
            #expect(try CanonicalJSON.bytes(of: CanonicalJSON.read(bytes)) == bytes)
        }
    }
}

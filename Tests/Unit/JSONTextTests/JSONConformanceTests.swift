// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

/// Texts every strict reader of RFC 8259 accepts or refuses.
@Suite("JSON: what is accepted and refused")
struct JSONConformanceTests {
    @Test(
        "a valid text is accepted",
        arguments: [
            "[]", "{}", "0", "-0", "null", "true", "false", "\"\"", " [] ", "\t[\n]\r\n", "[[]]",
            "[1 ]", "[ 1]", "[1,2]", "[-0]", "[-1]", "[0e1]", "[0e+1]", "[1E22]", "[1E-2]",
            "[1e+2]", "[123.456e78]", "[-123]", "[0.5]", "[1.000000000000000005]",
            "[123456789012345678901234567890]", "[1e400]",
            "[\"\\u0041\"]", "[\"\\uD801\\uDC37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
            "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\u0000\"]", "[\"\\u0012\"]", "[\"\\uFFFF\"]",
            "[\"\u{7F}\"]", "[\"\u{2028}\"]", "[\"€𝄞\"]", "[\"a/*b*/c\"]", "[\"\\\\u0000\"]",
            "{\"a\":[]}", "{\"\":0}", "{\"a\":1,\"b\":2}", "{\"foo\\u0000bar\":42}",
            "{\"a\":{\"a\":{}}}", "{ \"a\" : 1 , \"b\" : [ ] }", "\"\\uDBFF\\uDFFF\"",
        ])
    func accepts(text: String) throws {
        _ = try JSON(parsing: text)
    }

    @Test(
        "an invalid text is refused",
        arguments: [
            "", " ", "[", "]", "{", "}", "[1,]", "[,1]", "[1,,2]", "[,]", "[1 2]", "[1}", "{]",
            "{\"a\"}", "{\"a\":}", "{:1}", "{\"a\" 1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}",
            "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1}}", "[]]", "[] []", "1 2", "{\"a\",1}",
            "{\"a\"::1}",
            "nul", "nulll", "True", "tru", "fals", "nan", "NaN", "Infinity", "-Infinity",
            "undefined",
            "01", "-01", "+1", "-", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1eE2", "0x1", "1_000",
            "--1", "1-", "1.2.3", "0e", "2.e3", "- 1", "1 000", "１",
            "\"", "\"a", "\"\\", "\"\\\"", "\"\\x\"", "\"\\u\"", "\"\\u1\"", "\"\\u12G4\"",
            "\"\\U0041\"",
            "\"\\a\"", "\"\\u{41}\"", "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "'a'",
            "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"", "\"\\uD800x\"",
            "\"\\uD800\\uD800\"",
            "\"\\uDC00\\uD800\"", "\"\\uD83D\\\"", "\"\\uD83D\\u\"",
            "\u{FEFF}[]", "[]\u{0}", "\u{C}[]", "[\u{A0}]", "\u{2060}[]", "/*a*/[]", "[] // a", "#",
            "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[\"a\":1]", "<.>", "*",
            "{\"a\":/**/1}",
        ])
    func refuses(text: String) {
        #expect(throws: JSONFailure.self) { _ = try JSON(parsing: text) }
    }

    @Test(
        "a string that is not UTF-8 is refused",
        arguments: [
            [0x80], [0xFF], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xC3], [0xE2, 0x82], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func badUTF8(content: [UInt8]) {
        let quoted: [UInt8] = [0x22] + content + [0x22]
        #expect(throws: JSONFailure.self) { _ = try JSON(parsing: quoted) }
        let escaped: [UInt8] = Array("\"\\n".utf8) + content + [0x22]
        #expect(throws: JSONFailure.self) { _ = try JSON(parsing: escaped) }
    }

    @Test("a failure names its line and column")
    func place() {
        let failure = #expect(throws: JSONFailure.self) {
            _ = try JSON(parsing: "{\n  \"a\": 1,\n  \"a\": 2\n}")
        }
        #expect(failure?.reason == .duplicateName("a"))
        #expect(failure?.line == 3)
        #expect(failure?.column == 3)
        #expect(failure?.offset == 14)
        #expect(failure?.description == "line 3, column 3: the name \"a\" appears twice")
    }

    @Test("64 levels are accepted and 65 refused; a million open brackets are refused safely")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        _ = try JSON(parsing: nested(64))
        let failure = #expect(throws: JSONFailure.self) { _ = try JSON(parsing: nested(65)) }
        #expect(failure?.reason == .tooDeep(limit: 64))
        #expect(throws: JSONFailure.self) {
            _ = try JSON(parsing: String(repeating: "[{\"a\":", count: 1_000_000))
        }
    }

    @Test("a text over the size limit is refused before it is read")
    func size() throws {
        _ = try JSON(parsing: "[1,2]", limits: JSONLimits(bytes: 5))
        let failure = #expect(throws: JSONFailure.self) {
            _ = try JSON(parsing: "[1,2] ", limits: JSONLimits(bytes: 5))
        }
        #expect(failure?.reason == .tooLong(limit: 5))
    }

    @Test("the thousandth member of an object may not repeat an earlier name")
    func manyMembers() throws {
        let members = (0..<1_000).map { "\"n\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSON(parsing: "{\(members)}")["n999"]?.unsigned == 999)
        let failure = #expect(throws: JSONFailure.self) {
            _ = try JSON(parsing: "{\(members),\"n7\":0}")
        }
        #expect(failure?.reason == .duplicateName("n7"))
    }
}

// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

/// What the writer gives, and that it comes back.
@Suite("JSON: writing")
struct JSONWritingTests {
    @Test("a value is written without white space, in the order of its members")
    func compact() {
        let value: JSON = ["b": 1, "a": [true, nil, "x"], "e": JSON.object([]), "n": -5]
        #expect(value.compact == "{\"b\":1,\"a\":[true,null,\"x\"],\"e\":{},\"n\":-5}")
    }

    @Test("the pretty form is indented by two spaces and keeps empty brackets together")
    func pretty() {
        let value: JSON = ["a": [1, 2], "b": JSON.object([]), "c": JSON.array([])]
        #expect(
            value.pretty == """
                {
                  "a": [
                    1,
                    2
                  ],
                  "b": {},
                  "c": []
                }
                """)
    }

    @Test("controls, quotation marks and backslashes are escaped; all else stands for itself")
    func escapes() {
        let text = "\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}\"\\/\u{7F}é\u{2028}😀"
        #expect(
            JSON(text).compact
                == "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7F}é\u{2028}😀\"")
    }

    @Test("numbers come back as they were written")
    func numbers() throws {
        for text in ["-0", "1.50", "1e400", "340282366920938463463374607431768211455"] {
            #expect(try JSON(parsing: text) == .number(text))
            #expect(try JSON(parsing: text).compact == text)
        }
        #expect(JSON(UInt128.max).compact == "340282366920938463463374607431768211455")
    }

    @Test("the writer told step by step gives the bytes of the same tree")
    func streaming() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("height", 12)
        writer.member("final", true)
        writer.name("list")
        writer.beginArray()
        writer.string("a")
        writer.null()
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.member("tree", ["k": "v"])
        writer.endObject()
        let tree: JSON = [
            "height": 12, "final": true, "list": ["a", nil, JSON.object([])], "tree": ["k": "v"],
        ]
        #expect(writer.bytes == tree.bytes)
        #expect(writer.text == tree.compact)
    }
}

// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@Suite("JSON with comments")
struct CommentedTests {
    private static let text = """
        // What it is.
        {
          // One.
          "a": 1,
          "b": {
            // Two,
            // and more.
            "c": [
              // First.
              { "d": "// no comment" },
              { "e": 2 }
            ]
          }
        }
        """

    @Test("comments are kept by the place they stand before, and are no part of the value")
    func reads() throws {
        let document = try CommentedJSON(parsing: Self.text)
        #expect(
            document.value
                == ["a": 1, "b": ["c": [["d": "// no comment"], ["e": 2]]]])
        #expect(
            document.comments == [
                "": ["What it is."], "/a": ["One."], "/b/c": ["Two,", "and more."],
                "/b/c/0": ["First."],
            ])
    }

    @Test("what is written reads back with every comment")
    func writes() throws {
        let document = try CommentedJSON(parsing: Self.text)
        let again = try CommentedJSON(parsing: document.text)
        #expect(again.value == document.value && again.comments == document.comments)
        #expect(document.text.contains("\"d\": \"// no comment\""))
    }

    @Test("offsets of failures stay where they are in the file")
    func offsets() {
        let bytes = Array("// a\n{ \"b\": ? }".utf8)
        #expect(CommentedJSON.withoutComments(bytes).count == bytes.count)
        #expect(throws: JSONFailure.self) { try CommentedJSON(parsing: "// a\n{ \"b\": ? }") }
        #expect(throws: JSONFailure.self) { try CommentedJSON(parsing: "{ \"a\": 1 // no }") }
    }

    @Test("long values are broken into lines of at most a hundred columns")
    func widths() throws {
        var document = try CommentedJSON(parsing: "{}")
        document.value = [
            "rows": .array((0..<20).map { ["name": .string("row \($0)"), "value": JSON($0)] })
        ]
        #expect(document.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(try CommentedJSON(parsing: document.text).value == document.value)
    }
}

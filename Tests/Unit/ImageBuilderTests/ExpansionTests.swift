// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ImageBuilder

@Suite("Variables in Dockerfiles (BUILDER-2)")
struct ExpansionTests {
    private let expansion = Expansion(escape: UInt8(ascii: "\\")) {
        ["name": "value", "empty": "", "two": "a b", "n": "name"][$0]
    }

    @Test(
        "words become what shells make of them",
        arguments: [
            ("plain", "plain"), ("$name", "value"), ("${name}", "value"), ("$none", ""),
            ("a$name.b", "avalue.b"), ("\\$name", "$name"), ("'$name'", "$name"),
            ("\"$name\"", "value"), ("\"\\$name\"", "$name"), ("\"\\x\"", "\\x"),
            ("a\\ b", "a b"), ("${none:-word}", "word"), ("${empty:-word}", "word"),
            ("${empty-word}", ""), ("${none-word}", "word"), ("${name:+word}", "word"),
            ("${empty:+word}", ""), ("${empty+word}", "word"), ("${none+word}", ""),
            ("${none:-${name}}", "value"), ("${none:-\"}\"}", "}"), ("${name:?no}", "value"),
            ("$", "$"), ("$.", "$."), ("$1x", "x"), ("a\"\"b", "ab"),
        ])
    func words(text: String, expected: String) throws {
        #expect(try expansion.word(text) == expected)
    }

    @Test("spaces of values part words unless they are quoted")
    func splitting() throws {
        #expect(try expansion.words("x $two 'c d' \"$two\"") == ["x", "a", "b", "c d", "a b"])
        #expect(try expansion.words("  ") == [])
    }

    @Test(
        "what has no end, no name or another meaning is refused",
        arguments: [
            "${name", "${}", "'a", "\"a", "${name:x}", "${name#a}", "${name//a/b}",
            "${none:?gone}", "${empty:?}",
        ])
    func refusals(text: String) {
        #expect(throws: BuildFailure.self) { try expansion.word(text) }
    }

    @Test("values that double themselves and braces without end come to their limits")
    func limits() {
        let long = String(repeating: "x", count: 100_000)
        let growing = Expansion(escape: UInt8(ascii: "\\")) { _ in long }
        #expect(throws: BuildFailure.self) { try growing.word("$a$b") }
        #expect(throws: BuildFailure.self) { try growing.word("\"$a$b\"") }
        let deep =
            String(repeating: "${a:+", count: 20) + "x" + String(repeating: "}", count: 20)
        #expect(throws: BuildFailure.self) { try growing.word(deep) }
    }
}

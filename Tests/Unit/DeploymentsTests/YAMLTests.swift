// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Deployments

@Suite("YAML, within bounds")
struct YAMLTests {
    private func read(_ text: String) -> (node: YAMLNode?, findings: [String]) {
        let book = FindingBook(file: "f")
        let node = YAMLReader.read(Array(text.utf8), book)
        return (node, book.sorted.map(\.line))
    }

    @Test("every value knows its line and column")
    func places() throws {
        let node = try #require(read("a: 1\nb:\n  - x\n  - {c: \"y\"}\n").node)
        #expect(node["a"]?.place == SourcePlace(line: 1, column: 4))
        let list = try #require(node["b"]?.elements)
        #expect(list[0].place == SourcePlace(line: 3, column: 5))
        #expect(list[1]["c"]?.place == SourcePlace(line: 4, column: 9))
        #expect(list[1].entries?.first?.place == SourcePlace(line: 4, column: 6))
    }

    @Test("quotes make a text of what would be nothing", arguments: ["~", "null", "", "NULL"])
    func nulls(word: String) {
        #expect(read("a: \(word)").node?["a"]?.isNull == true)
        #expect(read("a: '\(word)'").node?["a"]?.isNull == false)
        #expect(read("a: !!str \(word)").node?["a"]?.isNull == false)
    }

    @Test("a name that stands twice is refused, with both lines, and all such names are told")
    func duplicates() {
        let found = read("a: 1\nb: 2\na: 3\nc: {d: 1, d: 2}\n").findings
        #expect(
            found == [
                "f:3:1: error: 'a' is here again; it is on line 1 already",
                "f:4:11: error: 'd' is here again; it is on line 4 already",
            ])
    }

    @Test("anchors are repeated, and a mapping is merged behind what stands there itself")
    func anchors() throws {
        let text = "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [{c: 4}, *x], c: 5}\nw: *x\n"
        let node = try #require(read(text).node)
        #expect(node["y"]?["a"]?.text == "1" && node["y"]?["b"]?.text == "3")
        #expect(node["z"]?["c"]?.text == "5" && node["z"]?["b"]?.text == "2")
        #expect(node["w"]?["b"]?.text == "2")
        #expect(node["w"]?.place == SourcePlace(line: 4, column: 4))
    }

    @Test("a billion laughs end at the bound")
    func laughs() {
        var text = "a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n"
        for level in 1...20 {
            let before = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
            text += "a\(level): &a\(level) [\(before)]\n"
        }
        let (node, findings) = read(text)
        #expect(node == nil)
        #expect(findings.count == 1 && findings[0].contains("aliases repeat more than 8 MiB"))
    }

    static let refused: [(text: String, place: String, words: String)] = [
        ("a: [1, 2", "2:1", "flow sequence"),
        ("a: 'x", "1:6", "quoted scalar"),
        ("a: b: c", "1:5", "mapping values are not allowed"),
        ("\ta: 1", "1:1", "cannot start any token"),
        ("a: *b", "1:4", "there is no anchor &b"),
        ("a: &a [*a]", "1:8", "there is no anchor &a"),
        ("a: !custom 1", "1:4", "the tag !custom"),
        ("a: !reset []", "1:4", "the tag !reset"),
        ("[a, b]: 1", "1:1", "a name in a mapping is a text"),
        ("a: 1\n---\nb: 2\n", "3:1", "a second document"),
        ("a: {<<: 3}", "1:9", "'<<' takes a mapping"),
        ("a: \u{1}", "1:1", "control characters"),
        (String(repeating: "[", count: 40), "1:33", "more than 32 lists"),
        (String(repeating: "a: {", count: 1) + String(repeating: "b: {", count: 40), "1:", "32"),
    ]

    @Test("what cannot be read is told with its place", arguments: YAMLTests.refused)
    func refusals(text: String, place: String, words: String) {
        let findings = read(text).findings
        #expect(
            findings.contains { $0.hasPrefix("f:\(place)") && $0.contains(words) }, "\(findings)")
    }

    @Test("a file that is too large or no text is refused")
    func sizes() {
        #expect(read(String(repeating: "a", count: YAMLReader.bytesMax + 1)).node == nil)
        let book = FindingBook(file: "f")
        #expect(YAMLReader.read([0x61, 0x3A, 0x20, 0xFF, 0xFE], book) == nil && book.hasErrors)
        #expect(YAMLReader.read([0xFF, 0xFE, 0x61, 0], book) == nil)
        #expect(reading("").findings.map(\.message) == ["the file says nothing"])
    }

    @Test("findings stop at a number that people can read")
    func manyFindings() {
        let text = (0..<2_000).map { "a: \($0)\n" }.joined()
        #expect(read(text).findings.count == FindingBook.findingsMax)
    }
}

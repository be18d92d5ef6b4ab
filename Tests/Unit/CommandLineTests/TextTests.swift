// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing
import Vocabulary

@testable import atoll

@Suite("What is printed")
struct TextTests {
    @Test("columns are as wide as their widest cell, numbers stand right, no line ends in spaces")
    func table() {
        var table = TextTable(["name", "count"], rightAligned: [1])
        table.add(["a", "7"])
        table.add(["longer", "1234567"])
        #expect(
            table.text == """
                NAME      COUNT
                a             7
                longer  1234567

                """)
        #expect(TextTable(["a"]).isEmpty)
    }

    @Test("facts line up")
    func facts() {
        var facts = TextFacts()
        facts.add("a", "1")
        facts.add("long", "2")
        #expect(facts.text == "a     1\nlong  2\n")
    }

    @Test("YAML quotes every text, so none turns into a number or a flag")
    func yaml() {
        let value: JSON = ["a": ["yes", 1, []], "b": ["c": .null], "d": [:], "e": "1.0"]
        #expect(
            YAMLText.write(value) == """
                "a":
                  - "yes"
                  - 1
                  - []
                "b":
                  "c": null
                "d": {}
                "e": "1.0"

                """)
    }

    @Test(
        "sizes are powers of 1,024",
        arguments: [
            ("64MiB", 67_108_864), ("1g", 1 << 30), ("512k", 524_288), ("1_000", 1_000),
            ("7B", 7),
        ])
    func sizes(_ text: String, _ bytes: UInt64) {
        #expect(QuantityText.bytes(text) == bytes)
    }

    @Test(
        "times and counts are read with their units",
        arguments: [("90", 90_000), ("90s", 90_000), ("1500ms", 1_500), ("2m", 120_000)])
    func times(_ text: String, _ milliseconds: UInt64) {
        #expect(QuantityText.milliseconds(text) == milliseconds)
    }

    @Test(
        "what is no quantity is refused",
        arguments: ["", "x", "-5", "5x", "1.5", "_5", "s", "99999999999999999999", "٣", "5 s"])
    func noQuantity(_ text: String) {
        #expect(QuantityText.milliseconds(text) == nil)
        #expect(QuantityText.bytes(text) == nil)
        #expect(QuantityText.count(text) == nil)
    }

    @Test("counts take decimal letters, and overflow is refused")
    func counts() {
        #expect(QuantityText.count("5G") == 5_000_000_000)
        #expect(QuantityText.count("20000000T") == nil)
        #expect(QuantityText.grouped(1_234_567) == "1,234,567")
        #expect(QuantityText.grouped(12) == "12")
    }

    @Test("edit distance finds near words only")
    func similarity() {
        #expect(Similarity.distance("kitten", "sitting") == 3)
        #expect(Similarity.closest(to: "balnce", among: ["balance", "send"]) == "balance")
        #expect(Similarity.closest(to: "q", among: ["balance"]) == nil)
    }

    @Test("times are written in UTC")
    func clock() {
        #expect(Timestamp(1_700_000_000_125).utc == "2023-11-14T22:13:20.125Z")
        #expect(Timestamp(951_782_400_000).utc == "2000-02-29T00:00:00.000Z")
    }

    @Test("a failure says what happened, what was kept, what to do; as JSON too")
    func failure() {
        let failure = CommandFailure(
            status: .refused, what: "no", kept: "all", next: "atoll status", name: "poolFull")
        #expect(failure.text == "error: no\n  kept: all\n  next: atoll status")
        #expect(failure.json["exitCode"]?.unsigned == 1)
        #expect(failure.json["name"]?.text == "poolFull")
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Deployments

@Suite("Variables, quantities and words in deployment files")
struct TextTests {
    static let variables: [String: String] = ["A": "one", "EMPTY": "", "N": "3", "_x1": "u"]

    static let expanded: [(String, String)] = [
        ("plain", "plain"), ("$A", "one"), ("${A}", "one"), ("x${A}y", "xoney"), ("$A$A", "oneone"),
        ("$$A", "$A"), ("$$", "$"), ("$$$A", "$one"), ("${NONE}", ""), ("$NONE", ""), ("$_x1", "u"),
        ("${A:-d}", "one"), ("${A-d}", "one"), ("${NONE:-d}", "d"), ("${NONE-d}", "d"),
        ("${EMPTY:-d}", "d"), ("${EMPTY-d}", ""), ("${NONE:-}", ""), ("${A:+d}", "d"),
        ("${A+d}", "d"), ("${EMPTY:+d}", ""), ("${EMPTY+d}", "d"), ("${NONE:+d}", ""),
        ("${NONE+d}", ""), ("${A:?e}", "one"), ("${A?e}", "one"), ("${EMPTY?e}", ""),
        ("${NONE:-$A}", "one"), ("${NONE:-${A}}", "one"), ("${NONE:-${NONE:-${A}}}", "one"),
        ("${NONE:-a:b}", "a:b"), ("${NONE:-a}b}", "ab}"), ("a.$A.b", "a.one.b"),
        ("http://$A:${N}/", "http://one:3/"), ("${NONE:-$$}", "$"), ("${A:+${N}}", "3"),
        ("\u{e9}$A", "\u{e9}one"),
    ]

    @Test("variables are put in as compose does", arguments: TextTests.expanded)
    func expands(text: String, expected: String) throws {
        #expect(try Interpolation.expand(text) { Self.variables[$0] }.text == expected)
    }

    static let malformed: [(String, String)] = [
        ("$", "stands before no variable"), ("a $ b", "stands before no variable"),
        ("$1", "stands before no variable"), ("${", "is not written"), ("${}", "is not written"),
        ("${A", "is not written"), ("${A:", "is not written"), ("${A:-", "is not written"),
        ("${1A}", "is not written"), ("${A!x}", "is not written"), ("${A B}", "is not written"),
        ("${NONE:?}", "must be set"), ("${NONE?say why}", "must be set: say why"),
        ("${EMPTY:?e}", "must be set: e"),
        (String(repeating: "${X:-", count: 12) + String(repeating: "}", count: 12), "within"),
    ]

    @Test("what is no variable is refused", arguments: TextTests.malformed)
    func refuses(text: String, words: String) {
        let failure = #expect(throws: InterpolationFailure.self) {
            try Interpolation.expand(text) { Self.variables[$0] }
        }
        #expect(failure?.message.contains(words) == true, "\(text)")
    }

    @Test("a text cannot be made larger than a manifest")
    func bounded() {
        let large = String(repeating: "x", count: 32 << 10)
        let text = String(repeating: "$L", count: 1_000)
        #expect(throws: InterpolationFailure.self) { try Interpolation.expand(text) { _ in large } }
    }

    static let spans: [(String, UInt64?)] = [
        ("10s", 10_000), ("1m30s", 90_000), ("500ms", 500), ("1h", 3_600_000), ("1.5h", 5_400_000),
        ("0s", 0), ("90", 90_000), ("1d", 86_400_000), ("10us", 1), ("1h1m1s1ms", 3_661_001),
        ("1.001s", 1_001), ("", nil), ("s", nil), ("1x", nil), ("-1s", nil), ("1 s", nil),
        ("1s1", nil), ("99999999999999999999s", nil), ("1.s", nil), ("..s", nil),
    ]

    @Test("spans of time", arguments: TextTests.spans)
    func milliseconds(text: String, expected: UInt64?) {
        #expect(FileQuantities.milliseconds(text) == expected)
    }

    static let sizes: [(String, UInt64?)] = [
        ("1", 1), ("512", 512), ("1b", 1), ("1k", 1_024), ("1K", 1_024), ("1kb", 1_024),
        ("64m", 64 << 20), ("64MB", 64 << 20), ("64MiB", 64 << 20), ("1g", 1 << 30),
        ("1.5g", 3 << 29), ("2GiB", 2 << 30), ("1t", 1 << 40), ("0.5k", 512), ("0", 0), ("", nil),
        ("k", nil), ("1x", nil), ("-1", nil), ("1 g", nil), ("1e3", nil), ("1000t", nil),
        ("256t", 1 << 48), ("1.2.3m", nil),
    ]

    @Test("sizes", arguments: TextTests.sizes)
    func bytes(text: String, expected: UInt64?) {
        #expect(FileQuantities.bytes(text) == expected)
    }

    static let decimalSizes: [(String, UInt64?)] = [
        ("512Mi", 512 << 20), ("1Gi", 1 << 30), ("1G", 1_000_000_000), ("100M", 100_000_000),
        ("2Ki", 2_048), ("2k", 2_000), ("7", 7), ("1Ti", 1 << 40), ("1mi", 1 << 20),
        ("32gb", 32_000_000_000), ("2GiB", 2 << 30), ("1b", nil), ("Gi", nil),
        ("1T", 1_000_000_000_000), ("1P", nil), ("0.5Gi", 1 << 29),
    ]

    @Test("sizes with decimal units", arguments: TextTests.decimalSizes)
    func decimalBytes(text: String, expected: UInt64?) {
        #expect(FileQuantities.decimalBytes(text) == expected)
    }

    static let processors: [(String, UInt64?)] = [
        ("1", 1_000), ("0.5", 500), (".5", 500), ("0.25", 250), ("2.0", 2_000), ("0.001", 1),
        ("0.0001", 1), ("1.0001", 1_001), ("500m", 500), ("0", nil), ("0.0", nil), ("", nil),
        ("m", nil), ("-1", nil), ("1,5", nil), ("1.", nil), (".", nil), ("1024", 1_024_000),
        ("1025", nil), ("0x1", nil),
    ]

    @Test("processors, rounded up to thousandths", arguments: TextTests.processors)
    func milliProcessors(text: String, expected: UInt64?) {
        #expect(FileQuantities.milliProcessors(text) == expected)
    }

    static let commands: [(String, [String]?)] = [
        ("a b", ["a", "b"]), ("  a   b ", ["a", "b"]), ("", []), ("a 'b c'", ["a", "b c"]),
        ("a \"b c\"", ["a", "b c"]), ("a\\ b", ["a b"]), ("''", [""]), ("a''b", ["ab"]),
        ("'a\\b'", ["a\\b"]), ("\"a\\\"b\"", ["a\"b"]), ("\"a\\nb\"", ["a\\nb"]),
        ("a\tb\nc", ["a", "b", "c"]), ("'a", nil), ("\"a", nil), ("a\\", nil),
        ("sh -c \"echo 'x y'\"", ["sh", "-c", "echo 'x y'"]),
    ]

    @Test("commands are cut into words as a shell does", arguments: TextTests.commands)
    func words(line: String, expected: [String]?) {
        #expect(ShellWords.split(line) == expected)
    }

    static let variableFiles: [(String, [String])] = [
        ("A=1\nB=2", ["A=1", "B=2"]), ("# c\n\n  A=1 # c\n", ["A=1"]), ("export A=1", ["A=1"]),
        ("A='x # y'", ["A=x # y"]), ("A=\"x\\ny\"", ["A=x\ny"]), ("A='$N'", ["A=$N"]),
        ("A=$N", ["A=3"]), ("A=\"${N}\"", ["A=3"]), ("A=1\nB=$A", ["A=1", "B=1"]), ("A=", ["A="]),
        ("A", ["A"]), ("A=a=b", ["A=a=b"]), ("A=x#y", ["A=x#y"]), ("A=\"\\$N\"", ["A=$N"]),
        ("A = 1", ["A=1"]), ("A=1\r\nB=2\r\n", ["A=1", "B=2"]),
    ]

    @Test("files of variables", arguments: TextTests.variableFiles)
    func dotEnv(text: String, expected: [String]) {
        let book = FindingBook(file: "c")
        let read = DotEnv(Array(text.utf8), file: ".env", book) { Self.variables[$0] }
        let found = read.variables.map { variable in
            variable.name + (variable.value.map { "=\($0)" } ?? "")
        }
        #expect(found == expected)
        #expect(!book.hasErrors)
    }

    @Test("what is wrong in a file of variables is told with its line")
    func dotEnvErrors() {
        let book = FindingBook(file: "c")
        _ = DotEnv(Array("A=1\n1B=2\nC='x\nD=${".utf8), file: ".env", book) { _ in nil }
        #expect(
            book.sorted.map { "\($0.file):\($0.place.line)" } == [".env:2", ".env:3", ".env:4"])
        _ = DotEnv([0xFF, 0x3D], file: ".env", book) { _ in nil }
        #expect(book.findings.count == 4)
    }
}

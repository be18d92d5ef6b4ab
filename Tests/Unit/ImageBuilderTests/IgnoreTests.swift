// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ContainerImages
@testable import ImageBuilder

@Suite("What a context leaves out (BUILDER-4)")
struct IgnoreTests {
    private func ignored(_ lines: String, _ path: String) throws -> Bool {
        try IgnorePatterns(Array(lines.utf8)).ignores(Array(path.utf8))
    }

    @Test(
        "patterns mean what Docker's documentation says",
        arguments: [
            ("*/temp*", "somedir/temporary.txt", true), ("*/temp*", "somedir/temp", true),
            ("*/temp*", "temp", false), ("*/*/temp*", "somedir/subdir/temporary.txt", true),
            ("temp?", "tempa", true), ("temp?", "temp", false), ("temp?", "tempab", false),
            ("**/*.go", "a/b/c.go", true), ("**/*.go", "c.go", true), ("**/*.go", "c.gox", false),
            ("foo/bar", "foo/bar/baz", true), ("/foo/bar/", "foo/bar", true),
            ("foo/../bar", "bar", true), ("a/**", "a/b/c", true), ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true), ("[a-c]x", "bx", true), ("[^a-c]x", "bx", false),
            ("[^a-c]x", "dx", true), ("\\*", "*", true), ("\\*", "a", false), ("*", "a/b", true),
            ("# note", "# note", false), ("  spaced  ", "spaced", true), (".", "a", false),
            ("**", "anything/at/all", true), ("a.b", "axb", false),
        ])
    func patterns(line: String, path: String, isIgnored: Bool) throws {
        #expect(try ignored(line, path) == isIgnored)
    }

    @Test("of the lines that mean a path the last one counts")
    func order() throws {
        #expect(try !ignored("*.md\n!README.md", "README.md"))
        #expect(try ignored("*.md\n!README*.md\nREADME-secret.md", "README-secret.md"))
        #expect(try !ignored("*.md\nREADME-secret.md\n!README*.md", "README-secret.md"))
        #expect(try !ignored("docs\n!docs/keep", "docs/keep/a"))
        #expect(try ignored("docs\n!docs/keep", "docs/other"))
    }

    @Test("lines that are no patterns are refused with their number")
    func refusals() {
        for text in ["[", "[a", "[b-a]", "a\\", "!"] {
            let failure = #expect(throws: BuildFailure.self) { try ignored("x\n\(text)", "y") }
            #expect(failure?.reason.contains("line 2") == true)
        }
    }

    @Test("no pattern takes more time than its length and the path's")
    func time() throws {
        let pattern = String(repeating: "*a", count: 200) + "b"
        #expect(try !ignored(pattern, String(repeating: "a", count: 2_000)))
        let folders = String(repeating: "**/a/", count: 200) + "b"
        #expect(try !ignored(folders, String(repeating: "a/", count: 500)))
    }

    @Test("mutations of patterns give an answer")
    func mutations() {
        var dice: UInt64 = 3
        for _ in 0..<3_000 {
            var bytes: [UInt8] = []
            for _ in 0..<24 {
                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(Array("*?[]^-\\/!a.\n#b".utf8)[Int(dice >> 33) % 14])
            }
            let patterns = try? IgnorePatterns(bytes)
            _ = patterns?.ignores(Array("a/b.a/-b".utf8))
        }
    }
}

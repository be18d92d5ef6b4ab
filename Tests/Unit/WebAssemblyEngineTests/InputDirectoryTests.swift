// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import WebAssemblyEngine

@Suite("the input directory")
struct InputDirectoryTests {
    private func directory(_ paths: [String]) throws(InputRefusal) -> InputDirectory {
        try InputDirectory(paths.map { InputFile(path: $0, bytes: []) })
    }

    @Test(
        "a path that is no plain path is refused",
        arguments: [
            "", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\0b",
            String(repeating: "a", count: 1_025), String(repeating: "a/", count: 32) + "a",
        ])
    func badPaths(path: String) {
        #expect(throws: InputRefusal.badPath(path)) { try directory([path]) }
    }

    @Test("two files cannot have one path, nor can one lie below another")
    func duplicates() {
        #expect(throws: InputRefusal.duplicatePath("a")) { try directory(["a", "b", "a"]) }
        #expect(throws: InputRefusal.duplicatePath("a/b")) { try directory(["a/b", "a-c", "a"]) }
    }

    @Test("there is a limit to the number of files")
    func limit() throws {
        let paths = (0...InputDirectory.filesMax).map { "f\($0)" }
        #expect(throws: InputRefusal.tooManyFiles(4_097)) { try directory(paths) }
        #expect(try directory(paths.dropLast()).files.count == 4_096)
    }

    @Test("the order of the list does not matter")
    func order() throws {
        let one = try directory(["b/c", "a", "b/a/x", "b/a/y", "c"])
        let other = try directory(["c", "b/a/y", "a", "b/a/x", "b/c"])
        #expect(one.files.map(\.path) == other.files.map(\.path))
        #expect(one.entries.map(\.name) == other.entries.map(\.name))
        #expect(one.entries.map(\.children) == other.entries.map(\.children))
        #expect(one.entries.count == 8)
    }
}

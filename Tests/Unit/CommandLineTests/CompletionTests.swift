// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Testing

@testable import atoll

@Suite("The completion of bash, as bash runs it")
struct CompletionTests {
    /// What bash offers after these words, the last of which is being typed.
    private func offered(_ words: String...) throws -> [String] {
        let script = try #require(
            Completion.script(for: "bash", commands: CommandTable.commands))
        let typed = words.map { "'\($0)'" }.joined(separator: " ")
        let program = """
            \(script)
            COMP_WORDS=(atoll \(typed)); COMP_CWORD=\(words.count); _atoll
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        var template = Array("/tmp/atoll-completion-XXXXXX".utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkstemp($0) } ?? -1
        }
        try #require(descriptor >= 0)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(path) }
        let bytes = Array(program.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        return try lines(of: "bash --norc \(path)")
    }

    private func lines(of command: String) throws -> [String] {
        let pipe = try #require(popen(command, "r"))
        defer { pclose(pipe) }
        var text: [UInt8] = []
        while case let byte = fgetc(pipe), byte >= 0 { text.append(UInt8(byte)) }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("first words, second words, options, and values of options and arguments")
    func everything() throws {
        #expect(try offered("stat") == ["status"])
        #expect(try offered("receipt", "ver") == ["verify"])
        #expect(try offered("keys", "") == ["export", "import", "list", "new"])
        #expect(try offered("run", "p.wasm", "--fu") == ["--fuel-max"])
        #expect(try offered("receipt", "verify", "f", "--out") == ["--output"])
        #expect(try offered("jobs", "-o", "j") == ["json"])
        #expect(try offered("completion", "f") == ["fish"])
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The house rules that a program can check (CONTRIBUTING.md).
@Suite("Tidy")
struct TidyTests {
    @Test("every Swift file opens with its licence")
    func licence() {
        let offenders = SourceTree.files
            .filter { $0.lines.first != "// SPDX-License-Identifier: Apache-2.0" }
            .map(\.path)
        #expect(offenders == [])
        #expect(SourceTree.files.count > 50, "the walk found the sources")
    }

    @Test("files stay within 600 lines, tests within 800, lines within 100 columns")
    func sizes() {
        let long = SourceTree.files.filter { $0.lines.count > ($0.isTest ? 800 : 600) + 1 }
        #expect(long.map(\.path) == [])
        let wide = SourceTree.files.flatMap { file in
            file.lines.enumerated().filter { $0.element.count > 100 }
                .map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(wide == [])
    }

    @Test("functions stay within 70 lines")
    func functionLengths() {
        #expect(SourceTree.product.flatMap(longFunctions(in:)) == [])
    }

    private func longFunctions(in file: SourceTree.File) -> [String] {
        var found: [String] = []
        var open: (line: Int, indent: Int)?
        for (number, text) in file.code {
            let indent = text.prefix { $0 == " " }.count
            let trimmed = text.drop { $0 == " " }
            if let start = open, trimmed.hasPrefix("}"), indent == start.indent {
                if number - start.line > 70 { found.append("\(file.path):\(start.line)") }
                open = nil
            } else if trimmed.contains("func "), !closesItself(text),
                open.map({ indent <= $0.indent }) ?? true
            {
                // A function of the same depth before a closing brace: the last had no body.
                open = (number, indent)
            }
        }
        return found
    }

    /// Whether a function begins and ends on this line.
    private func closesItself(_ text: String) -> Bool {
        text.contains("{")
            && text.filter { $0 == "{" }.count == text.filter { $0 == "}" }.count
    }

    struct Ban: CustomTestStringConvertible, Sendable {
        let word: String
        let instead: String
        /// Targets that may use it.
        var except: Set<String> = []
        var testDescription: String { word }
    }

    static let bans: [Ban] = [
        Ban(word: "Date()", instead: "effects.time.wallClock()"),
        Ban(word: "UUID()", instead: "effects.chance"),
        Ban(word: "SystemRandomNumberGenerator", instead: "effects.chance"),
        Ban(word: ".random(", instead: "effects.chance"),
        Ban(word: ".randomElement(", instead: "effects.chance"),
        Ban(word: ".shuffled()", instead: "effects.chance"),
        Ban(word: "Task.sleep", instead: "effects.time.sleep"),
        Ban(
            word: "Task {", instead: "effects.tasks.spawn",
            except: ["SystemEffects", "SimulatedEffects"]),
        Ban(word: "Task.detached", instead: "effects.tasks.spawn"),
        Ban(word: "DispatchQueue", instead: "effects.workers"),
        Ban(word: "try!", instead: "a typed throw"),
        Ban(word: "as!", instead: "a checked cast"),
        Ban(word: "/bin/sh", instead: "an argument list"),
        Ban(
            word: "system(", instead: "effects.processes", except: ["SystemEffects", "Effects"]),
    ]

    @Test("banned calls do not occur in the product", arguments: bans)
    func banned(ban: Ban) {
        let found = SourceTree.product.filter { !ban.except.contains($0.target) }.flatMap { file in
            file.code.filter { contains($0.text, word: ban.word) }
                .map { "\(file.path):\($0.number): use \(ban.instead)" }
        }
        #expect(found == [])
    }

    private func contains(_ text: String, word: String) -> Bool {
        var rest = text[...]
        while let range = rest.range(of: word) {
            let before =
                range.lowerBound == text.startIndex
                ? " " : text[text.index(before: range.lowerBound)]
            if word.first == "."
                || !(before.isLetter || before.isNumber || before == "_" || before == ".")
            {
                return true
            }
            rest = rest[range.upperBound...]
        }
        return false
    }

    @Test("no unfinished marks stand in the sources")
    func unfinished() {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        let found = SourceTree.files.flatMap { file in
            file.lines.enumerated()
                .filter { line in
                    line.element.split { !$0.isLetter }.contains { marks.contains(String($0)) }
                }
                .map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(found == [])
    }

    @Test("folders and files are not drawers")
    func drawers() {
        let names: Set<String> = [
            "Utils", "Utilities", "Helpers", "Common", "Misc", "Extras", "Core",
        ]
        let found = SourceTree.files.filter { file in
            file.path.split(separator: "/").contains { part in
                names.contains(String(part.split(separator: ".")[0]))
            }
        }
        #expect(found.map(\.path) == [])
    }
}

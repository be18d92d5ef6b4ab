// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Rules are written once, numbered, and cited: a citation must have its rule, a figure its
/// command.
@Suite("Citations")
struct CitationTests {
    /// Every `WORD-7` that opens a rule in the specs and the modules' laws.
    private func rules() -> Set<String> {
        let laws =
            SourceTree.paths(below: "specs") { $0.hasSuffix(".md") }
            + SourceTree.paths(below: "Modules") { $0.hasSuffix("README.md") }
        return Set(laws.flatMap { marks(in: SourceTree.text($0)) })
    }

    private func marks(in text: String) -> [String] {
        let pattern = #/\b([A-Z]{4,}-[0-9]+)\b/#
        return text.matches(of: pattern).map { String($0.1) }
    }

    @Test("every rule that code or tests cite is written in specs or in a module's law")
    func citations() {
        let known = rules()
        #expect(known.count > 30)
        let families = Set(known.map { $0.prefix { $0 != "-" } })
        let missing = SourceTree.files.flatMap { file in
            file.lines.enumerated().flatMap { index, line in
                marks(in: String(line))
                    .filter { families.contains($0.prefix { $0 != "-" }) && !known.contains($0) }
                    .map { "\(file.path):\(index + 1) cites \($0)" }
            }
        }
        #expect(missing == [])
    }

    @Test("no rule's number stands before two rules")
    func numbers() {
        let laws =
            SourceTree.paths(below: "specs") { $0.hasSuffix(".md") }
            + SourceTree.paths(below: "Modules") { $0.hasSuffix("README.md") }
        var seen: Set<String> = []
        let twice = laws.flatMap { law in
            SourceTree.text(law).matches(of: #/\n- \*\*([A-Z0-9]+-[0-9]+)\*\*/#)
                .map { String($0.1) }.filter { !seen.insert($0).inserted }.map { "\(law): \($0)" }
        }
        #expect(seen.count > 30 && twice == [])
    }

    @Test("no number stands before two decisions")
    func decisions() {
        let numbers = SourceTree.paths(below: "docs/decisions") { $0.hasSuffix(".md") }
            .compactMap { $0.split(separator: "/").last?.prefix { $0 != "-" } }
        #expect(numbers.count > 10 && Set(numbers).count == numbers.count)
    }

    @Test("every figure in LIMITS.md names a benchmark that exists")
    func limits() {
        let text = SourceTree.text("LIMITS.md")
        let named = Set(text.matches(of: #/FIGURE=([a-z0-9.]+)/#).map { String($0.1) })
        #expect(!named.isEmpty)
        let bench = SourceTree.files.filter { $0.path.contains("atoll-bench") }
            .flatMap(\.lines).joined(separator: "\n")
        let missing = named.filter { !bench.contains("\"\($0)\"") }.sorted()
        #expect(missing == [])
    }
}

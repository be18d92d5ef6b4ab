// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The list of what the gateway promises names tests; each must be there, in its file.
@Suite("The list of the gateway's promises")
struct GatewayCoverageTests {
    /// The cells in backticks of each row: a test's words, then its file.
    private func rows() -> [(test: String, file: String)] {
        SourceTree.text("docs/gateway/coverage.md").split(separator: "\n")
            .filter { $0.hasPrefix("|") }
            .compactMap { line in
                let cells = line.matches(of: #/`([^`]+)`/#).map { String($0.1) }
                return cells.count == 2 ? (cells[0], cells[1]) : nil
            }
    }

    @Test("every promise's test exists in the file that the list names")
    func exist() {
        #expect(rows().count > 60)
        let missing = rows().filter { !SourceTree.text($0.file).contains($0.test) }
        #expect(missing.map(\.test) == [])
    }
}

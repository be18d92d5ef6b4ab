// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The catalogue of attacks names tests; each must be there, under its name, in its file.
@Suite("The catalogue of attacks")
struct AttackCatalogueTests {
    /// The cells in backticks of each row: a test's sentence, then its file.
    private func rows() -> [(test: String, file: String)] {
        SourceTree.text("docs/economy/attacks.md").split(separator: "\n")
            .filter { $0.hasPrefix("|") }
            .compactMap { line in
                let cells = line.matches(of: #/`([^`]+)`/#).map { String($0.1) }
                return cells.count == 2 ? (cells[0], cells[1]) : nil
            }
    }

    @Test("every attack's test exists in the file that the catalogue names")
    func exist() {
        #expect(rows().count > 30)
        let missing = rows().filter { row in
            !SourceTree.text(row.file).contains("\"\(row.test)\"")
        }
        #expect(missing.map(\.test) == [])
    }

    @Test("every attack that must be tried is in the catalogue")
    func complete() {
        let text = SourceTree.text("docs/economy/attacks.md").lowercased()
        let attacks = [
            "vote-move-vote", "flash stake", "double delegation", "slash dodging by unbonding",
            "slash dodging by redelegating", "reward theft by just-in-time stake",
            "commission rug", "sybil airdrop", "auction sniping", "proposal spam",
            "last-minute quorum", "veto griefing", "treasury drain over epochs",
            "time-lock bypass", "upgrade with a wrong hash", "parameter out of",
            "arithmetic at 2^128 edges",
        ]
        #expect(attacks.filter { !text.contains($0) } == [])
    }
}

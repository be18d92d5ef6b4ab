// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What economy and governance promise, line by line: each row of the table names a test that
/// shows it.
@Suite("The economy's coverage")
struct CoverageTests {
    private static let page = "docs/economy/coverage.md"

    /// What is promised, the test's sentence and its file, of each row that names a test.
    private func rows() -> [(promise: String, test: String, file: String)] {
        SourceTree.text(Self.page).split(separator: "\n").filter { $0.hasPrefix("| ") }
            .compactMap { line in
                let cells = line.split(separator: "|").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                guard cells.count == 4, cells[2].hasPrefix("`"), cells[3].hasPrefix("`") else {
                    return nil
                }
                return (
                    cells[0], cells[2].trimmingCharacters(in: ["`"]),
                    cells[3].trimmingCharacters(in: ["`"])
                )
            }
    }

    @Test("every row's test exists in the file that the table names")
    func exist() {
        #expect(rows().count > 100)
        let missing = rows().filter { row in
            !SourceTree.text(row.file).contains("\"\(row.test)\"")
        }
        #expect(missing.map(\.test) == [])
    }

    @Test("every requirement of economy and governance has a row")
    func complete() {
        // Those that another room keeps, or that were decided otherwise, stand below the tables.
        let named = Set(Self.identifiers(in: SourceTree.text(Self.page)))
        let wanted =
            ["OC-03", "OC-05", "OC-06", "OC-08", "OC-09", "OC-10", "OC-17", "OC-25"]
            + (1...22).map { "CO-\($0 < 10 ? "0" : "")\($0)" } + ["CO-40", "CO-44"]
            + ["PK-02", "PK-03", "PK-04", "PK-14", "PK-21", "PK-32", "PK-33"]
            + (8...22).map { "OP-\($0 < 10 ? "0" : "")\($0)" }
            + (2...9).map { "R\($0)" } + ["R11", "R12", "R13"] + (16...21).map { "R\($0)" }
            + ["R23", "R24", "R36", "R37"]
        #expect(wanted.filter { !named.contains($0) } == [])
    }

    @Test("in no month of the simulated years does a decision take more than it costs")
    func attacks() {
        for name in ["atoll", "optimus", "octo", "pocket", "ocos"] {
            let lines = SourceTree.text("docs/economy/\(name).csv").split(separator: "\n")
            #expect(lines.count == 61, "five years of months")
            for line in lines.dropFirst() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false)
                // Empty where stake does not decide.
                guard cells.count == 15, let cost = UInt64(cells[13]) else { continue }
                #expect(UInt64(cells[14]) ?? .max < cost, "\(name), day \(cells[0])")
            }
        }
    }

    /// Identifiers such as OP-12 and R6 in a text.
    private static func identifiers(in text: String) -> [String] {
        text.matches(of: #/(OC|CO|PK|OP)-[0-9]{2}|R[0-9]{1,2}/#).map { String($0.0) }
    }
}

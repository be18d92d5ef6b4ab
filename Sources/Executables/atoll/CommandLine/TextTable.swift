// SPDX-License-Identifier: Apache-2.0

/// Columns for people: a header, rows, two spaces between; no lines, so it pipes well.
struct TextTable {
    private var rows: [[String]]
    private let rightAligned: Set<Int>

    /// Starts a table.
    ///
    /// - Parameter rightAligned: Columns of numbers.
    init(_ header: [String], rightAligned: Set<Int> = []) {
        rows = [header.map { $0.uppercased() }]
        self.rightAligned = rightAligned
    }

    /// Adds a row; it has as many cells as the header.
    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// Whether it has only its header.
    var isEmpty: Bool { rows.count == 1 }

    /// The table's lines, each with its newline.
    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { line(of: $0, widths: widths) + "\n" }.joined()
    }

    private func line(of cells: [String], widths: [Int]) -> String {
        let padded = cells.enumerated().map { column, cell in
            let space = String(repeating: " ", count: widths[column] - cell.count)
            return rightAligned.contains(column) ? space + cell : cell + space
        }
        var line = padded.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Names and values, one a line, names padded.
struct TextFacts {
    private var facts: [(String, String)] = []

    /// Adds a fact.
    mutating func add(_ name: String, _ value: String) { facts.append((name, value)) }

    /// The lines, each with its newline.
    var text: String {
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
        }.joined()
    }
}

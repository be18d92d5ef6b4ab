// SPDX-License-Identifier: Apache-2.0

/// The rows of an economy as a picture: four panels of lines over years, one below the other, in
/// SVG without any other program.
struct EconomyChart {
    private static let width = 720
    private static let panelHeight = 150
    private static let panelStep = 210
    private static let left = 70
    private static let right = 160
    private static let top = 48

    /// One line: its name, colour and a value for each row; nothing where it has none.
    private struct Line {
        let name: String
        let colour: String
        let values: [UInt64?]
    }

    let title: String
    let rows: [EconomyRow]

    /// The picture.
    var svg: String {
        let height = Self.top + 4 * Self.panelStep
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(height)" \
            font-family="sans-serif" font-size="12">
            <rect width="\(Self.width)" height="\(height)" fill="#ffffff"/>
            <text x="\(Self.left)" y="24" font-size="16">\(title)</text>

            """
        for (place, panel) in panels.enumerated() {
            text += self.panel(panel.name, panel.lines, at: Self.top + place * Self.panelStep)
        }
        return text + "</svg>\n"
    }

    private var panels: [(name: String, lines: [Line])] {
        [
            (
                "units, in millions",
                [
                    line("supply", "#444444") { $0.supply / 1_000_000 },
                    line("circulating", "#1f77b4") { $0.circulating / 1_000_000 },
                    line("staked", "#2ca02c") { $0.staked / 1_000_000 },
                    line("treasury", "#9467bd") { $0.treasury / 1_000_000 },
                    line("rewards left", "#ff7f0e") { $0.budget / 1_000_000 },
                ]
            ),
            (
                "staked of what circulates, %",
                [line("staked", "#2ca02c") { $0.stakingRatio / 10_000 }]
            ),
            (
                "yearly rewards of a staked unit, hundredths of a per cent",
                [line("yield", "#ff7f0e") { $0.yield / 100 }]
            ),
            (
                "attacks: what they cost and could take, units in millions",
                [
                    line("cost: a third", "#d62728") { $0.haltCost / 1_000_000 },
                    line("cost: a vote", "#8c564b") { $0.voteCost.map { $0 / 1_000_000 } },
                    line("gain: treasury", "#9467bd") { $0.voteGain / 1_000_000 },
                ]
            ),
        ]
    }

    private func line(
        _ name: String, _ colour: String, _ value: (EconomyRow) -> UInt64?
    ) -> Line { Line(name: name, colour: colour, values: rows.map(value)) }

    private func panel(_ name: String, _ lines: [Line], at y: Int) -> String {
        let most = Self.ceiling(lines.flatMap(\.values).compactMap { $0 }.max() ?? 1)
        let bottom = y + 18 + Self.panelHeight
        let end = Self.width - Self.right
        var text = "<text x=\"\(Self.left)\" y=\"\(y + 8)\" fill=\"#222222\">\(name)</text>\n"
        for mark in 0...4 {
            let height = bottom - mark * Self.panelHeight / 4
            text +=
                "<path d=\"M\(Self.left) \(height)H\(end)\" stroke=\"#dddddd\"/>\n"
                + "<text x=\"\(Self.left - 6)\" y=\"\(height + 4)\" text-anchor=\"end\" "
                + "fill=\"#666666\">\(most * UInt64(mark) / 4)</text>\n"
        }
        for (place, line) in lines.enumerated() {
            text += "<path d=\"\(path(line.values, most, bottom))\" fill=\"none\" "
            text += "stroke=\"\(line.colour)\" stroke-width=\"1.5\"/>\n"
            text += "<text x=\"\(end + 10)\" y=\"\(y + 30 + place * 16)\" "
            text += "fill=\"\(line.colour)\">\(line.name)</text>\n"
        }
        return text + years(bottom)
    }

    private func years(_ bottom: Int) -> String {
        let days = rows.last?.day ?? 1
        return (0...days / 365).map { year in
            "<text x=\"\(x(year * 365))\" y=\"\(bottom + 14)\" text-anchor=\"middle\" "
                + "fill=\"#666666\">\(year) y</text>\n"
        }.joined()
    }

    private func x(_ day: UInt64) -> Int {
        let span = UInt64(Self.width - Self.right - Self.left)
        return Self.left + Int(day * span / max(rows.last?.day ?? 1, 1))
    }

    private func path(_ values: [UInt64?], _ most: UInt64, _ bottom: Int) -> String {
        var isDrawing = false
        return zip(rows, values).compactMap { row, value in
            guard let value else {
                isDrawing = false
                return nil
            }
            let height = bottom - Int(value * UInt64(Self.panelHeight) / most)
            defer { isDrawing = true }
            return "\(isDrawing ? "L" : "M")\(x(row.day)) \(height)"
        }.joined()
    }

    /// The least of 1, 2, 4, 5 or 8 times a power of ten that no value exceeds, at least 4.
    private static func ceiling(_ value: UInt64) -> UInt64 {
        var power: UInt64 = 1
        while true {
            for factor: UInt64 in [4, 5, 8, 10, 20] where factor * power >= value {
                return factor * power
            }
            power *= 10
        }
    }
}

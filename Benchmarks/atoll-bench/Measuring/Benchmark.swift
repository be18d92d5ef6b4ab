// SPDX-License-Identifier: Apache-2.0

/// A public figure: its id, its unit, and the bar it is held to.
struct FigureID: Sendable {
    let name: String
    let unit: String
    /// What is measured, in one line.
    let summary: String
    let bar: Bar?

    init(_ name: String, _ unit: String, _ summary: String, bar: Bar? = nil) {
        self.name = name
        self.unit = unit
        self.summary = summary
        self.bar = bar
    }
}

/// What a figure must reach.
enum Bar: Sendable {
    case atMost(Double)
    case atLeast(Double)

    func isMet(by value: Double) -> Bool {
        switch self {
        case .atMost(let bound): value <= bound
        case .atLeast(let bound): value >= bound
        }
    }

    var text: String {
        switch self {
        case .atMost(let bound): "at most \(NumberText.of(bound))"
        case .atLeast(let bound): "at least \(NumberText.of(bound))"
        }
    }
}

/// One program of measurement, which gives one or several figures.
struct Benchmark: Sendable {
    let figures: [FigureID]
    /// Measures; what it says on the way goes through the bench.
    let measure: @Sendable (Bench) async throws -> [Measurement]

    /// Whether `wanted` names one of its figures, or the family they belong to.
    func answers(to wanted: String) -> Bool {
        figures.contains { $0.name == wanted || $0.name.hasPrefix(wanted + ".") }
    }
}

/// A measured figure.
struct Measurement: Sendable {
    /// What another program gives for the same work in the same run.
    struct Peer: Sendable {
        let name: String
        let value: Double
    }

    let figure: FigureID
    let value: Double
    var peers: [Peer] = []
    /// What exactly was measured and how.
    let meter: String
}

/// Why nothing was measured.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

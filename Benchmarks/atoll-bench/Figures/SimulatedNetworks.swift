// SPDX-License-Identifier: Apache-2.0

/// Whole networks in a simulated world: how soon they agree across the world, what a lossy
/// validator costs them, and how much of their time a machine can watch.
enum SimulatedNetworks {
    static let wan21 = wan(
        FigureID(
            "ledger.wan.n21.p50", "ms",
            "finality of a payment, 21 validators, 5 regions, simulated", bar: .atMost(600)),
        FigureID(
            "ledger.wan.n21.p99", "ms", "the same, the slowest in a hundred", bar: .atMost(1_200)),
        "wan-5-regions-21", seeds: 20, quick: 3)
    static let wan50 = wan(
        FigureID("ledger.wan.n50.p50", "ms", "the same of 50 validators"),
        FigureID("ledger.wan.n50.p99", "ms", "the same, the slowest in a hundred"),
        "Large/wan-5-regions-50", seeds: 8, quick: 1)
    static let wan100 = wan(
        FigureID("ledger.wan.n100.p50", "ms", "the same of 100 validators", bar: .atMost(600)),
        FigureID(
            "ledger.wan.n100.p99", "ms", "the same, the slowest in a hundred", bar: .atMost(1_200)
        ),
        "Large/wan-5-regions-100", seeds: 4, quick: 1)

    static let loss = FigureID(
        "ledger.wan.loss", "%",
        "rise of finality among 21 when one validator in twenty loses 1 % of messages",
        bar: .atMost(10))
    static let rate = FigureID(
        "simulate.seeds", "h/min", "simulated hours of networks of 4 a minute, on one core",
        bar: .atLeast(1))
    static let lossy = Benchmark(figures: [loss], measure: measureLoss)
    static let seeds = Benchmark(figures: [rate], measure: measureSeeds)

    private static let folder = "Tests/Simulation/Scenarios"
    /// What every meter of simulated finality says.
    private static let meter =
        "T4 in the world's time, which links and disks take and computation does not: from "
        + "handing a payment to a validator to its execution there"

    /// The figures of a network of five regions.
    private static func wan(
        _ median: FigureID, _ tail: FigureID, _ scenario: String, seeds: Int, quick: Int
    ) -> Benchmark {
        Benchmark(figures: [median, tail]) { bench in
            let count = bench.either(seeds, quick: quick)
            let lines = try await simulate([scenario], seeds: count, bench)
            let medians = try lines.map { try number(after: "p50", in: $0) }
            let tails = try lines.map { try number(after: "p99", in: $0) }
            let text = "\(meter); median of \(count) seeds, which gave"
            return [
                Measurement(
                    figure: median, value: medians.median, meter: "\(text) \(medians.spread)"),
                Measurement(figure: tail, value: tails.median, meter: "\(text) \(tails.spread)"),
            ]
        }
    }

    private static func measureLoss(_ bench: Bench) async throws -> [Measurement] {
        let count = bench.either(20, quick: 3)
        func median(_ scenario: String) async throws -> Double {
            try await simulate([scenario], seeds: count, bench)
                .map { try number(after: "p50", in: $0) }.median
        }
        let whole = try await median("wan-5-regions-21")
        let lossy = try await median("loss-at-one-of-twenty")
        let text =
            "\(meter); median of \(count) seeds \(NumberText.of(whole)) ms without and "
            + "\(NumberText.of(lossy)) ms with loss, which breaks the link it happens on"
        return [
            Measurement(figure: loss, value: (lossy / whole - 1) * 100, meter: text)
        ]
    }

    private static func measureSeeds(_ bench: Bench) async throws -> [Measurement] {
        let count = bench.either(10, quick: 1)
        let scenarios = scenariosOfFour()
        guard !scenarios.isEmpty else { throw BenchFailure("no scenarios in \(folder)") }
        let watch = Stopwatch()
        let lines = try await simulate(scenarios, seeds: count, bench)
        let wall = watch.wall
        let hours =
            try lines.map { try number(before: "ms of its time", in: $0) }.reduce(0, +) / 3.6e6
        let meter =
            "\(scenarios.count) scenarios of 4 validators from \(count) seeds each, with all "
            + "checkers, in one process of one thread; "
            + "\(NumberText.of(Double(lines.count) * 60 / wall)) seeds a minute"
        return [Measurement(figure: rate, value: hours * 60 / wall, meter: meter)]
    }

    /// The scenarios whose networks have four validators.
    private static func scenariosOfFour() -> [String] {
        (SystemFile.names(in: folder) ?? []).sorted().filter { $0.hasSuffix(".scenario") }
            .filter { name in
                let text = SystemFile.text("\(folder)/\(name)") ?? ""
                return text.split(separator: "\n").contains("validators 4")
            }.map { String($0.dropLast(".scenario".count)) }
    }

    /// The lines of a simulation in which every promise was kept.
    private static func simulate(
        _ names: [String], seeds: Int, _ bench: Bench
    ) async throws -> [Substring] {
        let program = ChildProgram.ownFolder + "/atoll-simulate"
        let files = names.map { "\(folder)/\($0).scenario" }
        let output = try await bench.compute {
            try ChildProgram.run(program, files + ["--seeds", "\(seeds)"])
        }
        return output.split(separator: "\n")
    }

    private static func number(after word: String, in line: Substring) throws -> Double {
        let words = line.split { $0 == " " || $0 == "," }
        guard let place = words.firstIndex(of: word[...]), place + 1 < words.count,
            let number = Double(words[place + 1])
        else { throw BenchFailure("atoll-simulate says no \(word): \(line)") }
        return number
    }

    private static func number(before text: String, in line: Substring) throws -> Double {
        guard let range = line.firstRange(of: text),
            let number = line[..<range.lowerBound].split(separator: " ").last.flatMap({ Double($0) }
            )
        else { throw BenchFailure("atoll-simulate says no '\(text)': \(line)") }
        return number
    }
}

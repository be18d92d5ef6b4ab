// SPDX-License-Identifier: Apache-2.0

/// Whole networks in a simulated world: how soon they agree across the world, and how many of
/// them a machine can watch.
enum SimulatedNetworks {
    static let finality = FigureID(
        "ledger.wan.n21.p50", "ms", "finality of a payment, 21 validators, 5 regions, simulated",
        bar: .atMost(600))
    static let rate = FigureID(
        "simulate.seeds", "seeds/min", "seeds of all scenarios run and checked, on one core")
    static let wan = Benchmark(figures: [finality], measure: measureWAN)
    static let seeds = Benchmark(figures: [rate], measure: measureSeeds)

    private static let folder = "Tests/Simulation/Scenarios"
    private static let scenarios = [
        "calm", "clock-skew", "crash-loop-during-catch-up", "full-disk", "loss-and-jitter",
        "lost-syncs",
        "mempool-flood-of-invalid-transactions", "one-crashed", "one-way-cuts",
        "partition-in-halves", "torn-writes", "twin-keys", "two-crashed-then-healed",
        "wan-5-regions-21",
    ]

    private static func measureWAN(_ bench: Bench) async throws -> [Measurement] {
        let count = bench.either(20, quick: 3)
        let lines = try await simulate(["wan-5-regions-21"], seeds: count, bench)
        let medians = try lines.map { try number(after: "p50", in: $0) }
        let tails = try lines.map { try number(after: "p99", in: $0) }
        let meter =
            "T4 in the world's time, which links and disks take and computation does not: from "
            + "handing a payment to a validator to its execution there; \(count) seeds; p99 "
            + NumberText.of(tails.percentile(50))
        return [Measurement(figure: finality, value: medians.percentile(50), meter: meter)]
    }

    private static func measureSeeds(_ bench: Bench) async throws -> [Measurement] {
        let count = bench.either(10, quick: 1)
        let begin = bench.effects.time.now()
        let lines = try await simulate(scenarios, seeds: count, bench)
        let seconds = Double(bench.effects.time.now().value - begin.value) / 1e9
        let meter =
            "\(scenarios.count) scenarios from \(count) seeds each, with all checkers, in one "
            + "process of one thread"
        let value = Double(lines.count) * 60 / seconds
        return [Measurement(figure: rate, value: value, meter: meter)]
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
}

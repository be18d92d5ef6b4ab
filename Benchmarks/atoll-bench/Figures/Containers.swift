// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Containers beside those of crun and runc, the same bundle in the same minute.
enum Containers {
    static let start = FigureID(
        "container.start", "ms", "a container of /bin/true made, started and removed")
    static let startCPU = FigureID(
        "container.start.cpu", "ms", "processor time of that")
    static let profile = FigureID(
        "container.start.seccomp", "ms", "the same with a profile as container engines have")
    static let exec = FigureID("container.exec", "ms", "/bin/true run in a container that runs")
    static let rate = FigureID("container.rate", "1/s", "containers a second, 4 clients")
    static let watch = FigureID(
        "container.monitor", "MiB", "memory of the process that stays with a container",
        bar: .atMost(1.2))

    static let starts = Benchmark(figures: [start, startCPU, rate], measure: measureStart)
    static let profiles = Benchmark(figures: [profile], measure: measureProfile)
    static let execs = Benchmark(figures: [exec], measure: measureExec)
    static let watches = Benchmark(figures: [watch], measure: measureWatch)

    private struct Contender {
        let name: String
        /// Its variables, then what its command lines begin with.
        let words: [String]
    }

    private struct Sample {
        let wall: Double
        let cpu: Double
        let rate: Double
    }

    private static let clients = 4

    /// Ourselves, then whoever of the peers is there.
    private static func contenders() -> [Contender] {
        let folder = ".deps/peers/usr"
        let libraries = "LD_LIBRARY_PATH=\(folder)/lib/x86_64-linux-gnu"
        var all = [
            Contender(name: "atoll", words: [ChildProgram.ownFolder + "/atoll-runtime"])
        ]
        for (name, path) in [("crun", "\(folder)/bin/crun"), ("runc", "\(folder)/sbin/runc")]
        where access(path, X_OK) == 0 {
            all.append(Contender(name: name, words: [libraries, path]))
        }
        return all
    }

    /// Rounds in turns, so that a change of the machine's load meets all; each one's median round.
    private static func samples(
        _ bench: Bench, _ kind: String, hasProfile: Bool, clients: Int
    ) async throws -> [(name: String, sample: Sample)] {
        let runs = bench.either(60, quick: 20)
        let rounds = bench.either(5, quick: 3)
        return try await bench.compute {
            let bundle = try ContainerBundle.make(bench, hasProfile: hasProfile)
            let all = contenders()
            var found: [[Sample]] = all.map { _ in [] }
            for _ in 0..<rounds {
                for (index, one) in all.enumerated() {
                    found[index].append(
                        try time(one, kind, runs, clients, bench.folder, bundle))
                }
            }
            return zip(all, found).map { one, samples in
                let median = Sample(
                    wall: samples.map(\.wall).median, cpu: samples.map(\.cpu).median,
                    rate: samples.map(\.rate).median)
                return (one.name, median)
            }
        }
    }

    private static func time(
        _ one: Contender, _ kind: String, _ runs: Int, _ clients: Int, _ folder: String,
        _ bundle: String
    ) throws(BenchFailure) -> Sample {
        let output = try ChildProgram.run(
            ".deps/venv/bin/python",
            [
                "Benchmarks/peers/container_times.py", kind, "\(runs)", "\(clients)",
                "\(folder)/state-\(one.name)", bundle,
            ] + one.words)
        let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard numbers.count == 3 else { throw BenchFailure("container_times.py said \(output)") }
        return Sample(wall: numbers[0], cpu: numbers[1], rate: numbers[2])
    }

    private static func measurement(
        _ figure: FigureID, _ samples: [(name: String, sample: Sample)], _ meter: String,
        _ value: (Sample) -> Double
    ) -> Measurement {
        let values = samples.map { ($0.name, value($0.sample)) }
        return Measurement(
            figure: figure, value: values[0].1,
            peers: values.dropFirst().map { Measurement.Peer(name: $0.0, value: $0.1) },
            meter: meter)
    }

    private static func cpuText(_ samples: [(name: String, sample: Sample)]) -> String {
        let parts = samples.map { "\($0.name) \(NumberText.of($0.sample.cpu))" }
        return "processor ms: \(parts.joined(separator: ", "))"
    }

    private static let how = "wall clock, median of rounds in turns; same config.json; warm"

    private static func measureStart(_ bench: Bench) async throws -> [Measurement] {
        let samples = try await samples(bench, "start", hasProfile: false, clients: clients)
        let meter = "\(how); \(cpuText(samples))"
        return [
            measurement(start, samples, meter) { $0.wall },
            measurement(startCPU, samples, "user and system of all processes waited for") {
                $0.cpu
            },
            measurement(rate, samples, "run of \(clients) clients at once") { $0.rate },
        ]
    }

    private static func measureProfile(_ bench: Bench) async throws -> [Measurement] {
        let samples = try await samples(bench, "start", hasProfile: true, clients: 1)
        return [measurement(profile, samples, "\(how); \(cpuText(samples))") { $0.wall }]
    }

    private static func measureExec(_ bench: Bench) async throws -> [Measurement] {
        let samples = try await samples(bench, "exec", hasProfile: false, clients: 1)
        return [measurement(exec, samples, "\(how); \(cpuText(samples))") { $0.wall }]
    }

    /// The share of ten watches in the machine's memory: what they share counts once.
    private static func measureWatch(_ bench: Bench) async throws -> [Measurement] {
        let value = try await bench.compute { () throws -> Double in
            let bundle = try ContainerBundle.make(bench, hasProfile: false)
            return try ContainerWatches.memory(bench, bundle: bundle, count: 10)
        }
        return [
            Measurement(
                figure: watch, value: value, meter: "proportional share of one among ten")
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects

/// Measures the figures of LIMITS.md: `atoll-bench FOLDER [FIGURE...]` (scripts/bench runs it).
@main
enum AtollBench {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.first == MeshPeer.word { exit(MeshPeer.run(words)) }
        guard let folder = words.first, words.count > 1 else {
            print(Catalog.text, terminator: "")
            return
        }
        guard !isDebugBuild else {
            StandardError.write("bench: build with -c release; a debug build measures nothing\n")
            exit(2)
        }
        let wanted = words.dropFirst().map { ($0, Catalog.benchmarks(for: $0)) }
        if let unknown = wanted.first(where: { $0.1.isEmpty }) {
            StandardError.write(
                "bench: there is no figure '\(unknown.0)'; there are\n\(Catalog.text)")
            exit(2)
        }
        exit(run(wanted.flatMap(\.1), in: folder))
    }

    /// Whether assertions are checked, as only debug builds do.
    private static var isDebugBuild: Bool {
        var isDebug = false
        func notice() -> Bool {
            isDebug = true
            return true
        }
        assert(notice())
        return isDebug
    }

    /// Measures on a loop of its own and gives the exit code.
    private static func run(_ benchmarks: [Benchmark], in folder: String) -> Int32 {
        let loop = EventLoop()
        let outcome = Outcome()
        do {
            let effects = try SystemWorld.make(root: folder, loop: loop)
            let isQuick = getenv("QUICK").map { String(cString: $0) == "1" } ?? false
            let bench = Bench(effects: effects, isQuick: isQuick, folder: folder)
            effects.tasks.spawn("bench") {
                outcome.code = await measure(benchmarks, bench)
                loop.stop()
            }
            loop.run()
            return outcome.code
        } catch {
            bench(error)
            return 1
        }
    }

    private static func measure(_ benchmarks: [Benchmark], _ bench: Bench) async -> Int32 {
        var lines: [String] = []
        var code: Int32 = 0
        for benchmark in benchmarks {
            bench.say(benchmark.figures.map(\.name).joined(separator: ", "))
            let machine = Machine.summary
            do {
                for measurement in try await benchmark.measure(bench) {
                    lines.append(FigureLine.text(measurement, machine: machine))
                    judge(measurement, bench)
                }
            } catch {
                bench.say("not measured: \(error)")
                code = 1
            }
        }
        for line in lines { print(line) }
        return code
    }

    private static func judge(_ measurement: Measurement, _ bench: Bench) {
        let (figure, value) = (measurement.figure, NumberText.of(measurement.value))
        guard let bar = figure.bar else { return }
        let verdict = bar.isMet(by: measurement.value) ? "meets" : "misses"
        bench.say("\(figure.name) \(value) \(figure.unit) \(verdict) the bar: \(bar.text)")
    }

    private static func bench(_ error: any Error) { StandardError.write("bench: \(error)\n") }

    /// The exit code, written and read on the loop's thread alone.
    private final class Outcome: @unchecked Sendable {
        var code: Int32 = 1
    }
}

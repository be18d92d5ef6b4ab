// SPDX-License-Identifier: Apache-2.0

/// From `atoll up` on nothing to a cloud that takes work.
enum CloudReady {
    static let figure = FigureID(
        "cloud.ready", "s", "`atoll up` to ready: 4 validators, 3 providers, 1 gateway",
        bar: .atMost(3))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(7, quick: 3)
        var seconds: [Double] = []
        for _ in 0..<runs {
            let watch = Stopwatch()
            seconds.append(try await LocalCloud.lend(bench) { _ in watch.wall })
            bench.say("ready after \(NumberText.of(seconds[seconds.count - 1])) s")
        }
        let meter =
            "wall time of the command, keys and genesis made anew; "
            + "\(seconds.spread) s; median of \(runs)"
        return [Measurement(figure: figure, value: seconds.median, meter: meter)]
    }
}

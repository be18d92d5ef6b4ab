// SPDX-License-Identifier: Apache-2.0

/// The dashboard as a browser gets it from a gateway.
enum WebPage {
    static let weight = FigureID(
        "web.weight", "kB", "all that the dashboard's first page loads, compressed",
        bar: .atMost(500))
    static let paint = FigureID(
        "web.paint", "ms", "from asking for the dashboard to figures of the cloud on the screen",
        bar: .atMost(1_000))
    static let benchmark = Benchmark(figures: [weight, paint], measure: measure)

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let loads = bench.either(15, quick: 5)
        return try await LocalCloud.lend(bench) { cloud in
            let output = try await bench.compute {
                try ChildProgram.run(
                    ".deps/peers/web/bin/python",
                    ["Benchmarks/peers/web-page.py", try cloud.gateway(), "\(loads)"])
            }
            let numbers = output.split(whereSeparator: { " \n".contains($0) }).compactMap {
                Double($0)
            }
            guard numbers.count == 4 else { throw BenchFailure("web-page.py says: \(output)") }
            let meter =
                "Chromium, empty cache, \(loads) loads on a local cloud, medians; first paint "
                + "\(NumberText.of(numbers[1])) ms, largest \(NumberText.of(numbers[3])) ms"
            return [
                Measurement(figure: weight, value: numbers[0] / 1_000, meter: meter),
                Measurement(figure: paint, value: numbers[2], meter: meter),
            ]
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import HTTPServer

/// How long one client waits for one paid, checked job at a time.
enum JobLatency {
    static let median = FigureID(
        "job.settled.p50", "ms", "WASM job, submitted to settled on two providers, median",
        bar: .atMost(400))
    static let slowest = FigureID(
        "job.settled.p99", "ms", "the same, the slowest of a hundred", bar: .atMost(1_000))
    static let benchmark = Benchmark(figures: [median, slowest], measure: measure)

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let count = bench.either(300, quick: 100)
        return try await LocalCloud.lend(bench) { cloud in
            let counter = try await JobCounter(cloud)
            let client = counter.client(key: try cloud.clientKey())
            for _ in 0..<warmUp { _ = try await client.run() }
            bench.say("\(count) jobs, one after another")
            let shares = try ProcessorShares(cloud)
            var taken: [Double] = []
            for _ in 0..<count {
                let (ending, milliseconds) = try await client.run()
                guard ending.isSettled else { throw BenchFailure("a job ended: \(ending.name)") }
                taken.append(milliseconds)
            }
            let used = shares.read()
            let meter =
                "from sending the signed order to the gateway to the event `orderSettled`, "
                + "\(count) jobs one after another, wordcount of \(counter.text); "
                + "p90 \(NumberText.of(taken.percentile(90))), "
                + "all \(taken.spread); "
                + "\(used.milliseconds(per: count)) ms of processor time a job; "
                + "percent of a core: \(used.text)"
            await counter.close()
            return [
                Measurement(figure: median, value: taken.percentile(50), meter: meter),
                Measurement(figure: slowest, value: taken.percentile(99), meter: meter),
            ]
        }
    }

    /// Jobs that fetch and compile the program and do not count.
    private static let warmUp = 3
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects

/// How many paid, checked jobs a cloud settles while many clients order without a pause.
enum JobRate {
    static let figure = FigureID(
        "job.rate", "1/s", "jobs settled per second, sustained", bar: .atLeast(200))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    /// Clients, each with a key and one job at a time.
    private static let clients = 256
    /// Jobs a provider takes at once: every client's job has a place at each of three providers.
    private static let slots = 384
    private static let warmUpMilliseconds: UInt64 = 3_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let seconds = bench.either(60, quick: 10)
        let prepare = { (cloud: LocalCloud) in try cloud.setSlots(slots) }
        return try await LocalCloud.lend(bench, prepare: prepare) { cloud in
            let counter = try await JobCounter(cloud)
            let keys = try await counter.fund(clients, from: try cloud.clientKey())
            let tally = LoadTally()
            bench.say("\(clients) clients order for \(seconds) s")
            let tasks = keys.map { key in
                bench.effects.tasks.spawn("client") {
                    await work(counter.client(key: key), tally, bench)
                }
            }
            await bench.effects.time.sleep(milliseconds: warmUpMilliseconds)
            let shares = try ProcessorShares(cloud)
            tally.begin()
            await bench.effects.time.sleep(milliseconds: UInt64(seconds) * 1_000)
            let sample = tally.end()
            let used = shares.read()
            let meter =
                "\(clients) clients with a key each, one job at a time each, for \(seconds) s, "
                + "3 providers with \(slots) slots, wordcount of \(counter.text); "
                + "\(sample.text), \(sample.failures) not settled; "
                + "\(used.milliseconds(per: sample.taken.count)) ms of processor time a job; "
                + "percent of a core: \(used.text)"
            for task in tasks { await task.finished() }
            await counter.close()
            return [
                Measurement(
                    figure: figure, value: Double(sample.taken.count) / used.wall,
                    meter: meter)
            ]
        }
    }

    /// Orders until the measurement is over; the last jobs still end.
    private static func work(_ client: JobClient, _ tally: LoadTally, _ bench: Bench) async {
        while !tally.isOver {
            do {
                let (ending, milliseconds) = try await client.run()
                tally.add(ending.isSettled ? milliseconds : nil)
            } catch {
                if tally.add(nil) == 1 { bench.say("an order was not taken: \(error)") }
                await bench.effects.time.sleep(milliseconds: 200)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import Synchronization

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
            let tally = Tally()
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
            let (taken, failures) = tally.end()
            let used = shares.read()
            let meter =
                "\(clients) clients with a key each, one job at a time each, for \(seconds) s, "
                + "3 providers with \(slots) slots, wordcount of \(counter.text); "
                + "p50 \(NumberText.of(taken.percentile(50))) ms, "
                + "p99 \(NumberText.of(taken.percentile(99))) ms, \(failures) not settled; "
                + "\(used.milliseconds(per: taken.count)) ms of processor time a job; "
                + "percent of a core: \(used.text)"
            for task in tasks { await task.finished() }
            await counter.close()
            return [
                Measurement(
                    figure: figure, value: Double(taken.count) / used.wall, meter: meter)
            ]
        }
    }

    /// Orders until the measurement is over; the last jobs still end.
    private static func work(_ client: JobClient, _ tally: Tally, _ bench: Bench) async {
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

/// What happened while it counted.
private final class Tally: Sendable {
    private struct State {
        var isCounting = false
        var isOver = false
        var taken: [Double] = []
        var failures = 0
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.isOver } }

    func begin() { state.withLock { $0.isCounting = true } }

    func end() -> (taken: [Double], failures: Int) {
        state.withLock { state in
            state.isCounting = false
            state.isOver = true
            return (state.taken, state.failures)
        }
    }

    /// Counts a job that settled after so many milliseconds, or one that did not.
    ///
    /// - Returns: How many did not.
    @discardableResult
    func add(_ milliseconds: Double?) -> Int {
        state.withLock { state in
            guard state.isCounting else { return state.failures }
            if let milliseconds { state.taken.append(milliseconds) } else { state.failures += 1 }
            return state.failures
        }
    }
}

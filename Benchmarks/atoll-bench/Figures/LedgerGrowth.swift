// SPDX-License-Identifier: Apache-2.0

/// What becomes of rates and waits as the state grows, and what an account costs in memory.
enum LedgerGrowth {
    static let growth = FigureID(
        "ledger.growth", "ratio", "ledger.t4 with 10 M accounts over the same with 1,000",
        bar: .atLeast(0.8))
    static let wait = FigureID(
        "ledger.growth.finality", "ratio",
        "finality of a payment with 10 M accounts over the same with 1,000")
    static let memory = FigureID(
        "ledger.memory", "MB", "memory of a node for a million accounts, at 10 M")
    static let benchmark = Benchmark(figures: [growth, wait, memory], measure: measure)

    private static let clients = 1_000

    /// What was found at one size.
    private struct Finding {
        let accounts: Int
        let rate: Double
        let milliseconds: Double
        let bytes: Int
        /// Microseconds of processor time a transfer.
        let cost: String

        var text: String {
            "\(accounts) accounts \(NumberText.of(rate))/s at \(cost) us of processor time each, "
                + "p50 of one alone \(NumberText.of(milliseconds)) ms"
        }
    }

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let sizes = bench.either([1_000, 100_000, 10_000_000], quick: [1_000, 20_000, 200_000])
        let town = try LedgerTown(accounts: clients)
        var book = PaymentBook(town)
        var found: [Finding] = []
        let costs = try await Committee.lend(bench, town) { committee in
            let run = PaymentRun(
                committee: committee, parts: LedgerTown.partsMany, clients: clients, inFlight: 1,
                seconds: bench.either(15, quick: 4), aheadPerSecond: 2_500)
            var (costs, filled) = ("", 0)
            for size in sizes {
                let strangers = size - clients
                let larger = PaymentBook(town, strangers: strangers, seed: UInt64(size))
                larger.follow(book)
                book = larger
                if strangers > filled {
                    try await run.fill(book, strangers: filled..<strangers)
                    filled = strangers
                }
                let bytes = ProcessMeter.ownBytes
                let light = try await run.light(book, count: bench.either(200, quick: 40))
                let result = try await run.measure(book)
                costs = result.text(transfers: LedgerTown.partsMany)
                found.append(
                    Finding(
                        accounts: size, rate: result.rate * Double(LedgerTown.partsMany),
                        milliseconds: light.taken.percentile(50), bytes: bytes,
                        cost: result.threads.microseconds(
                            per: result.sample.taken.count * LedgerTown.partsMany)))
                bench.say(found[found.count - 1].text)
            }
            return costs
        }
        return measurements(found, costs)
    }

    private static func measurements(_ found: [Finding], _ costs: String) -> [Measurement] {
        let (small, middle, large) = (found[0], found[1], found[2])
        let sizes = found.map(\.text).joined(separator: ", ")
        let meter =
            "T4 at one validator as ledger.t4, to receivers all over the state, which payments of "
            + "1,024 parts had built: \(sizes); at the end \(costs)"
        let perMillion =
            Double(large.bytes - middle.bytes) / Double(large.accounts - middle.accounts)
        return [
            Measurement(figure: growth, value: large.rate / small.rate, meter: meter),
            Measurement(
                figure: wait, value: large.milliseconds / small.milliseconds,
                meter: "one payment after another at an idle node: \(sizes)"),
            Measurement(
                figure: memory, value: perMillion,
                meter: "resident memory that belongs to no file, from \(middle.accounts) to "
                    + "\(large.accounts) accounts; what the payments that built them left counts"),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Payments at nodes with everything there is: signatures checked, blocks and votes durable,
/// executed, the state's root worked out, values durable.
enum LedgerTransfers {
    static let many = FigureID(
        "ledger.t4", "1/s",
        "transfers per second at one node with all there is, \(LedgerTown.partsMany) a signature",
        bar: .atLeast(70_000))
    static let single = FigureID(
        "ledger.t4.single", "1/s",
        "transfers per second of 4 validators on one machine, one signature each",
        bar: .atLeast(20_000))
    static let disk = FigureID(
        "ledger.disk", "MB", "disk of a validator for a million such transactions")
    static let one = Benchmark(figures: [many], measure: measureOne)
    static let four = Benchmark(figures: [single, disk], measure: measureFour)

    /// Accounts of the state that pay and are paid.
    private static let accounts = 100_000
    /// Clients with a key, at one node.
    private static let clients = 1_000

    private static func measureOne(_ bench: Bench) async throws -> [Measurement] {
        let town = try LedgerTown(accounts: clients)
        let result = try await Committee.lend(bench, town) { committee in
            let run = PaymentRun(
                committee: committee, parts: LedgerTown.partsMany, clients: clients, inFlight: 1,
                seconds: bench.either(30, quick: 6), aheadPerSecond: 2_500)
            let strangers = accounts - clients
            let book = PaymentBook(town, strangers: strangers)
            try await run.fill(book, strangers: 0..<strangers)
            return try await run.measure(book)
        }
        let parts = Double(LedgerTown.partsMany)
        let text = result.text(transfers: LedgerTown.partsMany)
        bench.say("ledger.t4 \(NumberText.of(result.rate * parts)); \(text)")
        var found = PeerFindings()
        let seconds = bench.either(30, quick: 5)
        await found.add("postgresql", bench) {
            try await postgres(bench, seconds: seconds, perTransaction: 1)
        }
        await found.add("postgresql-\(LedgerTown.partsMany)", bench) {
            try await postgres(bench, seconds: seconds, perTransaction: LedgerTown.partsMany)
        }
        let meter =
            "T4 at one validator: \(LedgerTown.partsMany) transfers a transaction among "
            + "\(accounts) accounts, \(clients) clients with a transaction under way each, "
            + "handed in at the node's interface, signed before; blocks, votes and state synced; "
            + text + found.note
        return [
            Measurement(figure: many, value: result.rate * parts, peers: found.peers, meter: meter)
        ]
    }

    private static func postgres(
        _ bench: Bench, seconds: Int, perTransaction parts: Int
    ) async throws -> (Double, String) {
        try await PostgresServer.lend(bench, accounts: accounts) { server in
            try await server.transfers(perTransaction: parts, seconds: seconds)
        }
    }

    private static func measureFour(_ bench: Bench) async throws -> [Measurement] {
        let (seats, each) = (4, 1_000)
        let town = try LedgerTown(accounts: seats * each, validators: seats)
        let book = PaymentBook(town)
        return try await Committee.lend(bench, town) { committee in
            let run = PaymentRun(
                committee: committee, parts: 1, clients: each, inFlight: 4,
                seconds: bench.either(30, quick: 6),
                aheadPerSecond: bench.either(25_000, quick: 12_000))
            let host = committee.hosts[0]
            func executed() async throws -> UInt64 {
                try await host.run { await $0.status().counters }
                    .first { $0.name.contains("transactions_applied") }?.value ?? 0
            }
            let (bytesBefore, countBefore) = (host.diskBytes, try await executed())
            let result = try await run.measure(book)
            let bytes = host.diskBytes - bytesBefore
            let count = try await executed() - countBefore
            let meter =
                "T4 at 4 validators in one process, a loop and files each, over loopback: one "
                + "transfer a transaction among \(town.accounts.count) accounts, \(each) clients "
                + "a validator with \(run.inFlight) under way each, signed before; "
                + "\(result.sample.failures) refused or late; \(result.text(transfers: 1))"
            return [
                Measurement(figure: single, value: result.rate, meter: meter),
                Measurement(
                    figure: disk, value: Double(bytes) / Double(max(count, 1)),
                    meter: "blocks, votes and state of one validator, \(count) transactions; "
                        + "files that are emptied later count in full"),
            ]
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText

/// How fast a gateway's index is built anew, in a file of SQLite and in a server of PostgreSQL.
enum IndexRows {
    static let sqlite = FigureID(
        "indexer.rows", "1/s", "rows of the index written per second, SQLite",
        bar: .atLeast(50_000))
    static let postgres = FigureID(
        "indexer.rows.postgresql", "1/s", "the same with PostgreSQL", bar: .atLeast(20_000))
    static let benchmark = Benchmark(figures: [sqlite, postgres], measure: measure)

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let perAccount = bench.either(40, quick: 12)
        var measurements = [
            try await LocalCloud.lend(bench) { cloud in
                try await measure(sqlite, cloud, perAccount, bench)
            }
        ]
        do {
            measurements.append(
                try await PostgresServer.lend(bench, accounts: 1) { server in
                    let prepare = { (cloud: LocalCloud) in try cloud.setIndex(server.address) }
                    return try await LocalCloud.lend(bench, prepare: prepare) { cloud in
                        try await measure(postgres, cloud, perAccount, bench)
                    }
                })
        } catch {
            bench.say("not measured with PostgreSQL: \(error)")
        }
        return measurements
    }

    /// Fills a chain, has its index built anew, and reads what that took.
    private static func measure(
        _ figure: FigureID, _ cloud: LocalCloud, _ perAccount: Int, _ bench: Bench
    ) async throws -> Measurement {
        let load = try await SignedLoad(cloud, accounts: 256)
        for transaction in try await load.sign(perAccount, bench) {
            _ = try await load.client.submit(transaction)
        }
        _ = try await standing(cloud, bench)
        let before = try await figures(cloud, bench)
        let token = try cloud.ownerToken()
        _ = try await bench.compute {
            try ChildProgram.run(
                "/usr/bin/curl",
                [
                    "-fsS", "-X", "POST", "-H", "Authorization: Bearer \(token)",
                    try cloud.gateway() + "/v1/index/rebuild",
                ])
        }
        await bench.effects.time.sleep(milliseconds: 500)
        let things = try await standing(cloud, bench)
        let after = try await figures(cloud, bench)
        await load.close()
        let (rows, seconds) = (after.rows - before.rows, after.seconds - before.seconds)
        guard rows > 0, seconds > 0 else { throw BenchFailure("no row was written") }
        return Measurement(
            figure: figure, value: rows / seconds,
            meter:
                "\(256 * perAccount) transfers on the chain, \(things) things, \(Int(rows)) rows "
                + "in \(NumberText.of(seconds)) s of writing, transactions of the database included"
        )
    }

    /// Waits until the index lacks nothing, and says how many things it holds.
    private static func standing(_ cloud: LocalCloud, _ bench: Bench) async throws -> Int {
        for _ in 0..<1_200 {
            let text = try await bench.compute {
                try ChildProgram.run("/usr/bin/curl", ["-sS", try cloud.gateway() + "/v1/index"])
            }
            if let json = try? JSON(parsing: Array(text.utf8)), json["lag"]?.unsigned ?? 9 < 2,
                let counts = json["counts"]?.members, !counts.isEmpty
            {
                return counts.reduce(0) { $0 + Int($1.value.unsigned ?? 0) }
            }
            await bench.effects.time.sleep(milliseconds: 100)
        }
        throw BenchFailure("the index does not catch up")
    }

    private static func figures(
        _ cloud: LocalCloud, _ bench: Bench
    ) async throws -> (rows: Double, seconds: Double) {
        let text = try await bench.compute {
            try ChildProgram.run("/usr/bin/curl", ["-fsS", try cloud.gateway() + "/metrics"])
        }
        func value(_ name: String) -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix("atoll_\(name) ") }
            return line?.split(separator: " ").last.flatMap { Double($0) } ?? 0
        }
        return (
            value("index_rows_total"), value("index_writing_time_total") / 1e6
        )
    }
}

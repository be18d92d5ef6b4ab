// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import Ledger

/// Events to many clients: how many are delivered, and how much later the last client has one.
enum GatewayEvents {
    static let rate = FigureID(
        "gateway.sse", "1/s", "events delivered per second to \(clients) clients")
    static let tail = FigureID(
        "gateway.sse.p99", "ms", "from the first client that has an event to 99 in a hundred",
        bar: .atMost(250))
    static let benchmark = Benchmark(figures: [rate, tail], measure: measure)

    private static let clients = 1_000
    /// Transfers a second, each of which is three events.
    private static let perSecond = 50

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let seconds = bench.either(20, quick: 6)
        guard SystemFile.allowOpen(clients + 200) else {
            throw BenchFailure("this system lets a program open fewer than \(clients) files")
        }
        return try await LocalCloud.lend(bench) { cloud in
            let load = try await SignedLoad(cloud, accounts: 64)
            let bodies = try await load.sign(min(60, perSecond * (seconds + 4) / 64 + 1), bench)
            guard let node = try cloud.members().first(where: { $0.role == "gateway" }),
                let port = UInt16(try cloud.gateway().split(separator: ":").last ?? "")
            else { throw BenchFailure("the cloud has no gateway") }
            let pid = try cloud.process(of: node)
            let field = try EventField(port: port, clients: clients)
            async let tally = bench.compute {
                let before = ProcessMeter.processorSeconds(of: pid) ?? 0
                let tally = try field.listen(seconds: seconds)
                let used = (ProcessMeter.processorSeconds(of: pid) ?? before) - before
                return (tally, used)
            }
            try await send(bodies, to: load.client, seconds: seconds, bench)
            let (heard, used) = try await tally
            await load.close()
            return measurements(heard, seconds: seconds, used: used)
        }
    }

    private static func send(
        _ transactions: [SignedTransaction], to client: GatewayClient, seconds: Int, _ bench: Bench
    ) async throws {
        let begin = bench.effects.time.now()
        for (number, transaction) in transactions.enumerated() {
            let due = UInt64(number) * 1_000 / UInt64(perSecond)
            guard due < UInt64(seconds) * 1_000 else { return }
            let now = bench.effects.time.now().milliseconds(since: begin)
            if due > now { await bench.effects.time.sleep(milliseconds: due - now) }
            _ = try await client.submit(transaction)
        }
    }

    private static func measurements(
        _ heard: EventField.Tally, seconds: Int, used: Double
    ) -> [Measurement] {
        let meter =
            "\(clients) streams on loopback for \(seconds) s, \(perSecond) transfers a second, "
            + "\(heard.events) events, \(heard.deliveries) deliveries; median "
            + "\(NumberText.of(heard.milliseconds.percentile(50))) ms after the first; "
            + "\(NumberText.of(used / Double(max(heard.deliveries, 1)) * 1e6)) us of the gateway's "
            + "processor time a delivery"
        return [
            Measurement(
                figure: rate, value: Double(heard.deliveries) / Double(seconds), meter: meter),
            Measurement(
                figure: tail, value: heard.milliseconds.percentile(99), meter: meter),
        ]
    }
}

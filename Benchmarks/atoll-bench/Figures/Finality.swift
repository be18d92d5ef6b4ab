// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Ledger
import Vocabulary

/// How long a client of an idle cloud waits until its transfer is final.
enum Finality {
    static let figure = FigureID(
        "ledger.finality.p50", "ms", "finality of a transfer, 4 validators, loopback, light load",
        bar: .atMost(100))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let count = bench.either(300, quick: 60)
        let taken = try await LocalCloud.lend(bench) { cloud in
            bench.say("\(count) transfers, one after another")
            return try await transfers(count, cloud, bench)
        }
        let meter =
            "from sending a signed transfer to the gateway to its answer `final`, \(count) "
            + "transfers one after another; p90 \(NumberText.of(taken.percentile(90))), "
            + "p99 \(NumberText.of(taken.percentile(99)))"
        return [Measurement(figure: figure, value: taken.percentile(50), meter: meter)]
    }

    private static func transfers(
        _ count: Int, _ cloud: LocalCloud, _ bench: Bench
    ) async throws -> [Double] {
        guard let client = GatewayClient(try cloud.gateway(), effects: bench.effects) else {
            throw BenchFailure("the gateway's address is none")
        }
        let builder = TransactionBuilder(
            genesis: try cloud.genesis(), key: try cloud.clientKey())
        let first = try await client.account(builder.account).nonce
        var taken: [Double] = []
        for index in 0..<(count + warmUp) {
            let transfer = Transfer([.init(to: AccountID(Dice.bytes32(index)), Amount(1))])
            let height = try await client.status().height
            let signed = try builder.build(
                [AccountsMessage.transfer(transfer).message], nonce: first + UInt64(index),
                height: height)
            let begin = bench.effects.time.now()
            guard case .final = try await client.submit(signed, waitMilliseconds: 30_000) else {
                throw BenchFailure("the gateway did not wait")
            }
            let nanoseconds = bench.effects.time.now().value - begin.value
            if index >= warmUp { taken.append(Double(nanoseconds) / 1e6) }
        }
        await client.close()
        return taken
    }

    /// Transfers that fill caches and do not count.
    private static let warmUp = 5
}

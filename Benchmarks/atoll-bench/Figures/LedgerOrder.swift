// SPDX-License-Identifier: Apache-2.0

/// Bytes that nobody reads, ordered and made durable, beside others that do the same.
enum LedgerOrder {
    static let figure = FigureID(
        "ledger.t1", "1/s",
        "transactions of 128 B ordered and made durable per second, 4 validators on one machine",
        bar: .atLeast(250_000))
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    private static let validators = 4

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let finding = try await OrderingCommittee.measure(
            bench, validators: validators, seconds: bench.either(30, quick: 6))
        bench.say(
            "ledger.t1 \(NumberText.of(finding.rate)), \(finding.waits.text), "
                + "\(finding.threads.text)")
        let found = await peers(bench)
        let meter =
            "T1: \(OpaqueLoad.transactionBytes) B, \(validators) validators in one process over "
            + "loopback, a loop and logs each, every batch and vote synced by each before it is "
            + "vouched for; batches handed in inside the process, full ones as long as the lane "
            + "has room; counted at the slowest validator; "
            + "\(NumberText.of(finding.blocksPerSecond)) blocks/s, a batch handed in to executed "
            + "\(finding.waits.text); \(NumberText.of(finding.diskBytes)) B of disk a validator a "
            + "transaction; \(finding.threads.microseconds(per: finding.transactions)) us of "
            + "processor time a transaction; percent of a core by thread: \(finding.threads.text)"
            + found.note
        return [
            Measurement(figure: figure, value: finding.rate, peers: found.peers, meter: meter)
        ]
    }

    /// etcd's and JetStream's figures for the same bytes.
    static func peers(_ bench: Bench) async -> PeerFindings {
        var found = PeerFindings()
        let load = PipelinedLoad(
            connections: 16, inFlight: 64, seconds: bench.either(20, quick: 3))
        let light = PipelinedLoad(connections: 1, inFlight: 1, seconds: bench.either(5, quick: 2))
        await found.add("etcd-3", bench) {
            try await EtcdCluster.lend(bench, nodes: 3) { ports in
                let alone = try await EtcdCluster.puts(ports, light, bench)
                let full = try await EtcdCluster.puts(ports, load, bench)
                return (full.rate, text("puts over gRPC", load, full.sample, alone.sample))
            }
        }
        for nodes in [1, 3] {
            await found.add("jetstream-\(nodes)", bench) {
                try await NatsCluster.lend(bench, nodes: nodes) { ports in
                    let alone = try await NatsCluster.publish(ports, light, bench)
                    let full = try await NatsCluster.publish(ports, load, bench)
                    return (
                        full.rate,
                        text("messages, sync_interval always", load, full.sample, alone.sample)
                    )
                }
            }
        }
        return found
    }

    private static func text(
        _ what: String, _ load: PipelinedLoad, _ full: LoadSample, _ alone: LoadSample
    ) -> String {
        "\(EtcdPuts.valueBytes) B \(what), \(load.clients) clients on \(load.connections) "
            + "connections, \(full.text), \(full.failures) failed; one client alone "
            + "\(alone.text)"
    }
}

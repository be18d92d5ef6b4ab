// SPDX-License-Identifier: Apache-2.0
import Effects

/// Records between nodes of a mesh, beside gossipsub of py-libp2p and NATS core.
enum NetworkRecords {
    static let rate = FigureID(
        "network.gossip.records", "1/s",
        "records of 200 B that a node receives over one connection", bar: .atLeast(100_000))
    static let field = FigureID(
        "network.gossip.records.n20", "1/s",
        "records of 200 B that each of 20 nodes on one machine receives while all send",
        bar: .atLeast(100_000))
    static let late = FigureID(
        "network.gossip.p99", "ms",
        "a record of 200 B among 20 nodes on one machine, made to handed over, p99",
        bar: .atMost(100))
    static let benchmark = Benchmark(figures: [rate, field, late], measure: measure)

    private static let sizes = [64, 200, 1_024]
    private static let bytes = 200
    private static let nodes = 20
    /// The share of the full rate at which delays are measured.
    private static let paceShare = 0.5

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let seconds = bench.either(10, quick: 3)
        var words: [String] = []
        var value = 0.0
        let pair = try await MeshField(bench, nodes: 2, threads: 2)
        for size in sizes {
            let found = await pair.run(bench, bytes: size, senders: 1, seconds: seconds)
            bench.say("\(size) B over one connection: \(NumberText.of(found.rate)) /s")
            if size == bytes { value = found.rate }
            words.append(
                "\(size) B: \(NumberText.of(found.rate)) /s, \(found.processor) us a record")
        }
        await pair.stop()
        let (full, paced) = try await field(bench, seconds)
        let found = await peers(bench, seconds)
        let meter =
            "one connection, two threads, records queued one by one; "
            + words.joined(separator: "; ")
        let all =
            "20 nodes in one process on two threads, each connected with all, all broadcasting; "
            + "counted at the slowest; "
        return [
            Measurement(figure: rate, value: value, peers: found.peers, meter: meter + found.note),
            Measurement(
                figure: field, value: full.rate,
                meter: all + "\(full.processor) us of processor time a delivery"),
            Measurement(
                figure: late, value: paced.milliseconds.percentile(99),
                meter: all + "at half the full rate, \(NumberText.of(paced.rate)) /s a node; p50 "
                    + "\(NumberText.of(paced.milliseconds.median)) ms"),
        ]
    }

    private static func field(
        _ bench: Bench, _ seconds: Int
    ) async throws -> (full: MeshField.Finding, paced: MeshField.Finding) {
        let field = try await MeshField(bench, nodes: nodes, threads: 2)
        let full = await field.run(bench, bytes: bytes, senders: nodes, seconds: seconds)
        bench.say("20 nodes: \(NumberText.of(full.rate)) /s a node")
        let pace = Int(full.rate * paceShare / Double(nodes - 1))
        let paced = await field.run(
            bench, bytes: bytes, senders: nodes, seconds: seconds, pace: max(pace, 1_000))
        await field.stop()
        return (full, paced)
    }

    private static func peers(_ bench: Bench, _ seconds: Int) async -> PeerFindings {
        var found = PeerFindings()
        await found.add("nats-core", bench) {
            try await others(bench, "from one publisher to one subscriber through the server") {
                size in try await NatsTopic.rate(bench, bytes: size, seconds: seconds)
            }
        }
        await found.add("py-gossipsub", bench) {
            try await others(bench, "between two hosts of one process, unsigned") { size in
                try await bench.compute {
                    try PeerProgram.python(
                        "py-gossip.py", ["\(size)", "\(seconds)"],
                        interpreter: ".deps/peers/py/bin/python")
                }
            }
        }
        return found
    }

    /// The rate of another program for records of 200 B, and in words for all sizes.
    private static func others(
        _ bench: Bench, _ how: String, _ rate: (Int) async throws -> Double
    ) async throws -> (Double, String) {
        var (value, words) = (0.0, [how])
        for size in sizes {
            let found = try await rate(size)
            if size == bytes { value = found }
            words.append("\(size) B: \(NumberText.of(found)) /s")
        }
        return (value, words.joined(separator: ", "))
    }
}

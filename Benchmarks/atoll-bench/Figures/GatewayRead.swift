// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Vocabulary

/// Reads of the chain's state over HTTP, beside nginx serving the same bytes from a file.
enum GatewayRead {
    static let rate = FigureID(
        "gateway.read", "1/s", "reads of an account per second over HTTP, \(connections) clients")
    static let cost = FigureID(
        "gateway.read.cpu", "us", "processor time of the server for one such read")
    static let benchmark = Benchmark(figures: [rate, cost], measure: measure)

    private static let connections = 32

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let seconds = bench.either(10, quick: 4)
        let runs = bench.either(5, quick: 3)
        let (ours, body) = try await LocalCloud.lend(bench) { cloud in
            let account = AccountID(of: try cloud.clientKey().publicKey)
            let address = "\(try cloud.gateway())/v1/accounts/\(account)"
            guard let client = GatewayClient(try cloud.gateway(), effects: bench.effects),
                let node = try cloud.members().first(where: { $0.role == "gateway" })
            else { throw BenchFailure("the cloud has no gateway") }
            let body = try await client.account(account).json.compact
            await client.close()
            let pid = try cloud.process(of: node)
            let samples = try await bench.compute {
                try (0..<runs).map { _ in try load(address, seconds: seconds, server: [pid]) }
            }
            return (samples, body)
        }
        bench.say("nginx with the same \(body.utf8.count) bytes")
        let peer = try await bench.compute {
            try NginxServer.lend(folder: bench.folder, body: body) { address, pids in
                try (0..<runs).map { _ in try load(address, seconds: seconds, server: pids) }
            }
        }
        let meter =
            "wrk with \(connections) connections for \(seconds) s, \(body.utf8.count) B of JSON "
            + "from the executed state; the peer sends them from a file; median of \(runs)"
        return [
            measurement(rate, ours, peer, meter) { $0.perSecond },
            measurement(cost, ours, peer, meter) { $0.microseconds },
        ]
    }

    /// What a server did under load.
    private struct Sample {
        let perSecond: Double
        let microseconds: Double
    }

    private static func measurement(
        _ figure: FigureID, _ ours: [Sample], _ peer: [Sample], _ meter: String,
        _ value: (Sample) -> Double
    ) -> Measurement {
        Measurement(
            figure: figure, value: ours.map(value).median,
            peers: [.init(name: "nginx", value: peer.map(value).median)], meter: meter)
    }

    /// Asks as fast as the server answers and reads what that cost it.
    private static func load(_ address: String, seconds: Int, server: [Int]) throws -> Sample {
        func used() -> Double {
            server.compactMap(ProcessMeter.processorSeconds(of:)).reduce(0, +)
        }
        let before = used()
        let text = try ChildProgram.run(
            "/usr/bin/wrk", ["-t1", "-c\(connections)", "-d\(seconds)s", address])
        let after = used()
        guard !text.contains("Non-2xx"), let requests = count(in: text), requests > 0 else {
            throw BenchFailure("wrk says: \(text)")
        }
        return Sample(
            perSecond: Double(requests) / Double(seconds),
            microseconds: (after - before) / Double(requests) * 1e6)
    }

    /// The number before `requests in`, as wrk prints it.
    private static func count(in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.contains("requests in") {
            return line.split(separator: " ").first.flatMap { Int($0) }
        }
        return nil
    }
}

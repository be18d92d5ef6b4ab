// SPDX-License-Identifier: Apache-2.0
import Effects

/// A protocol in which requests are sent ahead of the answers to earlier ones.
protocol PipelinedProtocol: Sendable {
    /// Appends the request with this number.
    mutating func request(_ number: Int, to bytes: inout [UInt8])
    /// Takes what arrived, and appends what the protocol itself must say to it.
    ///
    /// - Returns: The numbers of the requests that succeeded.
    /// - Throws: ``BenchFailure`` when the server refuses one.
    mutating func take(_ bytes: [UInt8], reply: inout [UInt8]) throws -> [Int]
}

/// Clients on connections of their own, each with so many requests under way at any time.
struct PipelinedLoad: Sendable {
    let connections: Int
    /// Requests under way on each connection.
    let inFlight: Int
    let seconds: Int

    /// How many clients that is, each waiting for its answer.
    var clients: Int { connections * inFlight }
    /// How long the load runs before it is counted.
    private static let warmUpMilliseconds: UInt64 = 1_000

    /// Loads a server and gives answers per second with how long they took.
    ///
    /// - Parameter open: Makes the connection with this number.
    func run<Client: PipelinedProtocol>(
        _ bench: Bench, _ open: (Int) async throws -> (any ByteStream, Client)
    ) async throws -> (rate: Double, sample: LoadSample) {
        let tally = LoadTally()
        var streams: [any ByteStream] = []
        var tasks: [any SpawnedTask] = []
        for number in 0..<connections {
            let (stream, client) = try await open(number)
            streams.append(stream)
            tasks.append(
                bench.effects.tasks.spawn("load") {
                    await converse(number, stream, client, tally, bench.effects.time)
                })
        }
        await bench.effects.time.sleep(milliseconds: Self.warmUpMilliseconds)
        let watch = Stopwatch()
        tally.begin()
        await bench.effects.time.sleep(milliseconds: UInt64(seconds) * 1_000)
        let sample = tally.end()
        let wall = watch.wall
        for stream in streams { stream.close() }
        for task in tasks { await task.finished() }
        guard !sample.taken.isEmpty else { throw BenchFailure("nothing was answered") }
        return (Double(sample.taken.count) / wall, sample)
    }

    /// Keeps its requests under way until the load is over.
    private func converse<Client: PipelinedProtocol>(
        _ connection: Int, _ stream: any ByteStream, _ client: Client, _ tally: LoadTally,
        _ time: any TimeSource
    ) async {
        var client = client
        var begun: [Int: Instant] = [:]
        var next = connection
        func send(_ count: Int, _ bytes: inout [UInt8]) {
            let now = time.now()
            for _ in 0..<count {
                begun[next] = now
                client.request(next, to: &bytes)
                next += connections
            }
        }
        do {
            var bytes: [UInt8] = []
            send(inFlight, &bytes)
            try await stream.write(bytes)
            while !tally.isOver {
                let arrived = try await stream.read(limit: 65_536)
                guard !arrived.isEmpty else { throw BenchFailure("the server hung up") }
                var reply: [UInt8] = []
                let answered = try client.take(arrived, reply: &reply)
                let now = time.now().value
                for number in answered {
                    guard let start = begun.removeValue(forKey: number) else { continue }
                    tally.add(Double(now - start.value) / 1e6)
                }
                send(answered.count, &reply)
                if !reply.isEmpty { try await stream.write(reply) }
            }
        } catch {
            if !tally.isOver, tally.add(nil) == 1 {
                StandardError.write("bench: a client of the peer ended: \(error)\n")
            }
        }
    }
}

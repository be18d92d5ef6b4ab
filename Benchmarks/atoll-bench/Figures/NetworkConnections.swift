// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LibP2P
import SystemEffects

/// Connections set up and kept, of two swarms on loopback.
enum NetworkConnections {
    static let handshakes = FigureID(
        "network.handshakes", "1/s", "connections set up and ended a second, both ends here",
        bar: .atLeast(3_000))
    static let idle = FigureID(
        "network.idle", "KB", "memory of one idle connection's end, 5,000 connections held",
        bar: .atMost(30))
    static let benchmark = Benchmark(figures: [handshakes, idle], measure: measure)

    private static let connections = 5_000
    /// Dials under way at a time.
    private static let atOnce = 16
    /// How many dial at the same time for the rate, each one after another.
    private static let diallers = 32

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let loop = EventLoop.start(name: "listens")
        let other = try SystemWorld.make(root: "\(bench.folder)/listens", loop: loop)
        let listener = try swarm(1, other, [Endpoint(host: "127.0.0.1", port: 0)])
        try await listener.start()
        let dialler = try swarm(2, bench.effects, [])
        guard let endpoint = listener.listeningEndpoints.first else {
            throw BenchFailure("nobody listens")
        }
        let address = Multiaddr(endpoint, peer: listener.peer)
        let (rate, processor) = try await handshakeRate(bench, address)
        let kilobytes = try await idleMemory(bench, dialler, address)
        await dialler.stop()
        await listener.stop()
        return [
            Measurement(
                figure: handshakes, value: rate,
                meter: "\(diallers) under way: TCP, multistream, Noise XX with signatures, yamux, "
                    + "identify both ways begun; one thread dials, one listens; \(processor) us of "
                    + "processor time each, both ends"),
            Measurement(
                figure: idle, value: kilobytes,
                meter: "resident memory before and after, by 10,000 ends, kernel's part not "
                    + "counted; identify done, no stream open"),
        ]
    }

    private static func swarm(
        _ number: Int, _ effects: Effects, _ listen: [Endpoint]
    ) throws -> Swarm {
        guard let key = SigningKey(seed: Dice.bytes32(number).bytes) else {
            throw BenchFailure("no key")
        }
        var configuration = SwarmConfiguration(identity: key, listen: listen)
        configuration.limits.totalMax = connections + 64
        configuration.limits.inboundMax = connections + 64
        configuration.limits.perPeerMax = connections + 64
        return Swarm(effects: effects, configuration)
    }

    private static func handshakeRate(
        _ bench: Bench, _ address: Multiaddr
    ) async throws -> (Double, String) {
        let count = bench.either(1_000, quick: 150)
        let swarms = try (0..<diallers).map { try swarm(3 + $0, bench.effects, []) }
        let failed = StopFlag()
        let (watch, shares) = (Stopwatch(), ThreadShares())
        let tasks = swarms.map { swarm in
            bench.effects.tasks.spawn("dials again and again") {
                do {
                    try await dial(count, from: swarm, address)
                } catch {
                    failed.raise()
                }
            }
        }
        for task in tasks { await task.finished() }
        let (wall, reading) = (watch.wall, shares.read())
        for swarm in swarms { await swarm.stop() }
        guard !failed.isRaised else { throw BenchFailure("a connection was not had") }
        let all = count * diallers
        return (Double(all) / wall, reading.microseconds(per: all))
    }

    private static func dial(_ count: Int, from swarm: Swarm, _ address: Multiaddr) async throws {
        let gone = Signal()
        swarm.observe { event in
            if case .disconnected = event { gone.raise() }
        }
        for _ in 0..<count {
            let peer = try await swarm.connect(to: address)
            swarm.disconnect(peer)
            await gone.wait()
        }
    }

    private static func idleMemory(
        _ bench: Bench, _ dialler: Swarm, _ address: Multiaddr
    ) async throws -> Double {
        guard SystemFile.allowOpen(2 * connections + 256) else {
            throw BenchFailure("the system allows too few open files (ulimit -n)")
        }
        await bench.effects.time.sleep(milliseconds: 1_000)
        let before = ProcessMeter.ownBytes
        for _ in 0..<connections / atOnce {
            let tasks = (0..<atOnce).map { _ in
                bench.effects.tasks.spawn("dials") {
                    _ = try? await dialler.connectAgain(to: address)
                }
            }
            for task in tasks { await task.finished() }
        }
        let held = dialler.connections.count
        guard held >= connections - atOnce else {
            throw BenchFailure("only \(held) connections are held")
        }
        // What setting up has needed is given back meanwhile.
        await bench.effects.time.sleep(milliseconds: bench.either(20_000, quick: 3_000))
        return Double(ProcessMeter.ownBytes - before) / Double(2 * held) / 1_000
    }
}

// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import PeerNetwork
import Synchronization

/// How soon a node hears its peer again after the peer's process was killed and started anew.
enum NetworkRecovery {
    static let back = FigureID(
        "network.recovery", "ms",
        "a peer killed with SIGKILL and started at once, to its next record, median")
    static let benchmark = Benchmark(figures: [back], measure: measure)

    /// What has been heard of the peer.
    private final class Ear: Sendable {
        private struct State {
            var records = 0
            var endings = 0
        }

        private let state = Mutex(State())

        var records: Int { state.withLock { $0.records } }
        var endings: Int { state.withLock { $0.endings } }

        func take(_ count: Int) { state.withLock { $0.records += count } }

        func note(_ event: PeerEvent) {
            if case .disconnected = event { state.withLock { $0.endings += 1 } }
        }
    }

    /// How long anything may take.
    private static let patienceMilliseconds = 20_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let ports = try await PeerServer.freePorts(2, bench.effects)
        guard let identity = MeshPeer.key(0), let peer = MeshPeer.address(1, ports[1]) else {
            throw BenchFailure("no key")
        }
        let ear = Ear()
        let mesh = PeerMesh(
            effects: bench.effects, identity: identity, chain: MeshPeer.chain, roles: .validator,
            listen: Endpoint(host: "127.0.0.1", port: ports[0]), peers: [peer])
        try await mesh.start(
            MeshHandlers(
                messages: { ear.take($0.count) }, events: { event in ear.note(event) }))
        var noticed: [Double] = []
        var whole: [Double] = []
        var child = try start(bench, ports)
        for _ in 0..<bench.either(20, quick: 5) {
            let heard = ear.records
            try await wait(bench, "records") { ear.records > heard + 10 }
            let (ended, watch) = (ear.endings, Stopwatch())
            ChildProgram.stop(child, signal: SIGKILL)
            child = try start(bench, ports)
            try await wait(bench, "the end") { ear.endings > ended }
            noticed.append(watch.wall * 1_000)
            let last = ear.records
            try await wait(bench, "the next record") { ear.records > last }
            whole.append(watch.wall * 1_000)
        }
        ChildProgram.stop(child, signal: SIGKILL)
        await mesh.stop()
        return [
            Measurement(
                figure: back, value: whole.median,
                meter: "kill -9, the process started at once, TCP, Noise, introduction, record; "
                    + "the end was noticed after \(NumberText.of(noticed.median)) ms; the longest "
                    + "\(NumberText.of(whole.percentile(100))) ms of \(whole.count)")
        ]
    }

    private static func start(_ bench: Bench, _ ports: [UInt16]) throws -> pid_t {
        try ChildProgram.start(
            "/proc/self/exe",
            [MeshPeer.word, "\(bench.folder)/peer", "\(ports[1])", "\(ports[0])"])
    }

    private static func wait(
        _ bench: Bench, _ what: String, _ condition: () -> Bool
    ) async throws {
        for _ in 0..<patienceMilliseconds where !condition() {
            await bench.effects.time.sleep(milliseconds: 1)
        }
        guard condition() else { throw BenchFailure("\(what) did not come") }
    }
}

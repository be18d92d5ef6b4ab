// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// A server of others that runs while a figure is measured.
///
/// It gets a folder of its own, and it dies with this program however that ends.
struct PeerServer: Sendable {
    private let child: pid_t
    /// What it printed.
    let log: String

    /// Starts a server; to be called on the program's first thread, with which it would die.
    ///
    /// - Parameter user: The account it runs under when this program is root's.
    init(
        _ path: String, _ arguments: [String], log: String, user: String? = nil
    ) throws(BenchFailure) {
        self.log = log
        let words = Self.prefix(user) + [path] + arguments
        child = try ChildProgram.start("/usr/bin/setpriv", words, log: log)
    }

    /// The words for `setpriv` that give a program another account.
    static func prefix(_ user: String?) -> [String] {
        let account =
            user.map { geteuid() == 0 ? ["--reuid", $0, "--regid", $0, "--clear-groups"] : [] }
        return (account ?? []) + ["--pdeathsig", "KILL"]
    }

    /// Ends it.
    func stop(signal: Int32 = SIGTERM) { ChildProgram.stop(child, signal: signal) }

    /// Its number.
    var pid: Int { Int(child) }

    /// Ports of loopback that nobody listens on now.
    static func freePorts(_ count: Int, _ effects: Effects) async throws -> [UInt16] {
        var listeners: [any Listener] = []
        defer { for listener in listeners { listener.close() } }
        for _ in 0..<count {
            listeners.append(
                try await effects.network.listen(on: Endpoint(host: "127.0.0.1", port: 0)))
        }
        return listeners.map(\.endpoint.port)
    }

    /// A connection to a server that may still be starting, for half a minute.
    static func dial(_ port: UInt16, _ effects: Effects) async throws -> any ByteStream {
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        for _ in 0..<300 {
            if let stream = try? await effects.network.dial(endpoint, timeoutMilliseconds: 1_000) {
                return stream
            }
            await effects.time.sleep(milliseconds: 100)
        }
        throw BenchFailure("nobody answers at \(endpoint)")
    }

    /// The path of a peer's program, unpacked by scripts/bench or installed.
    static func program(_ name: String, in folders: [String]) throws(BenchFailure) -> String {
        let places = folders.map { "\($0)/\(name)" }
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else {
            throw BenchFailure("\(name) is not there (scripts/bench fetches it)")
        }
        return path
    }

    /// Where scripts/bench unpacks what needs no installation.
    static let unpacked = [".deps/peers/usr/bin", ".deps/peers/usr/sbin", ".deps/peers/bin"]
}

/// What a peer gave, or why it gave nothing.
struct PeerFindings: Sendable {
    var peers: [Measurement.Peer] = []
    /// For the note of the figure.
    var words: [String] = []

    /// Measures a peer; one that cannot be had leaves a word and no value.
    mutating func add(
        _ name: String, _ bench: Bench, _ measure: () async throws -> (Double, String)
    ) async {
        bench.say("peer \(name)")
        do {
            let (value, text) = try await measure()
            peers.append(Measurement.Peer(name: name, value: value))
            words.append("\(name): \(text)")
            bench.say("peer \(name) \(NumberText.of(value)); \(text)")
        } catch {
            words.append("\(name) could not be measured: \(error)")
            bench.say("peer \(name) could not be measured: \(error)")
        }
    }

    /// All words, ready to stand at the end of a note.
    var note: String { words.map { "; \($0)" }.joined() }
}

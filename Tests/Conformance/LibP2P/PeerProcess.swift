// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import LibP2P
import Synchronization
import Testing

/// Which implementation a peer runs.
enum PeerKind: String, CaseIterable, CustomTestStringConvertible {
    case python = "py"
    case go = "go"
    case kubo = "kubo"

    var testDescription: String {
        switch self {
        case .python: "py-libp2p"
        case .go: "go-libp2p"
        case .kubo: "Kubo"
        }
    }

    /// Where `scripts/setup-peers` puts its Python, or nothing when it has not been run.
    var interpreter: String? {
        let chosen = getenv("ATOLL_PEERS").map { String(cString: $0) }
        let path = "\(chosen ?? "\(Checkout.root)/.deps/peers")/\(rawValue)/bin/python"
        return access(path, X_OK) == 0 ? path : nil
    }

    var script: String { "\(Checkout.root)/Tests/Conformance/LibP2P/Peers/\(rawValue)_peer.py" }

    /// Whether tests with it can run; says once why not.
    var isInstalled: Bool {
        if interpreter != nil { return true }
        print("\(testDescription) is not installed: run scripts/setup-peers to test with it")
        return false
    }
}

/// Where the sources are.
enum Checkout {
    static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
}

/// Why a peer does not do what it is told.
enum PeerProblem: Error {
    case noAnswer(String)
    case refused(String)
}

/// A node of another implementation in a process of its own, told what to do line by line.
final class PeerProcess: Sendable {
    private struct State {
        var lines: [String] = []
        var isOver = false
    }

    let kind: PeerKind
    private let effects: Effects
    private let child: any ChildProcess
    private let control: any ByteStream
    private let state = Mutex(State())

    /// Where it listens, with its name.
    let address: Multiaddr
    /// Its name.
    let peer: PeerID

    /// How long an answer may take: the processors are shared with builds.
    private static let patienceMilliseconds = 60_000

    /// Starts a node.
    ///
    /// - Parameter arguments: Words after the port of the control connection.
    init(_ kind: PeerKind, _ effects: Effects, _ arguments: [String] = []) async throws {
        self.kind = kind
        self.effects = effects
        guard let python = kind.interpreter else { throw PeerProblem.noAnswer("not installed") }
        let listener = try await effects.network.listen(on: Endpoint(host: "127.0.0.1", port: 0))
        child = try effects.processes.start(
            ProcessRequest(
                executable: python,
                arguments: [kind.script, "\(listener.endpoint.port)"] + arguments,
                environment: ["HOME": "/tmp", "PATH": "/usr/bin:/bin"],
                logFile: "/tmp/atoll-peer-\(kind.rawValue).log"))
        let control = try await listener.accept()
        self.control = control
        listener.close()
        let first = try await Self.firstLine(control)
        guard let text = first.split(separator: " ").last, first.hasPrefix("listening ") else {
            throw PeerProblem.refused(first)
        }
        let address = try Multiaddr(String(text))
        guard let peer = address.peer else { throw PeerProblem.refused(first) }
        self.address = address
        self.peer = peer
        effects.tasks.spawn("peer lines") { await self.listen() }
    }

    private static func firstLine(_ stream: any ByteStream) async throws -> String {
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n") {
            let more = try await stream.read(limit: 1)
            guard !more.isEmpty else { throw PeerProblem.noAnswer("it ended at once") }
            bytes += more
        }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private func listen() async {
        var rest: [UInt8] = []
        while let bytes = try? await control.read(limit: 65_536), !bytes.isEmpty {
            rest += bytes
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeFirst(end + 1)
                state.withLock { $0.lines.append(line) }
            }
        }
        state.withLock { $0.isOver = true }
    }

    /// Tells it something and waits for the line that begins with `answer`.
    ///
    /// - Returns: What follows that word.
    @discardableResult
    func tell(_ words: String, answer: String) async throws -> String {
        try await control.write(Array("\(words)\n".utf8))
        return try await line(beginning: answer)
    }

    /// Waits for a line that begins with `word`, and takes it.
    func line(beginning word: String) async throws -> String {
        for _ in 0..<Self.patienceMilliseconds / 20 {
            let found = state.withLock { state -> String? in
                let index = state.lines.firstIndex { line in
                    line.hasPrefix("error ") || line.split(separator: " ").first == word[...]
                }
                return index.map { state.lines.remove(at: $0) }
            }
            if let found {
                guard !found.hasPrefix("error ") else { throw PeerProblem.refused(found) }
                return String(found.dropFirst(word.count + 1))
            }
            if state.withLock({ $0.isOver }) { break }
            await effects.time.sleep(milliseconds: 20)
        }
        throw PeerProblem.noAnswer(word)
    }

    /// Ends it.
    func stop() async {
        // One that is gone already has nothing to hear.
        try? await control.write(Array("quit\n".utf8))
        let waiting = effects.tasks.spawn("peer end") { _ = await self.child.exit() }
        let deadline = effects.tasks.spawn("peer deadline") { [effects, child] in
            await effects.time.sleep(milliseconds: 3_000)
            guard !Task.isCancelled else { return }
            try? effects.processes.signal(child.pid, SIGKILL)
        }
        await waiting.finished()
        deadline.cancel()
        control.close()
    }
}

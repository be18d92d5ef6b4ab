// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Keeps a swarm connected: dials peers it knows until enough are, and remembers them in a file.
///
/// Source: LIBP-22.
public final class PeerKeeper: Sendable {
    /// How often it is seen whether there are enough, in milliseconds.
    static let roundMilliseconds: UInt64 = 5_000
    /// After how many rounds the file is written anew.
    static let roundsOfFile = 60

    private struct State {
        var plan: OutboundPlan
        var dialling: Set<PeerID> = []
        var isStopped = false
    }

    private let swarm: Swarm
    private let effects: Effects
    private let path: String?
    private let isKept: @Sendable (PeerID) -> Bool
    private let state: Mutex<State>

    /// Prepares the keeper; nothing happens before ``start()``.
    ///
    /// - Parameters:
    ///   - path: The file of known peers, or nothing to begin anew each time.
    ///   - isKept: Whether somebody else keeps a peer connected already.
    public init(
        _ swarm: Swarm, effects: Effects, rules: OutboundPlan.Rules = OutboundPlan.Rules(),
        path: String? = nil, isKept: @escaping @Sendable (PeerID) -> Bool = { _ in false }
    ) {
        self.isKept = isKept
        self.swarm = swarm
        self.effects = effects
        self.path = path
        let seed = effects.chance.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        state = Mutex(State(plan: OutboundPlan(rules, seed: seed)))
    }

    /// Reads the file, and keeps the swarm connected from now on.
    ///
    /// - Throws: ``DiskFailure`` when a file that is there cannot be read. A damaged one is as
    ///   none.
    public func start() async throws(DiskFailure) {
        if let path {
            do throws(DiskFailure) {
                let bytes = try await effects.disk.read(path, limit: PeerBook.encodedBytesMax)
                if let book = try? PeerBook(bytes) { swarm.remember(book) }
            } catch .notFound {
                // The first life of this node.
            } catch {
                throw error
            }
        }
        effects.tasks.spawn("peer keeper") { [weak self, effects] in
            var rounds = 0
            while let self, !Task.isCancelled, !self.state.withLock({ $0.isStopped }) {
                await self.look()
                rounds += 1
                // A file that cannot be written now may be next time; nothing hangs on it.
                if rounds.isMultiple(of: Self.roundsOfFile) { try? await self.save() }
                await effects.time.sleep(milliseconds: Self.roundMilliseconds)
            }
        }
    }

    /// Dials no more, and writes the file.
    ///
    /// - Throws: ``DiskFailure``.
    public func stop() async throws(DiskFailure) {
        state.withLock { $0.isStopped = true }
        try await save()
    }

    private func save() async throws(DiskFailure) {
        guard let path else { return }
        try await effects.disk.replace(path, with: swarm.bookOfPeers.encoded)
    }

    private var now: UInt64 { effects.time.now().value / 1_000_000 }

    /// Dials peers when there are too few, without waiting for the next round.
    public func look() async {
        let now = now
        let connections = swarm.connections
        let outbound = connections.filter { !$0.isInbound }
            .map { OutboundPlan.Candidate(peer: $0.peer, ip: $0.address.ip) }
        let connected = Set(connections.map(\.peer))
        let strangers = swarm.knownPeers.filter { !connected.contains($0) && !isKept($0) }
        let known = strangers.compactMap { peer in
            let way = swarm.description(of: peer)?.addresses.first { $0.endpoint != nil }
            return way.map { OutboundPlan.Candidate(peer: peer, ip: $0.ip) }
        }
        let chosen = state.withLock { state in
            let free = known.filter { !state.dialling.contains($0.peer) }
            let chosen = state.plan.choose(outbound: outbound, known: free, now: now)
            state.dialling.formUnion(chosen)
            return chosen
        }
        let tasks = chosen.map { peer in
            effects.tasks.spawn("peer keeper dials") { await self.dial(peer) }
        }
        for task in tasks { await task.finished() }
    }

    private func dial(_ peer: PeerID) async {
        defer { state.withLock { _ = $0.dialling.remove(peer) } }
        do {
            try await swarm.connect(to: peer)
            state.withLock { $0.plan.succeeded(peer) }
        } catch {
            let now = now
            state.withLock { $0.plan.failed(peer, now: now) }
        }
    }
}

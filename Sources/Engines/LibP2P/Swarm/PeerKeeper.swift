// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Keeps a swarm connected: dials peers it knows until enough are, and remembers them in a file.
///
/// Source: LIBP-22.
public final class PeerKeeper: Sendable {
    /// How often it is seen whether there are enough, in milliseconds.
    static let roundMilliseconds: UInt64 = 5_000
    /// The longest pause between two dials of a kept peer, in milliseconds.
    static let keptBackoffMillisecondsMax: UInt64 = 300_000
    /// After how many rounds the file is written anew.
    static let roundsOfFile = 60

    /// The most peers that are kept whatever else is connected.
    public static let keptMax = 64

    private struct State {
        var plan: OutboundPlan
        /// Peers that are to be connected always, and where.
        var kept: [PeerID: Multiaddr] = [:]
        var dialling: Set<PeerID> = []
        var isStopped = false
    }

    private let swarm: Swarm
    private let effects: Effects
    private let path: String?
    private let isKept: @Sendable (PeerID) -> Bool
    private let reach: Way?
    private let state: Mutex<State>

    /// How a peer is connected.
    public typealias Way = @Sendable (PeerID) async throws(ConnectionFailure) -> Void

    /// Prepares the keeper; nothing happens before ``start()``.
    ///
    /// - Parameters:
    ///   - path: The file of known peers, or nothing to begin anew each time.
    ///   - isKept: Whether somebody else keeps a peer connected already.
    ///   - reach: How a peer is connected, where not by dialling alone.
    public init(
        _ swarm: Swarm, effects: Effects, rules: OutboundPlan.Rules = OutboundPlan.Rules(),
        path: String? = nil, isKept: @escaping @Sendable (PeerID) -> Bool = { _ in false },
        reach: Way? = nil
    ) {
        self.isKept = isKept
        self.reach = reach
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
                let bytes = try await effects.disk.read(path, limit: KeptPeers.fileBytesMax)
                if let book = try? PeerBook(bytes) { swarm.remember(book) }
                for address in KeptPeers.read(bytes) { note(kept: address) }
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
        let kept = state.withLock { state in
            state.kept.keys.sorted().compactMap { state.kept[$0] }
        }
        try await effects.disk.replace(
            path, with: swarm.bookOfPeers.encoded + KeptPeers.encoded(kept))
    }

    // MARK: Kept peers

    /// Keeps a peer connected from now on, over the process's end too: it is dialled whenever it is
    /// not connected, with the usual back-off.
    ///
    /// - Parameter address: It ends in the peer's name.
    /// - Returns: Whether there was room for it.
    @discardableResult
    public func keep(_ address: Multiaddr) async -> Bool {
        guard note(kept: address) else { return false }
        // Written at the end all the same.
        try? await save()
        return true
    }

    /// Keeps a peer no longer; a connection that stands is not ended.
    public func letGo(_ peer: PeerID) async {
        guard state.withLock({ $0.kept.removeValue(forKey: peer) }) != nil else { return }
        swarm.protect(peer, false)
        try? await save()
    }

    /// Whether a peer is kept.
    public func keeps(_ peer: PeerID) -> Bool { state.withLock { $0.kept[peer] != nil } }

    @discardableResult
    private func note(kept address: Multiaddr) -> Bool {
        guard let peer = address.peer, peer != swarm.peer else { return false }
        let hasRoom = state.withLock { state in
            guard state.kept[peer] != nil || state.kept.count < Self.keptMax else { return false }
            state.kept[peer] = address
            return true
        }
        guard hasRoom else { return false }
        swarm.remember([address], of: peer)
        swarm.protect(peer)
        return true
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
            let ways = swarm.description(of: peer)?.addresses ?? []
            let way = ways.first { $0.endpoint != nil } ?? ways.first { $0.relay != nil }
            return way.map { OutboundPlan.Candidate(peer: peer, ip: $0.ip) }
        }
        let chosen = state.withLock { state in
            let free = known.filter { !state.dialling.contains($0.peer) }
            let missing = state.kept.keys.sorted().filter {
                !connected.contains($0) && !state.dialling.contains($0)
                    && !state.plan.isLeftAlone($0, now: now)
            }
            let others = free.filter { state.kept[$0.peer] == nil }
            let chosen =
                missing + state.plan.choose(outbound: outbound, known: others, now: now)
            state.dialling.formUnion(chosen)
            return chosen
        }
        let tasks = chosen.map { peer in
            effects.tasks.spawn("peer keeper dials") { await self.dial(peer) }
        }
        for task in tasks { await task.finished() }
    }

    // Where the owner said, else where it says itself.
    private func connect(_ peer: PeerID) async throws(ConnectionFailure) {
        if let address = state.withLock({ $0.kept[peer] }), address.endpoint != nil {
            do {
                try await swarm.connect(to: address)
                return
            } catch {
                // It may have moved, and told others where.
                guard swarm.knowsOtherAddress(of: peer, than: address) else { throw error }
            }
        }
        guard let reach else { return try await swarm.connect(to: peer) }
        try await reach(peer)
    }

    private func dial(_ peer: PeerID) async {
        defer { state.withLock { _ = $0.dialling.remove(peer) } }
        do {
            try await connect(peer)
            state.withLock { $0.plan.succeeded(peer) }
        } catch {
            let now = now
            state.withLock { state in
                let most = state.kept[peer] == nil ? nil : Self.keptBackoffMillisecondsMax
                state.plan.failed(peer, now: now, waitingAtMost: most)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects
public import LibP2P
import Synchronization
public import Vocabulary

/// Finds the nodes of one cloud, beginning with a few that are known.
///
/// A node registers with those it is connected with, under the name of its chain, and asks them who
/// else has: what it hears are records sealed by the peers themselves. What that does not find, the
/// distributed hash table does. Found validators are connected by the mesh, some of the others by
/// the node's own choice. Source: specs/transport.md TRANSPORT-24 to TRANSPORT-26.
public final class CloudDiscovery: Sendable {
    /// How often and whom a node asks.
    public struct Rules: Sendable {
        /// The first pause between two rounds, in milliseconds; it doubles while nothing is new.
        public var pauseMillisecondsMin: UInt64 = 100
        /// The longest pause.
        public var pauseMillisecondsMax: UInt64 = 30_000
        /// The longest pause while a validator cannot be found.
        public var missingMillisecondsMax: UInt64 = 2_000
        /// How many peers are asked in one round.
        public var askedMax = 8
        /// How long before the hash table is searched again, in milliseconds.
        public var tableMilliseconds: UInt64 = 15_000

        /// The usual rules.
        public init() {}
    }

    /// What a peer has been told.
    private struct Registration {
        let record: [UInt8]
        /// When half its life is over.
        let renewal: Instant
    }

    private struct State {
        var cookies: [PeerID: [UInt8]] = [:]
        var registrations: [PeerID: Registration] = [:]
        var searchedAt: Instant?
        var isProvided = false
        var isStopped = false
    }

    /// The distributed hash table that is searched.
    public let table: KademliaService

    /// The longest a registration lasts, in seconds: three days (LIBP-70).
    private static let lifeSecondsMax: UInt64 = 259_200

    private let ownsTable: Bool
    private let mesh: PeerMesh
    private let effects: Effects
    private let rules: Rules
    private let rendezvous: RendezvousService
    /// What keeps this node connected with others than validators.
    public let keeper: PeerKeeper
    private let namespace: String
    private let state = Mutex(State())
    private let news = Signal()

    /// The protocol of the clouds' hash table.
    public static let tableProtocol = "/atoll/kad/1.0.0"

    /// Prepares the search; nothing happens before ``start()``.
    ///
    /// - Parameters:
    ///   - table: A hash table that another service keeps running, or nothing for one of its own.
    ///   - path: The file of known peers, or nothing to begin anew each time.
    public init(
        _ mesh: PeerMesh, effects: Effects, chain: ChainID, table: KademliaService? = nil,
        path: String? = nil, rules: Rules = Rules()
    ) {
        self.mesh = mesh
        self.effects = effects
        self.rules = rules
        namespace = "atoll/\(chain)"
        ownsTable = table == nil
        self.table =
            table
            ?? KademliaService(
                mesh.swarm, effects: effects, protocolName: Self.tableProtocol)
        rendezvous = RendezvousService(mesh.swarm, effects: effects)
        keeper = PeerKeeper(
            mesh.swarm, effects: effects, path: path, isKept: { [mesh] in mesh.keeps($0) },
            reach: { [mesh] peer throws(ConnectionFailure) in try await mesh.connect(to: peer) })
    }

    /// Reads the file of known peers and searches from now on; the mesh has been started.
    ///
    /// - Throws: ``DiskFailure`` when a file that is there cannot be read.
    public func start() async throws(DiskFailure) {
        rendezvous.start()
        if ownsTable { table.start() }
        mesh.swarm.observe { [weak self] event in
            switch event {
            case .identified, .placed: self?.news.raise()
            case .connected, .disconnected: break
            }
        }
        try await keeper.start()
        mesh.learned(of: mesh.swarm.knownPeers)
        effects.tasks.spawn("cloud discovery") { await self.run() }
    }

    /// Searches no more, and writes the file.
    ///
    /// - Throws: ``DiskFailure``.
    public func stop() async throws(DiskFailure) {
        state.withLock { $0.isStopped = true }
        news.raise()
        if ownsTable { table.stop() }
        rendezvous.stop()
        try await keeper.stop()
    }

    private func run() async {
        var pause = rules.pauseMillisecondsMin
        while !state.withLock({ $0.isStopped }), !Task.isCancelled {
            let found = await askPeers()
            await searchTable()
            if !found.isEmpty {
                mesh.learned(of: found)
                // Who does not answer holds up nobody who looks for others.
                effects.tasks.spawn("keeper looks") { [keeper] in await keeper.look() }
                pause = rules.pauseMillisecondsMin
            }
            let isMissing = !mesh.placelessMembers().isEmpty
            // A peer that has just said what it is may know others: it is asked at once.
            await news.wait(milliseconds: pause, effects)
            let longest =
                isMissing ? rules.missingMillisecondsMax : rules.pauseMillisecondsMax
            pause = min(pause * 2, longest)
        }
    }

    /// Registers with some of the connected nodes of the cloud and asks them who else has.
    ///
    /// - Returns: The peers that are new or have moved.
    private func askPeers() async -> [PeerID] {
        let connected = mesh.connectedPeers().map { PeerID(of: $0.publicKey) }
        state.withLock { state in
            state.cookies = state.cookies.filter { connected.contains($0.key) }
            state.registrations = state.registrations.filter { connected.contains($0.key) }
        }
        let found = Mutex<[PeerID]>([])
        let tasks = choose(among: connected).map { peer in
            effects.tasks.spawn("asks for the cloud") {
                let heard = await self.ask(peer)
                found.withLock { $0 += heard }
            }
        }
        for task in tasks { await task.finished() }
        return found.withLock { $0 }
    }

    // Those never asked come first, and those that do not know where this node is now; then any,
    // drawn by chance.
    private func choose(among peers: [PeerID]) -> [PeerID] {
        let record = rendezvous.ownRecord()
        let told = state.withLock { state in
            state.registrations.filter {
                state.cookies[$0.key] != nil && $0.value.record == record
            }
        }
        let new = peers.filter { told[$0] == nil }
        var others = peers.filter { told[$0] != nil }
        var chosen = Array(new.prefix(rules.askedMax))
        while chosen.count < rules.askedMax, !others.isEmpty {
            chosen.append(others.remove(at: Int(effects.chance.below(UInt64(others.count)))))
        }
        return chosen
    }

    private func ask(_ peer: PeerID) async -> [PeerID] {
        let cookie = state.withLock { $0.cookies[peer] } ?? []
        do {
            try await register(with: peer)
            let (found, next) = try await rendezvous.discover(
                namespace, with: peer, after: cookie)
            state.withLock { $0.cookies[peer] = next }
            return found
        } catch {
            // Asked from the beginning another time.
            state.withLock { state in
                state.cookies[peer] = nil
                state.registrations[peer] = nil
            }
            return []
        }
    }

    // What a peer has been told it keeps: it is told again when that changes or half its life is
    // over.
    private func register(with peer: PeerID) async throws(StreamFailure) {
        let now = effects.time.now()
        let record = rendezvous.ownRecord()
        let known = state.withLock { $0.registrations[peer] }
        if let known, known.record == record, now < known.renewal { return }
        let seconds = try await rendezvous.register(record, in: namespace, with: peer)
        let renewal = Instant(now.value + min(seconds, Self.lifeSecondsMax) * 500_000_000)
        state.withLock { $0.registrations[peer] = Registration(record: record, renewal: renewal) }
    }

    // What those it is connected with do not know, the hash table may.
    private func searchTable() async {
        guard table.tableCount > 0 else { return }
        let missing = mesh.placelessMembers()
        let isAlone = mesh.connectedPeers().isEmpty
        let now = effects.time.now()
        let (isDue, mustProvide) = state.withLock { state -> (Bool, Bool) in
            let mustProvide = !state.isProvided
            state.isProvided = true
            guard !missing.isEmpty || isAlone else { return (false, mustProvide) }
            let last = state.searchedAt
            guard last.map({ now.milliseconds(since: $0) >= rules.tableMilliseconds }) ?? true
            else { return (false, mustProvide) }
            state.searchedAt = now
            return (true, mustProvide)
        }
        let key = Multihash(sha256Of: Array(namespace.utf8))
        // Nobody to tell now: the table tells again by itself.
        if mustProvide { try? await table.provide(key) }
        guard isDue else { return }
        _ = try? await table.providers(of: key, count: rules.askedMax)
        for peer in missing.prefix(rules.askedMax) { _ = try? await table.findPeer(peer) }
        mesh.learned(of: missing.filter { mesh.swarm.isPlaced($0) })
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects
public import LibP2P
import Synchronization
import Vocabulary

/// Lets a node be reached where it cannot be dialled, and holds the door open for others.
///
/// A node asks its peers whether they can dial it. While they cannot, relays among those that it
/// has dialled itself hold places for it, and tell nobody else: where it can be reached stands in
/// its own signed records. Who reaches it there meets it directly wherever the NATs allow. Source:
/// specs/transport.md TRANSPORT-27 to TRANSPORT-29.
public final class Doors: Sendable {
    /// How many places a node wants, and how often it asks.
    public struct Rules: Sendable {
        /// How many relays hold a place for a node that cannot be dialled.
        public var placesWanted = 2
        /// How long between two looks at what has changed, in milliseconds.
        public var lookMilliseconds: UInt64 = 5_000
        /// After how long a peer is asked again whether it reaches this node, in milliseconds.
        public var askAgainMilliseconds: UInt64 = 900_000
        /// How long between two questions once enough peers agree, in milliseconds.
        public var calmMilliseconds: UInt64 = 60_000
        /// How long a relay that refused is left alone, in milliseconds.
        public var refusedMilliseconds: UInt64 = 60_000

        /// The usual rules.
        public init() {}
    }

    private struct State {
        var asked: [PeerID: Instant] = [:]
        var lastAsked: Instant?
        var refused: [PeerID: Instant] = [:]
        var isServing = false
        var isStopped = false
    }

    private let mesh: PeerMesh
    private let effects: Effects
    private let rules: Rules
    private let isRelay: Bool
    private let service: RelayService
    private let reachability: AutoNATService
    private let punches: HolePunchService
    private let state = Mutex(State())
    private let news = Signal()

    /// Prepares them; nothing happens before ``start()``.
    ///
    /// - Parameter isRelay: Whether this node relays for others while it can be dialled.
    public init(_ mesh: PeerMesh, effects: Effects, isRelay: Bool, rules: Rules = Rules()) {
        self.mesh = mesh
        self.effects = effects
        self.rules = rules
        self.isRelay = isRelay
        service = RelayService(mesh.swarm, effects: effects)
        reachability = AutoNATService(mesh.swarm, effects: effects)
        punches = HolePunchService(mesh.swarm, effects: effects)
    }

    /// Opens them; the mesh has been started.
    public func start() {
        mesh.relays.start()
        reachability.start()
        punches.start()
        mesh.swarm.observe { [weak self] event in
            switch event {
            case .identified, .disconnected: self?.news.raise()
            case .connected, .placed: break
            }
        }
        effects.tasks.spawn("doors") { await self.run() }
    }

    /// Asks nobody any more; what stands ends with the mesh.
    public func stop() {
        state.withLock { $0.isStopped = true }
        mesh.relays.stop()
        service.stop()
        news.raise()
    }

    /// How they stand.
    public var status: DoorsStatus {
        DoorsStatus(
            reachability: listens ? reachability.reachability : .closed,
            places: mesh.relays.addresses, placesHeld: service.reservationCount,
            circuits: service.circuitCount)
    }

    // MARK: What they do

    private var listens: Bool { mesh.listeningEndpoint != nil }

    private func run() async {
        while !state.withLock({ $0.isStopped }), !Task.isCancelled {
            serve()
            await keepPlaces()
            if let peer = nextToAsk() {
                _ = await reachability.ask(peer)
            } else {
                await news.wait(milliseconds: rules.lookMilliseconds, effects)
            }
        }
    }

    // Whoever cannot be dialled is no relay for others.
    private func serve() {
        let wanted = isRelay && listens && reachability.leaning != .closed
        let changes = state.withLock { state in
            defer { state.isServing = wanted }
            return state.isServing != wanted && !state.isStopped
        }
        guard changes else { return }
        if wanted { service.start() } else { service.stop() }
        effects.tasks.spawn("identify push") { [mesh] in await mesh.swarm.pushIdentify() }
    }

    // One after another, and seldom once enough of them agree.
    private func nextToAsk() -> PeerID? {
        guard listens else { return nil }
        let now = effects.time.now()
        let isCalm = reachability.reachability != .unknown
        let peers = direct.map(\.peer).filter { offers($0, AutoNATService.protocolName) }
        return state.withLock { state in
            state.asked = state.asked.filter {
                now.milliseconds(since: $0.value) < rules.askAgainMilliseconds
            }
            if isCalm, let last = state.lastAsked,
                now.milliseconds(since: last) < rules.calmMilliseconds
            {
                return nil
            }
            guard !state.isStopped, let peer = peers.first(where: { state.asked[$0] == nil })
            else { return nil }
            state.asked[peer] = now
            state.lastAsked = now
            return peer
        }
    }

    private func keepPlaces() async {
        let held = mesh.relays.relays
        guard !listens || reachability.leaning == .closed else {
            for relay in held { mesh.relays.release(at: relay) }
            return
        }
        guard held.count < rules.placesWanted, let relay = nextRelay(besides: held) else { return }
        do {
            try await mesh.relays.reserve(at: relay)
            // Others may be wanted too.
            news.raise()
        } catch {
            let now = effects.time.now()
            state.withLock { $0.refused[relay] = now }
        }
    }

    // Only one that this node has dialled can be dialled by others as well; validators stay.
    private func nextRelay(besides held: [PeerID]) -> PeerID? {
        let now = effects.time.now()
        let refused = state.withLock { state in
            state.refused = state.refused.filter {
                now.milliseconds(since: $0.value) < rules.refusedMilliseconds
            }
            return Set(state.refused.keys)
        }
        let free = direct.filter {
            !$0.isInbound && !held.contains($0.peer) && !refused.contains($0.peer)
                && offers($0.peer, RelayService.protocolName)
        }.map(\.peer)
        let members = free.filter(mesh.isMember)
        let wanted = members.isEmpty ? free : members
        guard !wanted.isEmpty else { return nil }
        return wanted[Int(effects.chance.below(UInt64(wanted.count)))]
    }

    private var direct: [ConnectionStatus] {
        mesh.swarm.connections.filter { $0.address.relay == nil }
    }

    private func offers(_ peer: PeerID, _ name: String) -> Bool {
        mesh.swarm.description(of: peer)?.protocols.contains(name) ?? false
    }
}

/// How a node can be reached.
public struct DoorsStatus: Hashable, Sendable {
    /// Whether others can dial it.
    public let reachability: Reachability
    /// Where it is reached through relays.
    public let places: [Multiaddr]
    /// How many places it holds for others.
    public let placesHeld: Int
    /// How many circuits go through it.
    public let circuits: Int
}

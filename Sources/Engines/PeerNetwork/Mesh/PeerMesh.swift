// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Effects
public import LibP2P
import Synchronization
public import Vocabulary

/// A node's connections to all its peers: dialled, accepted, kept alive, and spoken over.
///
/// ```swift
/// let mesh = PeerMesh(
///     effects: effects, identity: key, chain: chain, roles: .validator,
///     listen: Endpoint("0.0.0.0:7400"), peers: addresses)
/// try await mesh.start(MeshHandlers(messages: { batch in ... }))
/// mesh.broadcast(vote.canonicalBytes, on: votes, to: .roles(.validator))
/// ```
/// Sending never waits unless it says so: what has no room is dropped and counted. A message
/// arrives whole, in order within its class, and at most once; one that was under way when a
/// connection ended is lost. All methods may be called from any task; each takes one short lock.
///
/// Source: specs/transport.md TRANSPORT-14 to TRANSPORT-22.
public final class PeerMesh: Sendable {
    /// This node's identity, as peers know it.
    public let publicKey: PublicKey

    /// The connections below: other protocols may be spoken over them (specs/libp2p.md).
    public let swarm: Swarm

    /// The protocol of the mesh's streams.
    public static let protocolName = "/atoll/mesh/1"

    /// The ways to peers that cannot be dialled.
    let relays: RelayClient

    let effects: Effects
    let configuration: MeshConfiguration
    /// What this side says first on each stream.
    let introduction: PeerIntroduction
    let state: Mutex<MeshState>
    let activity = Activity()

    /// Prepares a mesh; nothing happens before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - identity: The node's Ed25519 key.
    ///   - listen: Where to accept connections, or nothing to dial only.
    ///   - peers: Whom to keep connected from the beginning, and where they are; this node's own
    ///     key among them is passed over.
    public init(
        effects: Effects, identity: SigningKey, chain: ChainID, roles: PeerRoles,
        listen: Endpoint?, peers: [PeerAddress],
        configuration: MeshConfiguration = MeshConfiguration()
    ) {
        self.effects = effects
        self.configuration = configuration
        publicKey = identity.publicKey
        introduction = PeerIntroduction(
            chain: chain, life: effects.chance.bytes(PeerIntroduction.lifeByteCount), roles: roles)
        swarm = Swarm(
            effects: effects,
            configuration.swarm(identity: identity, listen: listen.map { [$0] } ?? []))
        relays = RelayClient(swarm, effects: effects)
        var initial = MeshState()
        for peer in peers where peer.publicKey != identity.publicKey {
            initial.peers[peer.publicKey] = PeerRecord(address: peer.endpoint)
            swarm.protect(PeerID(of: peer.publicKey))
        }
        state = Mutex(initial)
    }

    /// Listens, and begins to dial the peers it knows. A mesh starts once.
    ///
    /// - Throws: What listening throws; the mesh can then be started again.
    public func start(_ handlers: MeshHandlers) async throws(NetworkFailure) {
        swarm.serve(
            Self.protocolName,
            pumpedBy: { [weak self] stream in self?.greeting(over: stream) ?? ClosedStream() })
        swarm.observe { [weak self] in self?.learn(of: $0) }
        state.withLock { state in
            precondition(state.phase == .idle, "a mesh starts once")
            state.handlers = handlers
            state.phase = .running
        }
        do {
            try await swarm.start()
        } catch {
            state.withLock { $0.phase = .idle }
            throw error
        }
        keepWanted()
    }

    /// Says goodbye to all, stops listening, and returns when no handler runs any more.
    ///
    /// It must not be called from a handler. A stopped mesh stays stopped.
    public func stop() async {
        let last = state.withLock { state in
            state.phase = .stopped
            defer { state.greetings = [:] }
            return state
        }
        for greeting in last.greetings.values { greeting.giveUp() }
        for connection in last.connected { connection.close(.stopping) }
        for key in last.peers.keys.sorted() { last.peers[key]?.lost.raise() }
        await swarm.stop()
        await activity.waitUntilNone()
    }

    /// Where this node accepts connections, with the port the system chose; nothing before start.
    public var listeningEndpoint: Endpoint? { swarm.listeningEndpoints.first }

    /// Starts a task that ``stop()`` waits for.
    func spawn(_ name: String, _ body: @escaping @Sendable () async -> Void) {
        activity.begin()
        effects.tasks.spawn(name) {
            await body()
            self.activity.end()
        }
    }
}

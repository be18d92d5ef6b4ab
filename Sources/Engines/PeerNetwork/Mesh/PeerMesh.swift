// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Effects
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

    let effects: Effects
    let listen: Endpoint?
    let configuration: MeshConfiguration
    /// Shakes hands with the X25519 key of this process: made anew, it also tells lives apart.
    let handshake: HandshakeDriver
    let state: Mutex<MeshState>
    let activity = Activity()

    /// Prepares a mesh; nothing happens before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - identity: The node's Ed25519 key.
    ///   - listen: Where to accept connections, or nothing to dial only.
    ///   - peers: The static list; this node's own key in it is passed over.
    public init(
        effects: Effects, identity: SigningKey, chain: ChainID, roles: PeerRoles,
        listen: Endpoint?, peers: [PeerAddress],
        configuration: MeshConfiguration = MeshConfiguration()
    ) {
        self.effects = effects
        self.listen = listen
        self.configuration = configuration
        publicKey = identity.publicKey
        guard let key = AgreementKey(seed: effects.chance.bytes(32)) else {
            preconditionFailure("thirty-two bytes were asked for")
        }
        let introduction = PeerIntroduction(
            identity: identity, staticKey: key.publicKey, chain: chain, roles: roles)
        handshake = HandshakeDriver(
            chance: effects.chance, staticKey: key, introduction: introduction.bytes,
            ownKey: identity.publicKey, chain: chain)
        var initial = MeshState()
        for peer in peers where peer.publicKey != identity.publicKey {
            initial.peers[peer.publicKey] = PeerRecord(address: peer.endpoint)
        }
        state = Mutex(initial)
    }

    /// Listens, and begins to dial every peer in the list. A mesh starts once.
    ///
    /// - Throws: What listening throws; the mesh can then be started again.
    public func start(_ handlers: MeshHandlers) async throws(NetworkFailure) {
        var listener: (any Listener)?
        if let listen { listener = try await effects.network.listen(on: listen) }
        let addresses = state.withLock { state -> [PeerAddress] in
            precondition(state.phase == .idle, "a mesh starts once")
            state.phase = .running
            state.listener = listener
            return state.peers.compactMap { key, record in
                record.address.map { PeerAddress(publicKey: key, endpoint: $0) }
            }
            .sorted { $0.publicKey < $1.publicKey }
        }
        if let listener { spawn("mesh accepts") { await self.accept(listener, handlers) } }
        for address in addresses {
            // Not counted as activity: a dial under way may take its whole timeout, and what it
            // brings after a stop is closed at once.
            effects.tasks.spawn("mesh dials") { await self.keepDialing(address, handlers) }
        }
    }

    /// Says goodbye to all, stops listening, and returns when no handler runs any more.
    ///
    /// It must not be called from a handler. A stopped mesh stays stopped.
    public func stop() async {
        let last = state.withLock { state in
            state.phase = .stopped
            defer { state.listener = nil }
            return state
        }
        last.listener?.close()
        for id in last.greetings.keys.sorted() { last.greetings[id]?.close() }
        for connection in last.connected { connection.close(.stopping) }
        for key in last.peers.keys.sorted() { last.peers[key]?.lost.raise() }
        await activity.waitUntilNone()
    }

    /// Where this node accepts connections, with the port the system chose; nothing before start.
    public var listeningEndpoint: Endpoint? { state.withLock { $0.listener?.endpoint } }

    /// Starts a task that ``stop()`` waits for.
    func spawn(_ name: String, _ body: @escaping @Sendable () async -> Void) {
        activity.begin()
        effects.tasks.spawn(name) {
            await body()
            self.activity.end()
        }
    }
}

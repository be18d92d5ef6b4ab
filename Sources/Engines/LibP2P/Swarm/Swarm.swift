// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Effects
import Synchronization

/// A libp2p node: connections that are dialled, accepted and kept within limits, and the protocols
/// spoken over their streams.
///
/// ```swift
/// let swarm = Swarm(effects: effects, SwarmConfiguration(identity: key, listen: [endpoint]))
/// swarm.serve("/hello/1") { stream in
///     try? await stream.write(message: Array("hello".utf8))
/// }
/// try await swarm.start()
/// let peer = try await swarm.connect(to: Multiaddr("/ip4/192.0.2.1/tcp/4001"))
/// let stream = try await swarm.open(["/hello/1"], with: peer)
/// ```
/// All methods may be called from any task; each takes one short lock. Source: LIBP-17 to LIBP-21.
public final class Swarm: Sendable {
    /// What answers streams of one protocol; the stream is let go of when it returns.
    public typealias Handler = @Sendable (PeerStream) async -> Void
    /// What learns of connections; it must not wait.
    public typealias Observer = @Sendable (SwarmEvent) -> Void

    struct State {
        var handlers: [String: Handler] = [:]
        var pumps: [String: PumpMaker] = [:]
        var observers: [Observer] = []
        var listeners: [any Listener] = []
        var links: [PeerID: [PeerLink]] = [:]
        var pending: [UInt64: PeerLink] = [:]
        var ledger: ConnectionLedger
        var book = PeerBook()
        var observed = ObservedAddresses()
        /// Where this node is reached by the help of others, by whose.
        var lent: [PeerID: [Multiaddr]] = [:]
        /// The record of this node that was sealed last.
        var record: SealedRecord?
        var refusals: UInt64 = 0
        var ends: [String: UInt64] = [:]
        var isStopped = false
    }

    /// This node's name.
    public let peer: PeerID
    /// What it was set up with.
    public let configuration: SwarmConfiguration

    let effects: Effects
    let traffic = TrafficBook()
    let state: Mutex<State>
    // One Noise key a process: it is proved anew by each handshake's ephemeral keys.
    let staticKey: AgreementKey
    // Signed once a process: a stranger costs no signature.
    let handshakePayload: [UInt8]

    /// Prepares a node; nothing happens before ``start()``.
    public init(effects: Effects, _ configuration: SwarmConfiguration) {
        self.effects = effects
        self.configuration = Self.settled(configuration, effects)
        peer = PeerID(of: configuration.identity.publicKey)
        staticKey = Self.freshKey(effects)
        handshakePayload =
            NoisePayload(
                signing: staticKey.publicKey, with: configuration.identity,
                muxers: [YamuxSession.name]
            ).encoded
        state = Mutex(State(ledger: ConnectionLedger(own: peer, limits: configuration.limits)))
        serveIdentify()
        servePing()
    }

    // Whose machine has a public address needs no NAT to let it through.
    private static func settled(
        _ configuration: SwarmConfiguration, _ effects: Effects
    ) -> SwarmConfiguration {
        guard configuration.dialsFromPrivatePort else { return configuration }
        var settled = configuration
        settled.dialsFromListeningPort = configuration.listen.contains {
            PublicAddress.isPrivate($0, effects.network)
        }
        return settled
    }

    static func freshKey(_ effects: Effects) -> AgreementKey {
        guard let key = AgreementKey(seed: effects.chance.bytes(32)) else {
            preconditionFailure("thirty-two bytes were asked for")
        }
        return key
    }

    /// Answers streams of a protocol from now on.
    public func serve(_ name: String, _ handler: @escaping Handler) {
        state.withLock { $0.handlers[name] = handler }
    }

    /// Stops answering streams of a protocol.
    public func unserve(_ name: String) {
        state.withLock { state in
            state.handlers[name] = nil
            state.pumps[name] = nil
        }
    }

    /// Tells of connections from now on.
    public func observe(_ observer: @escaping Observer) {
        state.withLock { $0.observers.append(observer) }
    }

    func tell(_ event: SwarmEvent) {
        for observer in state.withLock({ $0.observers }) { observer(event) }
    }

    /// Listens on all endpoints of the configuration.
    ///
    /// - Throws: What listening throws; those already listening are closed.
    public func start() async throws(NetworkFailure) {
        var listeners: [any Listener] = []
        do {
            for endpoint in configuration.listen {
                listeners.append(try await effects.network.listen(on: endpoint))
            }
        } catch {
            for listener in listeners { listener.close() }
            throw error
        }
        let opened = listeners
        state.withLock { $0.listeners += opened }
        for listener in opened {
            effects.tasks.spawn("swarm accepts") { await self.accept(listener) }
        }
    }

    /// Ends all connections and listens no longer.
    public func stop() async {
        let (listeners, links) = state.withLock { state in
            state.isStopped = true
            defer { state.listeners = [] }
            let known = state.links.keys.sorted().flatMap { state.links[$0] ?? [] }
            return (state.listeners, known + state.pending.values)
        }
        for listener in listeners { listener.close() }
        for link in links { link.close(.closed) }
        // Last words are said before the process may end.
        for link in links { await link.over.wait() }
    }

    /// Where it listens, as far as it is said to others: without the name at the end, and with the
    /// addresses of all interfaces where it listens on all. The ways through relays stand last.
    public var addresses: [Multiaddr] {
        let (listening, lent) = state.withLock { state in
            (
                state.listeners.map(\.endpoint),
                state.lent.keys.sorted().flatMap { state.lent[$0] ?? [] }
            )
        }
        return configuration.announced
            + listening.flatMap { ListenedAddress.all(of: $0, effects.network) } + lent
    }

    /// Says to others from now on that this node is reached by the help of a peer, or no longer.
    func lend(_ addresses: [Multiaddr], by peer: PeerID) {
        state.withLock { $0.lent[peer] = addresses.isEmpty ? nil : addresses }
        tell(.placed)
        effects.tasks.spawn("identify push") { await self.pushIdentify() }
    }

    /// The protocols it answers, in order.
    public var protocols: [String] {
        state.withLock { (Array($0.handlers.keys) + Array($0.pumps.keys)).sorted() }
    }

    /// Whether it answers a protocol.
    func answers(_ name: String) -> Bool {
        state.withLock { $0.handlers[name] != nil || $0.pumps[name] != nil }
    }

    // MARK: Streams

    /// Opens a stream with a connected peer, for the first of these protocols that it has.
    ///
    /// - Throws: ``StreamFailure/notConnected``, ``StreamFailure/refused(_:)``,
    ///   ``StreamFailure/reset``.
    public func open(
        _ protocols: [String], with peer: PeerID
    ) async throws(StreamFailure) -> PeerStream {
        guard let link = state.withLock({ $0.links[peer]?.first }) else { throw .notConnected }
        return try await link.open(protocols)
    }

    /// Sends one message and waits for one answer, each behind its length, over a stream of its
    /// own.
    ///
    /// - Parameter milliseconds: How long it may take, where that is not the configured time.
    /// - Throws: ``StreamFailure``, with ``StreamFailure/timedOut`` after that time.
    public func request(
        _ message: [UInt8], _ protocols: [String], of peer: PeerID, answerBytesMax: Int,
        milliseconds: UInt64? = nil
    ) async throws(StreamFailure) -> [UInt8] {
        let stream = try await open(protocols, with: peer)
        let deadline = deadline(for: stream, milliseconds: milliseconds)
        defer {
            deadline.meet()
            stream.close()
        }
        do throws(StreamFailure) {
            try await stream.write(message: message)
            stream.finish()
            var messages = MessageStream(stream, messageBytesMax: answerBytesMax)
            guard let answer = try await messages.next() else { throw .ended }
            return answer
        } catch {
            throw deadline.explain(error)
        }
    }

    func deadline(for stream: PeerStream, milliseconds: UInt64? = nil) -> StreamDeadline {
        StreamDeadline(
            stream, effects, milliseconds: milliseconds ?? configuration.requestMillisecondsMax)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Publishes to topics and hears them, with all peers of a swarm that speak gossipsub.
///
/// ```swift
/// let gossip = GossipService(swarm, effects: effects)
/// gossip.start()
/// gossip.subscribe(to: "prices") { message in print(message.data) }
/// try gossip.publish(bytes, to: "prices")
/// ```
/// Publishing never waits: what a slow peer has no room for is dropped and counted. Source:
/// LIBP-36.
public final class GossipService: Sendable {
    /// What takes messages; it must not wait.
    public typealias Subscriber = @Sendable (GossipMessage) -> Void
    /// What judges messages before they are delivered and forwarded.
    public typealias Validator = @Sendable (GossipMessage, PeerID) async -> GossipVerdict

    /// The most bytes that wait for one peer: four of the longest messages.
    public static let queueBytesMax = 4 * GossipMessage.encodedBytesMax
    /// The most bytes of one write, which become one frame of yamux's window and few of Noise.
    static let writeBytesMax = 65_536
    /// How often a stream is asked for before a peer is given up.
    static let attemptsMax = 3

    struct Outgoing {
        var frames: [[UInt8]] = []
        var bytes = 0
        var gate: OneShot?
        var isOpen = false
    }

    struct State {
        var router: GossipRouter
        var outgoing: [PeerID: Outgoing] = [:]
        var subscribers: [String: Subscriber] = [:]
        var validators: [String: Validator] = [:]
        var dropped: UInt64 = 0
        var isStopped = false
    }

    let swarm: Swarm
    let effects: Effects
    let parameters: GossipParameters
    let state: Mutex<State>

    /// Prepares the service; nothing happens before ``start()``.
    public init(
        _ swarm: Swarm, effects: Effects, parameters: GossipParameters = GossipParameters(),
        scoring: GossipScoreParameters = GossipScoreParameters()
    ) {
        self.swarm = swarm
        self.effects = effects
        self.parameters = parameters
        let seed = effects.chance.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        state = Mutex(
            State(
                router: GossipRouter(
                    signer: swarm.configuration.identity, parameters: parameters,
                    scoring: scoring,
                    // A calendar in nanoseconds: larger in each life than ever reached before.
                    firstSequence: effects.time.wallClock().value &* 1_000_000, seed: seed)))
    }

    var now: UInt64 { effects.time.now().value / 1_000_000 }

    /// Speaks with all peers from now on.
    public func start() {
        for name in GossipVersion.names {
            guard let version = GossipVersion(name: name) else { continue }
            swarm.serve(name) { [weak self] in await self?.hear($0, version) }
        }
        swarm.observe { [weak self] event in
            switch event {
            case .connected(let peer, let isInbound):
                self?.reach(peer, isOutbound: !isInbound)
            case .disconnected(let peer, _): self?.lose(peer)
            case .identified, .placed: break
            }
        }
        for connection in swarm.connections {
            reach(connection.peer, isOutbound: !connection.isInbound)
        }
        effects.tasks.spawn("gossip heartbeat") { [weak self, effects, parameters] in
            while true {
                await effects.time.sleep(milliseconds: parameters.heartbeatMilliseconds)
                guard let self, !Task.isCancelled, self.beat() else { return }
            }
        }
    }

    /// Ends heartbeats and writes; the swarm's streams end with the swarm.
    public func stop() {
        let gates = state.withLock { state -> [OneShot] in
            state.isStopped = true
            defer { state.outgoing = [:] }
            return state.outgoing.values.compactMap(\.gate)
        }
        for gate in gates { gate.open() }
    }

    private func beat() -> Bool {
        let now = now
        let effects = state.withLock { state -> [GossipEffect]? in
            state.isStopped ? nil : state.router.heartbeat(now: now)
        }
        guard let effects else { return false }
        perform(effects)
        return true
    }

    // MARK: Topics

    /// Hears a topic from now on; one subscriber a topic.
    ///
    /// - Parameter validator: Judges each message; all well signed ones count when there is none.
    public func subscribe(
        to topic: String, validator: Validator? = nil, _ subscriber: @escaping Subscriber
    ) {
        let now = now
        let effects = state.withLock { state in
            state.subscribers[topic] = subscriber
            state.validators[topic] = validator
            return state.router.subscribe(to: topic, isJudged: validator != nil, now: now)
        }
        perform(effects)
    }

    /// Hears a topic no longer.
    public func unsubscribe(from topic: String) {
        let now = now
        let effects = state.withLock { state in
            state.subscribers[topic] = nil
            state.validators[topic] = nil
            return state.router.unsubscribe(from: topic, now: now)
        }
        perform(effects)
    }

    /// Publishes to a topic, subscribed or not. Own messages are not delivered here.
    ///
    /// - Throws: ``PublishFailure``.
    public func publish(_ data: [UInt8], to topic: String) throws(PublishFailure) {
        let now = now
        let result = state.withLock { state in
            Result { () throws(PublishFailure) in
                try state.router.publish(data, to: topic, now: now)
            }
        }
        perform(try result.get())
    }

    // MARK: For people

    /// What the router has counted.
    public var counters: GossipCounters { state.withLock { $0.router.counters } }

    /// How many messages had no room in a peer's queue.
    public var droppedMessages: UInt64 { state.withLock { $0.dropped } }

    /// The peers that a topic's messages are forwarded to.
    public func meshPeers(of topic: String) -> [PeerID] {
        state.withLock { $0.router.meshPeers(of: topic) }
    }

    /// The connected peers that want a topic.
    public func subscribers(of topic: String) -> [PeerID] {
        state.withLock { $0.router.subscribers(of: topic) }
    }

    /// What is thought of a peer.
    public func score(of peer: PeerID) -> Double {
        let now = now
        return state.withLock { $0.router.score(of: peer, now: now) }
    }

    // MARK: Effects

    func perform(_ wanted: [GossipEffect]) {
        for effect in wanted {
            switch effect {
            case .send(let rpc, let peer): queue(LengthPrefixedReader.frame(rpc.encoded), [peer])
            case .forward(let message, let peers):
                queue(LengthPrefixedReader.frame(GossipRPC.encode(message: message)), peers)
            case .deliver(let message):
                state.withLock { $0.subscribers[message.topic] }?(message)
            case .judge(let id, let message, let peer): judge(id, message, peer)
            case .connect(let record):
                swarm.remember(record.addresses, of: record.peer)
                effects.tasks.spawn("gossip exchange") { [swarm] in
                    // A peer that was only heard of may well be gone.
                    try? await swarm.connect(to: record.peer)
                }
            }
        }
    }

    private func judge(_ id: [UInt8], _ message: GossipMessage, _ peer: PeerID) {
        guard let validator = state.withLock({ $0.validators[message.topic] }) else {
            return decide(id, .ignore)
        }
        effects.tasks.spawn("gossip judge") { [weak self] in
            let verdict = await validator(message, peer)
            self?.decide(id, verdict)
        }
    }

    private func decide(_ id: [UInt8], _ verdict: GossipVerdict) {
        let now = now
        perform(state.withLock { $0.router.decide(id, verdict, now: now) })
    }

    private func queue(_ frame: [UInt8], _ peers: [PeerID]) {
        let gates = state.withLock { state -> [OneShot] in
            var gates: [OneShot] = []
            for peer in peers {
                // Only its count is taken out: a copy of the queue would be written to below.
                guard let waiting = state.outgoing[peer]?.bytes else { continue }
                guard waiting + frame.count <= Self.queueBytesMax else {
                    state.dropped += 1
                    continue
                }
                state.outgoing[peer]?.frames.append(frame)
                state.outgoing[peer]?.bytes += frame.count
                if let gate = state.outgoing[peer]?.gate {
                    gates.append(gate)
                    state.outgoing[peer]?.gate = nil
                }
            }
            return gates
        }
        for gate in gates { gate.open() }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Why the distributed hash table has no answer.
public enum KadFailure: Error, Hashable, Sendable {
    /// No peer of the table is known.
    case noPeers
    /// Nobody asked has it.
    case notFound
    /// The value may not stand under its key.
    case refused
    /// Nobody took it.
    case notStored
}

/// A distributed hash table with all peers of a swarm that speak it.
///
/// Source: LIBP-40 to LIBP-47.
public final class KademliaService: Sendable {
    /// The public network's protocol.
    public static let usualProtocol = "/ipfs/kad/1.0.0"
    /// How many equal answers end a search for a value.
    static let quorum = 3
    /// How often values and providers are looked through and the table is filled.
    static let refreshMilliseconds: UInt64 = 600_000
    /// How often own values and providers are told again: 22 hours.
    static let republishMilliseconds: UInt64 = 79_200_000
    /// The most own keys told again.
    public static let ownKeysMax = 4_096

    struct State {
        var node: KadNode
        var ownValues: [[UInt8]: [UInt8]] = [:]
        var ownProvided: Set<[UInt8]> = []
        var isStopped = false
    }

    let swarm: Swarm
    let effects: Effects
    let protocolName: String
    let isServer: Bool
    let state: Mutex<State>

    /// Prepares the service; nothing happens before ``start()``.
    ///
    /// - Parameter isServer: Whether this node answers others, and so is asked by them.
    public init(
        _ swarm: Swarm, effects: Effects, protocolName: String = usualProtocol,
        isServer: Bool = true, validators: KadValidators = KadValidators()
    ) {
        self.swarm = swarm
        self.effects = effects
        self.protocolName = protocolName
        self.isServer = isServer
        state = Mutex(State(node: KadNode(own: swarm.peer, validators: validators)))
    }

    var now: UInt64 { effects.time.now().value / 1_000_000 }

    /// Takes part from now on.
    public func start() {
        if isServer {
            swarm.serve(protocolName) { [weak self] in await self?.answer($0) }
        }
        swarm.observe { [weak self] event in
            guard case .identified(let peer, let page) = event else { return }
            self?.note(peer, page)
        }
        for peer in swarm.connectedPeers {
            if let page = swarm.description(of: peer) { note(peer, page) }
        }
        effects.tasks.spawn("kad upkeep") { [weak self, effects] in
            var sincePublished: UInt64 = 0
            while true {
                await effects.time.sleep(milliseconds: Self.refreshMilliseconds)
                // Who was cancelled no longer sleeps.
                guard let self, !Task.isCancelled, !self.state.withLock({ $0.isStopped })
                else { return }
                sincePublished += Self.refreshMilliseconds
                await self.refresh()
                guard sincePublished >= Self.republishMilliseconds else { continue }
                sincePublished = 0
                await self.republish()
            }
        }
    }

    /// Takes no more part.
    public func stop() {
        state.withLock { $0.isStopped = true }
        swarm.unserve(protocolName)
    }

    // Only who answers others is worth asking.
    private func note(_ peer: PeerID, _ page: PeerDescription) {
        let ip = swarm.connections.first { $0.peer == peer }?.address.ip
        let now = now
        state.withLock { state in
            if page.protocols.contains(protocolName) {
                state.node.table.heard(peer, ip: ip, now: now)
            } else {
                state.node.table.remove(peer)
            }
        }
    }

    /// How many peers the routing table holds.
    public var tableCount: Int { state.withLock { $0.node.table.count } }

    // MARK: Answering

    private func answer(_ stream: PeerStream) async {
        var messages = MessageStream(stream, messageBytesMax: KadMessage.encodedBytesMax)
        while let bytes = try? await messages.next() {
            guard let question = try? KadMessage(bytes) else { return stream.reset() }
            let now = now
            let answer = state.withLock { state in
                state.node.answer(question, from: stream.peer, now: now) { describe($0) }
            }
            guard let answer else {
                // What was told needs no answer; what was refused gets none.
                if question.kind == .addProvider { continue }
                return stream.reset()
            }
            guard (try? await stream.write(message: answer.encoded)) != nil else { return }
        }
    }

    private func describe(_ peer: PeerID) -> KadMessage.Peer {
        let isConnected = swarm.isConnected(peer)
        return KadMessage.Peer(
            peer, swarm.description(of: peer)?.addresses ?? [], connection: isConnected ? 1 : 0)
    }

    // MARK: Asking

    /// Asks one peer one question.
    func ask(_ peer: PeerID, _ question: KadMessage) async -> KadMessage? {
        do {
            try await swarm.connect(to: peer)
            let bytes = try await swarm.request(
                question.encoded, [protocolName], of: peer,
                answerBytesMax: KadMessage.encodedBytesMax)
            let answer = try KadMessage(bytes)
            guard answer.kind == question.kind else { return nil }
            return answer
        } catch {
            state.withLock { $0.node.table.remove(peer) }
            return nil
        }
    }

    /// Searches until the lookup is finished, and gives each answer to `take`, which may end it.
    func search(
        _ question: KadMessage, resiliency: Int,
        _ take: @escaping @Sendable (PeerID, KadMessage) -> Bool
    ) async throws(KadFailure) -> KadLookup {
        let target = KadKey(question.key)
        let seeds = state.withLock { $0.node.table.nearest(to: target) }
        guard !seeds.isEmpty else { throw .noPeers }
        let run = LookupRun(
            KadLookup(for: target, own: swarm.peer, seeds: seeds, resiliency: resiliency))
        while let (peers, gate) = run.next() {
            for peer in peers {
                effects.tasks.spawn("kad question") {
                    let answer = await self.ask(peer, question)
                    for heard in (answer?.closer ?? []) + (answer?.providers ?? []) {
                        self.swarm.remember(heard.addresses, of: heard.id)
                    }
                    let isEnough = answer.map { take(peer, $0) } ?? false
                    run.settle(peer, answer?.closer.map(\.id), isEnough: isEnough)
                }
            }
            await gate.wait()
            // Who was cancelled is woken at once each time, and must not ask without end.
            if Task.isCancelled { break }
        }
        return run.lookup
    }
}

/// A lookup that several answers change.
private final class LookupRun: Sendable {
    private struct State {
        var lookup: KadLookup
        var gate: OneShot?
    }

    private let state: Mutex<State>

    init(_ lookup: KadLookup) { state = Mutex(State(lookup: lookup)) }

    var lookup: KadLookup { state.withLock { $0.lookup } }

    /// Whom to ask now, and a gate that the next answer opens; nothing once finished.
    func next() -> ([PeerID], OneShot)? {
        state.withLock { state in
            let peers = state.lookup.next()
            guard !state.lookup.isFinished else { return nil }
            let gate = OneShot()
            state.gate = gate
            return (peers, gate)
        }
    }

    func settle(_ peer: PeerID, _ closer: [PeerID]?, isEnough: Bool) {
        let gate = state.withLock { state -> OneShot? in
            if let closer {
                state.lookup.answered(peer, closer: closer)
            } else {
                state.lookup.failed(peer)
            }
            if isEnough { state.lookup.stop() }
            return state.gate
        }
        gate?.open()
    }
}

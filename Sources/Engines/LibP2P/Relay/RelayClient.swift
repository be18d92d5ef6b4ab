// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Uses relays: keeps places at them, is reached through them, and reaches others.
///
/// Source: circuit relay v2 specification; LIBP-52.
public final class RelayClient: Sendable {
    private struct State {
        var addresses: [PeerID: [Multiaddr]] = [:]
        var isStopped = false
    }

    /// How long before its end a reservation is renewed, in seconds.
    static let renewalSeconds: UInt64 = 300

    private let swarm: Swarm
    private let effects: Effects
    private let state = Mutex(State())

    /// Prepares the client; nothing happens before ``start()``.
    public init(_ swarm: Swarm, effects: Effects) {
        self.swarm = swarm
        self.effects = effects
    }

    /// Can be reached through relays from now on.
    public func start() {
        swarm.serve(RelayMessage.stopProtocol) { [weak self] in await self?.receive($0) }
        swarm.observe { [weak self] event in
            guard case .disconnected(let peer, _) = event else { return }
            self?.lose(peer)
        }
    }

    /// Renews no more reservations.
    public func stop() {
        state.withLock { $0.isStopped = true }
        swarm.unserve(RelayMessage.stopProtocol)
    }

    /// Where this node can be reached through the relays that hold a place for it.
    public var addresses: [Multiaddr] {
        state.withLock { state in
            state.addresses.keys.sorted().flatMap { state.addresses[$0] ?? [] }
        }
    }

    // MARK: Being reached

    /// Asks a connected relay for a place and keeps it as long as the connection lasts.
    ///
    /// - Returns: Where this node can be reached through it.
    /// - Throws: ``RelayStatus``; ``RelayStatus/connectionFailed`` when the relay does not answer.
    @discardableResult
    public func reserve(at relay: PeerID) async throws(RelayStatus) -> [Multiaddr] {
        let reservation = try await ask(relay)
        let own = swarm.peer
        let ways =
            reservation.addresses.isEmpty
            ? (swarm.description(of: relay)?.addresses ?? []).map { $0.with(peer: relay) }
            : reservation.addresses
        let addresses = ways.filter { $0.peer == relay && $0.endpoint != nil }
            .map { $0.through(to: own) }
        let isFirst = state.withLock { state in
            state.addresses.updateValue(addresses, forKey: relay) == nil
        }
        if isFirst {
            keep(relay, reservation.expirySeconds)
            swarm.lend(addresses.map(\.withoutPeer), by: relay)
        }
        return addresses
    }

    /// The relays that hold a place for this node, in the order of their names.
    public var relays: [PeerID] { state.withLock { $0.addresses.keys.sorted() } }

    /// Needs the place at a relay no longer: it is not renewed, and told to nobody.
    public func release(at relay: PeerID) { lose(relay) }

    private func lose(_ relay: PeerID) {
        guard state.withLock({ $0.addresses.removeValue(forKey: relay) }) != nil else { return }
        swarm.lend([], by: relay)
    }

    private func ask(_ relay: PeerID) async throws(RelayStatus) -> RelayReservation {
        let answer: RelayMessage
        do {
            let bytes = try await swarm.request(
                RelayMessage(.reserve).encoded(.hop), [RelayMessage.hopProtocol], of: relay,
                answerBytesMax: RelayMessage.encodedBytesMax)
            answer = try RelayMessage(bytes, .hop)
        } catch {
            throw .connectionFailed
        }
        guard answer.kind == .status, let status = answer.status else { throw .unexpectedMessage }
        guard status == .ok else { throw status }
        guard let reservation = answer.reservation else { throw .malformedMessage }
        return reservation
    }

    private func keep(_ relay: PeerID, _ expirySeconds: UInt64) {
        effects.tasks.spawn("relay renewal") { [weak self, effects] in
            var expiry = expirySeconds
            while true {
                let now = effects.time.wallClock().value / 1_000
                let left = expiry > now ? expiry - now : 0
                // At the latest every minute it is seen whether the connection still stands.
                let wait = max(60, left > Self.renewalSeconds ? left - Self.renewalSeconds : 0)
                await effects.time.sleep(milliseconds: min(wait, 3_600) * 1_000)
                guard let self, !Task.isCancelled,
                    self.state.withLock({ !$0.isStopped && $0.addresses[relay] != nil })
                else { return }
                guard let next = try? await self.ask(relay) else { return self.lose(relay) }
                expiry = next.expirySeconds
            }
        }
    }

    private func receive(_ stream: PeerStream) async {
        let deadline = swarm.deadline(for: stream)
        var messages = MessageStream(stream, messageBytesMax: RelayMessage.encodedBytesMax)
        let bytes = try? await messages.next()
        deadline.meet()
        guard let bytes, let question = try? RelayMessage(bytes, .stop),
            question.kind == .connect, let peer = question.peer
        else {
            // A relay that speaks otherwise has no use for the rest of the answer.
            try? await stream.write(message: RelayMessage(.malformedMessage).encoded(.stop))
            return
        }
        guard (try? await stream.write(message: RelayMessage(.ok).encoded(.stop))) != nil else {
            return
        }
        await upgrade(
            RelayedStream(stream, early: messages.takeRest()), stream, isDialler: false, peer)
    }

    // The stream lives as long as the connection over it.
    private func upgrade(
        _ relayed: RelayedStream, _ stream: PeerStream, isDialler: Bool, _ peer: PeerID
    ) async {
        let address = stream.address.with(peer: stream.peer).through(to: nil)
        let connected = try? await swarm.connect(
            over: relayed, at: address, isDialler: isDialler, expecting: peer)
        guard connected != nil else { return }
        await relayed.waitUntilClosed()
    }

    // MARK: Reaching

    /// Connects to a peer at the first of its known addresses that answers, the ways through relays
    /// last.
    ///
    /// - Throws: ``ConnectionFailure`` of the last one tried.
    public func connect(to peer: PeerID) async throws(ConnectionFailure) {
        var failure: ConnectionFailure
        do {
            return try await swarm.connect(to: peer)
        } catch {
            failure = error
        }
        for way in swarm.description(of: peer)?.addresses ?? [] where way.relay != nil {
            do {
                try await connect(to: way.with(peer: peer))
                return
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Connects to a peer through the relay that its address names.
    ///
    /// - Parameter address: `/.../p2p/RELAY/p2p-circuit/p2p/PEER`.
    /// - Throws: ``ConnectionFailure``.
    @discardableResult
    public func connect(to address: Multiaddr) async throws(ConnectionFailure) -> PeerID {
        guard let way = address.relay, let relay = way.peer, let peer = address.peer else {
            throw .network("\(address) does not lead through a relay")
        }
        if swarm.isConnected(peer) { return peer }
        try await swarm.connect(to: way)
        let (stream, early): (PeerStream, [UInt8])
        do {
            (stream, early) = try await circuit(through: relay, to: peer)
        } catch {
            throw .network("the relay says \(error)")
        }
        return try await swarm.connect(
            over: RelayedStream(stream, early: early), at: way.through(to: nil), isDialler: true,
            expecting: peer)
    }

    private func circuit(
        through relay: PeerID, to peer: PeerID
    ) async throws(RelayStatus) -> (PeerStream, [UInt8]) {
        guard let stream = try? await swarm.open([RelayMessage.hopProtocol], with: relay) else {
            throw .connectionFailed
        }
        let deadline = swarm.deadline(for: stream)
        defer { deadline.meet() }
        var messages = MessageStream(stream, messageBytesMax: RelayMessage.encodedBytesMax)
        guard
            (try? await stream.write(message: RelayMessage(.connect, peer: peer).encoded(.hop)))
                != nil, let bytes = try? await messages.next(),
            let answer = try? RelayMessage(bytes, .hop), let status = answer.status
        else {
            stream.reset()
            throw .connectionFailed
        }
        guard status == .ok else {
            stream.reset()
            throw status
        }
        return (stream, messages.takeRest())
    }
}

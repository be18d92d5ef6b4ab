// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Brings peers that met through a relay together directly (DCUtR).
///
/// The peer that was reached through the relay dials the other where it can be dialled; else both
/// tell each other where they are seen and dial at the same moment. Behind two NATs that needs
/// ``SwarmConfiguration/dialsFromListeningPort``, and NATs that map one port to one port whoever is
/// dialled; else the way through the relay stays.
///
/// Source: DCUtR specification; LIBP-54.
public final class HolePunchService: Sendable {
    /// How often both sides dial each other at most.
    static let attemptsMax = 3
    /// The most addresses of a peer that are dialled at once.
    static let dialsMax = 8
    /// How long a relayed connection outlives the direct one, in milliseconds: streams on it may
    /// end in order.
    static let graceMilliseconds: UInt64 = 5_000

    /// Programs that speak first where they were reached and not where they came, by how they call
    /// themselves.
    static let otherAgents = ["kubo/", "go-libp2p/", "github.com/libp2p/go-libp2p"]

    private let swarm: Swarm
    private let effects: Effects
    /// The peers it is being tried with.
    private let active = Mutex<Set<PeerID>>([])

    /// Prepares the service; nothing happens before ``start()``.
    public init(_ swarm: Swarm, effects: Effects) {
        self.swarm = swarm
        self.effects = effects
    }

    /// Brings peers together from now on.
    public func start() {
        swarm.serve(HolePunchMessage.protocolName) { [weak self] in await self?.answer($0) }
        swarm.observe { [weak self] event in
            guard let self, case .identified(let peer, _) = event, self.leads(with: peer)
            else { return }
            self.effects.tasks.spawn("hole punch") {
                guard self.active.withLock({ $0.insert(peer).inserted }) else { return }
                await self.meet(peer)
                self.active.withLock { _ = $0.remove(peer) }
            }
        }
    }

    // The side that was reached begins. Where both have reached each other at once, that is the one
    // with the smaller name.
    private func leads(with peer: PeerID) -> Bool {
        let connections = swarm.connections.filter { $0.peer == peer }
        guard swarm.isRelayedOnly(peer), connections.contains(where: \.isInbound) else {
            return false
        }
        return connections.allSatisfy(\.isInbound) || swarm.peer < peer
    }

    private var addresses: [Multiaddr] {
        let seen = swarm.state.withLock { $0.observed.said(byAtLeast: 1) }
        return Array((swarm.addresses + seen).filter { $0.endpoint != nil }.prefix(Self.dialsMax))
    }

    // MARK: The side that was reached

    private func meet(_ peer: PeerID) async {
        let told = swarm.description(of: peer)?.addresses ?? []
        // Where it says to be. An address of its own network leads nowhere from here, or home.
        let open = told.filter { $0.ip.map(PublicAddress.isPublic) ?? ($0.endpoint != nil) }
        if !open.isEmpty, await dialAll(open, of: peer, isDialler: true) {
            return await settle(peer)
        }
        for _ in 0..<Self.attemptsMax where swarm.isRelayedOnly(peer) {
            if await punch(peer) { return await settle(peer) }
        }
    }

    private func punch(_ peer: PeerID) async -> Bool {
        guard let stream = try? await swarm.open([HolePunchMessage.protocolName], with: peer) else {
            return false
        }
        let deadline = swarm.deadline(for: stream)
        defer {
            deadline.meet()
            stream.close()
        }
        var messages = MessageStream(stream, messageBytesMax: HolePunchMessage.encodedBytesMax)
        let begun = effects.time.now()
        do {
            try await stream.write(message: HolePunchMessage(.connect, addresses).encoded)
            guard let bytes = try await messages.next() else { return false }
            let answer = try HolePunchMessage(bytes)
            guard answer.kind == .connect else { return false }
            let roundTrip = effects.time.now().milliseconds(since: begun)
            try await stream.write(message: HolePunchMessage(.sync).encoded)
            await effects.time.sleep(milliseconds: roundTrip / 2)
            // The other side speaks first on what is dialled from both ends.
            if await dialAll(answer.addresses, of: peer, isDialler: hasOtherRoles(peer)) {
                return true
            }
            await effects.time.sleep(milliseconds: roundTrip)
            return !swarm.isRelayedOnly(peer)
        } catch {
            return false
        }
    }

    // MARK: The side that came through the relay

    private func answer(_ stream: PeerStream) async {
        let peer = stream.peer
        guard stream.address.relay != nil else { return stream.reset() }
        let deadline = swarm.deadline(for: stream)
        defer { deadline.meet() }
        var messages = MessageStream(stream, messageBytesMax: HolePunchMessage.encodedBytesMax)
        do {
            guard let bytes = try await messages.next() else { return }
            let question = try HolePunchMessage(bytes)
            guard question.kind == .connect else { return stream.reset() }
            try await stream.write(message: HolePunchMessage(.connect, addresses).encoded)
            guard let next = try await messages.next(), try HolePunchMessage(next).kind == .sync
            else { return stream.reset() }
            if await dialAll(question.addresses, of: peer, isDialler: !hasOtherRoles(peer)) {
                await settle(peer)
            }
        } catch {
            stream.reset()
        }
    }

    // By the specification the side that came through the relay speaks first on what both have
    // dialled. go-libp2p has it the other way round, seen with that of Kubo 0.22.
    private func hasOtherRoles(_ peer: PeerID) -> Bool {
        let agent = swarm.description(of: peer)?.agent ?? ""
        return Self.otherAgents.contains { agent.hasPrefix($0) }
    }

    // Dials all at once; whether a direct connection came of it.
    private func dialAll(_ targets: [Multiaddr], of peer: PeerID, isDialler: Bool) async -> Bool {
        let tasks = targets.filter { $0.endpoint != nil }.prefix(Self.dialsMax).map { target in
            effects.tasks.spawn("hole punch dial") { [swarm] in
                // Those that fail are what this is about.
                _ = try? await swarm.dial(
                    target.with(peer: peer), isDialler: isDialler, isOneOfMany: true)
            }
        }
        for task in tasks { await task.finished() }
        return swarm.connections.contains { $0.peer == peer && $0.address.relay == nil }
    }

    private func settle(_ peer: PeerID) async {
        await effects.time.sleep(milliseconds: Self.graceMilliseconds)
        swarm.dropRelayed(peer)
    }
}

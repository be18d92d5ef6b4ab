// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Learns from others whether this node can be dialled, and tries the same for them.
///
/// Source: AutoNAT v1 specification; LIBP-53.
public final class AutoNATService: Sendable {
    private struct State {
        var votes = ReachabilityVotes()
        var budget = DialBudget()
    }

    /// What learns of each answer given to others; it must not wait.
    public typealias Observer = @Sendable (PeerID, DialBack) -> Void

    /// How long an answer may take: it comes only once all dials have failed.
    static let answerMillisecondsMax: UInt64 = 40_000

    private let swarm: Swarm
    private let effects: Effects
    private let observer: Observer
    private let state = Mutex(State())

    /// Prepares the service; nothing happens before ``start()``.
    public init(
        _ swarm: Swarm, effects: Effects, observer: @escaping Observer = { _, _ in }
    ) {
        self.swarm = swarm
        self.effects = effects
        self.observer = observer
    }

    /// Dials back for others from now on.
    public func start() {
        swarm.serve(AutoNATMessage.protocolName) { [weak self] in await self?.answer($0) }
    }

    /// The protocol of who dials back.
    public static let protocolName = AutoNATMessage.protocolName

    /// What is known of this node.
    public var reachability: Reachability { state.withLock { $0.votes.verdict } }

    /// What the few that have tried so far say of this node.
    public var leaning: Reachability { state.withLock { $0.votes.leaning } }

    /// Asks all connected peers that dial back.
    public func check() async {
        for peer in swarm.connectedPeers
        where swarm.description(of: peer)?.protocols.contains(AutoNATMessage.protocolName) == true {
            _ = await ask(peer)
        }
    }

    /// What came of asking a peer to dial back.
    public enum DialBack: String, Hashable, Sendable {
        /// It reached this node.
        case reached
        /// It did not.
        case missed
        /// It would not try, which says nothing of this node.
        case refused
    }

    /// Asks one connected peer to dial back, and counts its word.
    ///
    /// - Returns: Nothing when it gives no answer that can be read.
    public func ask(_ peer: PeerID) async -> DialBack? {
        var question = AutoNATMessage()
        question.peer = swarm.peer
        question.addresses = Array(
            (observed + swarm.addresses).filter { $0.endpoint != nil }
                .prefix(AutoNATMessage.dialsMax))
        guard
            let bytes = try? await swarm.request(
                question.encoded, [AutoNATMessage.protocolName], of: peer,
                answerBytesMax: AutoNATMessage.encodedBytesMax,
                milliseconds: Self.answerMillisecondsMax),
            let answer = try? AutoNATMessage(bytes), let status = answer.status
        else { return nil }
        switch status {
        case .ok:
            state.withLock { $0.votes.note(true, by: peer) }
            return .reached
        case .dialError:
            state.withLock { $0.votes.note(false, by: peer) }
            return .missed
        case .dialRefused, .badRequest, .internalError: return .refused
        }
    }

    // Dials that begin where this node listens are seen at the port it would be dialled at; the
    // ports of others say nothing unless many agree.
    private var observed: [Multiaddr] {
        guard swarm.configuration.dialsFromListeningPort else { return swarm.observedAddresses }
        return swarm.state.withLock { $0.observed.said(byAtLeast: 1) }
    }

    private func answer(_ stream: PeerStream) async {
        let deadline = swarm.deadline(for: stream)
        var messages = MessageStream(stream, messageBytesMax: AutoNATMessage.encodedBytesMax)
        let bytes = try? await messages.next()
        // Dialling takes its own time.
        deadline.meet()
        guard let bytes else { return }
        var answer = AutoNATMessage()
        if let question = try? AutoNATMessage(bytes), question.peer == stream.peer {
            (answer.status, answer.reached) = await dialBack(question, to: stream)
        } else {
            answer.status = .badRequest
        }
        switch answer.status {
        case .ok: observer(stream.peer, .reached)
        case .dialError: observer(stream.peer, .missed)
        default: observer(stream.peer, .refused)
        }
        // Who has gone away needs no answer.
        try? await stream.write(message: answer.encoded)
    }

    // Only the address the asker is seen at is dialled: nobody can have others dialled.
    private func dialBack(
        _ question: AutoNATMessage, to stream: PeerStream
    ) async -> (AutoNATMessage.Status, Multiaddr?) {
        guard let ip = stream.address.ip, stream.address.relay == nil else {
            return (.dialRefused, nil)
        }
        let allowed = question.addresses.filter { $0.ip == ip && $0.endpoint != nil }
        let now = effects.time.now().value / 1_000_000
        guard !allowed.isEmpty,
            state.withLock({ $0.budget.take(for: stream.peer, now: now) })
        else { return (.dialRefused, nil) }
        for address in allowed.prefix(AutoNATMessage.dialsMax) {
            if await swarm.probe(address.with(peer: stream.peer)) { return (.ok, address) }
        }
        return (.dialError, nil)
    }
}

extension Swarm {
    /// Whether a peer answers at an address; the connection ends with the answer and is not
    /// counted among the others.
    func probe(_ address: Multiaddr) async -> Bool {
        guard let endpoint = address.endpoint,
            let stream = try? await effects.network.dial(
                endpoint, timeoutMilliseconds: configuration.dialMillisecondsMax)
        else { return false }
        let clock = effects.tasks.spawn("probe deadline") { [effects, configuration] in
            await effects.time.sleep(milliseconds: configuration.handshakeMillisecondsMax)
            stream.close()
        }
        defer {
            clock.cancel()
            stream.close()
        }
        let setup = ConnectionMachine.Setup(
            identity: configuration.identity, staticKey: staticKey,
            ephemeralKey: Self.freshKey(effects), expectedPeer: address.peer,
            inboundStreamsMax: 0, isSupported: { _ in false })
        var machine = ConnectionMachine(isDialler: true, setup)
        do {
            while !machine.isReady {
                let output = try machine.takeOutput()
                if !output.bytes.isEmpty { try await stream.write(output.bytes) }
                let bytes = try await stream.read(limit: 65_536)
                guard !bytes.isEmpty else { return false }
                _ = try machine.receive(bytes)
            }
            return true
        } catch {
            return false
        }
    }
}

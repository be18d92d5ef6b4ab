// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// A place where peers that look for the same thing find each other: every node is one for others,
/// and asks others.
///
/// Source: libp2p rendezvous specification; LIBP-70 to LIBP-72.
public final class RendezvousService: Sendable {
    /// The protocol's name.
    public static let protocolName = "/rendezvous/1.0.0"

    private let swarm: Swarm
    private let effects: Effects
    private let book = Mutex(RendezvousBook())

    /// Prepares the service; it answers from ``start()`` on.
    public init(_ swarm: Swarm, effects: Effects) {
        self.swarm = swarm
        self.effects = effects
    }

    /// Answers from now on.
    public func start() {
        swarm.serve(Self.protocolName) { [weak self] in await self?.answer($0) }
    }

    /// Answers no more.
    public func stop() { swarm.unserve(Self.protocolName) }

    // MARK: Answering

    private func answer(_ stream: PeerStream) async {
        var messages = MessageStream(stream, messageBytesMax: RendezvousMessage.encodedBytesMax)
        while let bytes = try? await messages.next() {
            guard let question = try? RendezvousMessage(bytes) else { return stream.reset() }
            guard let answer = answer(question, of: stream.peer) else { continue }
            guard (try? await stream.write(message: answer.encoded)) != nil else { return }
        }
    }

    private func answer(_ question: RendezvousMessage, of peer: PeerID) -> RendezvousMessage? {
        let now = effects.time.now().value / 1_000_000
        switch question {
        case .register(let registration):
            let outcome = book.withLock { $0.register(registration, of: peer, now: now) }
            if case .success = outcome { swarm.remember(sealed: registration.record) }
            switch outcome {
            case .success(let seconds): return .registered(.ok, seconds: seconds)
            case .failure(let status): return .registered(status, seconds: 0)
            }
        case .unregister(let namespace):
            book.withLock { $0.unregister(peer, in: namespace) }
            return nil
        case .discover(let namespace, let limit, let cookie):
            let most = RendezvousMessage.registrationsMax
            let count = limit == 0 ? most : Int(min(limit, UInt64(most)))
            let found = book.withLock {
                $0.discover(namespace, after: cookie, limit: count, now: now)
            }
            guard let found else { return .discovered(.invalidCookie, [], cookie: []) }
            return .discovered(.ok, found.registrations, cookie: found.cookie)
        case .registered, .discovered: return nil
        }
    }

    // MARK: Asking

    /// Registers this node with a peer that is connected; one that can be reached nowhere is not.
    ///
    /// - Parameter record: What ``ownRecord()`` gave.
    /// - Returns: How long it is registered, in seconds.
    /// - Throws: ``StreamFailure``; ``StreamFailure/ended`` when the peer refuses.
    @discardableResult
    public func register(
        _ record: [UInt8], in namespace: String, with peer: PeerID
    ) async throws(StreamFailure) -> UInt64 {
        guard !record.isEmpty else { return 0 }
        let question = RendezvousMessage.register(
            RendezvousRegistration(namespace: namespace, record: record))
        guard case .registered(.ok, let seconds) = try await ask(question, of: peer) else {
            throw .ended
        }
        return seconds
    }

    /// Asks a connected peer who is registered, and remembers where they are.
    ///
    /// - Parameter cookie: Of the last answer of this peer, or none.
    /// - Returns: The peers that are new or have moved, and the cookie for later ones.
    /// - Throws: ``StreamFailure``; ``StreamFailure/ended`` when the peer refuses.
    public func discover(
        _ namespace: String, with peer: PeerID, after cookie: [UInt8]
    ) async throws(StreamFailure) -> (peers: [PeerID], cookie: [UInt8]) {
        let limit = UInt64(RendezvousMessage.registrationsMax)
        let question = RendezvousMessage.discover(
            namespace: namespace, limit: limit, cookie: cookie)
        guard case .discovered(.ok, let found, let next) = try await ask(question, of: peer)
        else { throw .ended }
        let peers = found.filter { $0.namespace == namespace }
            .compactMap { swarm.remember(sealed: $0.record) }
        return (peers, next)
    }

    private func ask(
        _ question: RendezvousMessage, of peer: PeerID
    ) async throws(StreamFailure) -> RendezvousMessage {
        let bytes = try await swarm.request(
            question.encoded, [Self.protocolName], of: peer,
            answerBytesMax: RendezvousMessage.encodedBytesMax)
        do {
            return try RendezvousMessage(bytes)
        } catch {
            throw .wire(error)
        }
    }

    /// Where this node says that it is, sealed; empty where that is nowhere.
    public func ownRecord() -> [UInt8] {
        let own = swarm.ownRecord()
        return own.addresses.isEmpty ? [] : own.sealed
    }
}

extension Swarm {
    /// Remembers where a peer says in a sealed record that it is.
    ///
    /// - Returns: The peer, unless the record is forged or tells nothing new.
    @discardableResult
    public func remember(sealed bytes: [UInt8]) -> PeerID? {
        guard let record = try? PeerRecord(sealed: bytes), record.peer != peer else { return nil }
        return state.withLock { state in
            guard record.sequence > state.book[record.peer]?.recordSequence ?? 0 else {
                return nil
            }
            state.book.update(record.peer) { page in
                page.recordSequence = record.sequence
                page.addresses = Array(record.addresses.prefix(PeerBook.addressesMax))
            }
            return record.peer
        }
    }
}

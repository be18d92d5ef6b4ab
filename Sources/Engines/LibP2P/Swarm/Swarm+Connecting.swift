// SPDX-License-Identifier: Apache-2.0
import Effects

extension Swarm {
    /// How long to wait after the system refused to accept, in milliseconds.
    private static let acceptPauseMilliseconds: UInt64 = 100

    private var now: UInt64 { effects.time.now().value / 1_000_000 }

    // MARK: Dialling

    /// Connects to an address of a TCP port; a peer at its end must be the one that answers.
    ///
    /// - Returns: Who answered; at once when that peer is connected already.
    /// - Throws: ``ConnectionFailure``.
    @discardableResult
    public func connect(to address: Multiaddr) async throws(ConnectionFailure) -> PeerID {
        if let peer = address.peer, isConnected(peer) { return peer }
        return try await dial(address, isDialler: true)
    }

    /// Connects once more to an address, whoever is connected already: for measuring connections.
    ///
    /// - Throws: ``ConnectionFailure``.
    package func connectAgain(to address: Multiaddr) async throws(ConnectionFailure) {
        try await dial(address, isDialler: true)
    }

    /// Dials an address, also of a peer that is connected already.
    ///
    /// - Parameters:
    ///   - isDialler: Whether this side speaks first. It does, unless both sides dial each other at
    ///     the same moment and have agreed otherwise.
    ///   - isOneOfMany: Whether several addresses of the peer are dialled at once; then each counts
    ///     as a connection with it only once the peer has answered.
    /// - Throws: ``ConnectionFailure``.
    @discardableResult
    func dial(
        _ address: Multiaddr, isDialler: Bool, isOneOfMany: Bool = false
    ) async throws(ConnectionFailure) -> PeerID {
        guard let endpoint = address.endpoint else {
            throw .network("\(address) is no address that can be dialled here")
        }
        let booked = isOneOfMany ? nil : address.peer
        let number = try admit(peer: booked, ip: address.ip, isInbound: false)
        let stream: any ByteStream
        do {
            stream = try await reach(endpoint)
        } catch {
            release(number)
            throw .network("\(error)")
        }
        return try await upgrade(
            stream, at: address, isDialler: isDialler, expecting: address.peer, number,
            isSpare: isOneOfMany)
    }

    private func reach(_ endpoint: Endpoint) async throws(NetworkFailure) -> any ByteStream {
        let milliseconds = configuration.dialMillisecondsMax
        let listening = state.withLock { $0.listeners.map(\.endpoint) }
        guard configuration.dialsFromListeningPort,
            let source = ListenedAddress.source(among: listening, for: endpoint)
        else {
            return try await effects.network.dial(endpoint, timeoutMilliseconds: milliseconds)
        }
        do {
            return try await effects.network.dial(
                endpoint, from: source, timeoutMilliseconds: milliseconds)
        } catch .portInUse {
            // Both ports have or just had another connection with each other.
            return try await effects.network.dial(endpoint, timeoutMilliseconds: milliseconds)
        }
    }

    /// Connects to a peer at the first of its known addresses that answers.
    ///
    /// - Throws: ``ConnectionFailure`` of the last one tried.
    public func connect(to peer: PeerID) async throws(ConnectionFailure) {
        if isConnected(peer) { return }
        var failure = ConnectionFailure.network("no address of \(peer) is known")
        for address in description(of: peer)?.addresses ?? [] where address.endpoint != nil {
            do {
                try await connect(to: address.with(peer: peer))
                return
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Connects over a stream of bytes that leads to a peer some other way than by dialling.
    ///
    /// - Parameter isDialler: Whether this side speaks first; the other side must not.
    /// - Throws: ``ConnectionFailure``.
    @discardableResult
    func connect(
        over stream: any ByteStream, at address: Multiaddr, isDialler: Bool, expecting: PeerID?
    ) async throws(ConnectionFailure) -> PeerID {
        let number: UInt64
        do {
            number = try admit(peer: expecting, ip: nil, isInbound: !isDialler)
        } catch {
            stream.close()
            throw error
        }
        return try await upgrade(
            stream, at: address, isDialler: isDialler, expecting: expecting, number)
    }

    /// Ends the connections with a peer that go through relays, when there is a direct one.
    func dropRelayed(_ peer: PeerID) {
        let links = state.withLock { $0.links[peer] ?? [] }
        guard links.contains(where: { $0.address.relay == nil }) else { return }
        for link in links where link.address.relay != nil { link.close(.closed) }
    }

    /// Ends all connections with a peer.
    public func disconnect(_ peer: PeerID) {
        for link in state.withLock({ $0.links[peer] ?? [] }) { link.close(.closed) }
    }

    // MARK: Accepting

    func accept(_ listener: any Listener) async {
        while !state.withLock({ $0.isStopped }) {
            do throws(NetworkFailure) {
                let stream = try await listener.accept()
                effects.tasks.spawn("swarm inbound") { await self.welcome(stream) }
            } catch .closed {
                return
            } catch {
                await effects.time.sleep(milliseconds: Self.acceptPauseMilliseconds)
            }
        }
    }

    private func welcome(_ stream: any ByteStream) async {
        let address = Multiaddr(stream.remote)
        guard let number = try? admit(peer: nil, ip: address.ip, isInbound: true) else {
            return stream.close()
        }
        // Why it failed is the other side's to know; here the counts of the ledger tell.
        _ = try? await upgrade(stream, at: address, isDialler: false, expecting: nil, number)
    }

    // MARK: Setting up

    private func admit(
        peer: PeerID?, ip: [UInt8]?, isInbound: Bool
    ) throws(ConnectionFailure) -> UInt64 {
        let now = now
        let result = state.withLock { state -> Result<UInt64, ConnectionFailure> in
            guard !state.isStopped else { return .failure(.closed) }
            do throws(ConnectionRefusal) {
                return .success(
                    try state.ledger.admit(peer: peer, ip: ip, isInbound: isInbound, now: now))
            } catch {
                state.refusals += 1
                return .failure(.refused(error))
            }
        }
        return try result.get()
    }

    private func release(_ number: UInt64) {
        state.withLock { $0.ledger.release(number) }
    }

    private func upgrade(
        _ stream: any ByteStream, at address: Multiaddr, isDialler: Bool, expecting: PeerID?,
        _ number: UInt64, isSpare: Bool = false
    ) async throws(ConnectionFailure) -> PeerID {
        var setup = ConnectionMachine.Setup(
            identity: configuration.identity, staticKey: staticKey,
            ephemeralKey: Self.freshKey(effects), expectedPeer: expecting,
            inboundStreamsMax: configuration.inboundStreamsMax,
            isSupported: { [weak self] name in self?.answers(name) ?? false })
        setup.payload = handshakePayload
        let owner = PeerLink.Owner(
            ready: { link, peer, key in self.ready(link, peer, key, number, isSpare: isSpare) },
            pump: { name in self.state.withLock { $0.pumps[name] } },
            opened: { self.opened($0) })
        let link = PeerLink(
            ConnectionMachine(isDialler: isDialler, setup), over: stream,
            at: address.withoutPeer, effects: effects, traffic: traffic, owner: owner)
        state.withLock { $0.pending[number] = link }
        effects.tasks.spawn("swarm connection") {
            let failure = await link.run(self.configuration)
            self.ended(link, number, failure)
        }
        await link.settled.wait()
        if let failure = link.failure { throw failure }
        guard let peer = link.peer else {
            link.close(.closed)
            throw .closed
        }
        return peer
    }

    // A spare connection makes way for a direct one that stands: who has dialled several addresses
    // at once keeps the first that answered. It is the side that speaks first that lets go.
    private func ready(
        _ link: PeerLink, _ peer: PeerID, _ key: IdentityKey, _ number: UInt64, isSpare: Bool
    ) {
        let now = now
        let (refusal, isFirst) = state.withLock { state -> (ConnectionRefusal?, Bool) in
            state.pending[number] = nil
            do throws(ConnectionRefusal) {
                try state.ledger.identify(number, as: peer, now: now)
            } catch {
                return (error, false)
            }
            if isSpare, !link.isInbound,
                state.links[peer]?.contains(where: { $0.address.relay == nil }) == true
            {
                return (.tooManyOfPeer, false)
            }
            // New streams go over direct connections where there is one.
            let isDirect = link.address.relay == nil
            let place = isDirect ? 0 : state.links[peer]?.count ?? 0
            state.links[peer, default: []].insert(link, at: place)
            state.book.update(peer) { $0.key = key }
            if !link.isInbound, isDirect { state.book.add([link.address], of: peer) }
            return (nil, state.links[peer]?.count == 1)
        }
        if let refusal { return link.close(.refused(refusal)) }
        if isFirst { tell(.connected(peer, isInbound: link.isInbound)) }
        effects.tasks.spawn("identify") { await self.identify(over: link, peer) }
    }

    private func ended(_ link: PeerLink, _ number: UInt64, _ failure: ConnectionFailure) {
        let gone = state.withLock { state -> PeerID? in
            state.pending[number] = nil
            state.ledger.release(number)
            state.ends[failure.name, default: 0] += 1
            guard let peer = link.peer, state.links[peer]?.contains(where: { $0 === link }) == true
            else { return nil }
            state.links[peer]?.removeAll { $0 === link }
            guard state.links[peer]?.isEmpty == true else { return nil }
            state.links[peer] = nil
            return peer
        }
        if let gone { tell(.disconnected(gone, failure)) }
    }

    private func opened(_ stream: PeerStream) {
        guard let handler = state.withLock({ $0.handlers[stream.protocolName] }) else {
            return stream.reset()
        }
        effects.tasks.spawn(stream.protocolName) {
            await handler(stream)
            stream.close()
        }
    }
}

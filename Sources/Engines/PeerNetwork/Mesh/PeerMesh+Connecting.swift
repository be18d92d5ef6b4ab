// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import Synchronization
import Vocabulary

extension PeerMesh {
    /// Keeps every wanted peer connected that nobody keeps yet.
    func keepWanted() {
        for key in state.withLock({ $0.takeUnkept(besides: publicKey) }) {
            // Not counted as activity: a dial under way may take its whole timeout, and what it
            // brings after a stop is closed at once.
            effects.tasks.spawn("mesh dials") { await self.keepDialing(key) }
        }
    }

    /// Keeps one peer connected while it is wanted, whoever dials (TRANSPORT-14).
    private func keepDialing(_ key: PublicKey) async {
        var backoff = Backoff(
            least: configuration.backoffMillisecondsMin, most: configuration.backoffMillisecondsMax)
        let courtesy = publicKey < key ? 0 : configuration.courtesyMilliseconds
        var pause = courtesy
        while isWanted(key), !Task.isCancelled {
            if let lost = connectedSignal(key) {
                let begun = effects.time.now()
                await lost.wait()
                let lasted = effects.time.now().milliseconds(since: begun)
                if hasRival(key), lasted < configuration.rivalMilliseconds {
                    pause = courtesy + backoff.take(chance: effects.chance)
                } else {
                    backoff.reset()
                    pause = courtesy
                }
                continue
            }
            if pause > 0 { await effects.time.sleep(milliseconds: pause) }
            guard connectedSignal(key) == nil, isWanted(key) else { continue }
            if let news = signalOfPlaceless(key) {
                // Told of an address, of a connection that has ended, or of the mesh's end.
                await news.wait()
                pause = 0
                continue
            }
            await dial(key)
            pause = backoff.take(chance: effects.chance)
        }
    }

    // Asked by the peer's own task: once it is not wanted any more, nobody keeps it.
    private func isWanted(_ key: PublicKey) -> Bool {
        state.withLock { state in
            guard state.phase == .running, state.isListed(key) else {
                state.letGo(key)
                return false
            }
            return true
        }
    }

    // Whether the last connection had to make room for another of the same two keys: there are two
    // machines with one of them, which would else take turns as fast as they can dial.
    private func hasRival(_ key: PublicKey) -> Bool {
        let reason = state.withLock { $0.peers[key]?.lastReason }
        return reason == .replaced || reason == .goodbye(code: DisconnectReason.replaced.code)
    }

    // What is raised when the peer's connection ends; nothing while it has none.
    private func connectedSignal(_ key: PublicKey) -> Signal? {
        state.withLock { state in
            guard let record = state.peers[key], record.connection != nil else { return nil }
            return record.lost
        }
    }

    // What is raised when something is heard of a peer that nobody knows where to find.
    private func signalOfPlaceless(_ key: PublicKey) -> Signal? {
        let peer = PeerID(of: key)
        let record = state.withLock { $0.peers[key] }
        guard let record, record.address == nil, !swarm.isConnected(peer), !swarm.isPlaced(peer)
        else { return nil }
        return record.lost
    }

    /// Wakes those who wait to hear where these peers are.
    public func learned(of peers: [PeerID]) {
        for peer in peers {
            guard let key = peer.key?.ed25519 else { continue }
            state.withLock { $0.peers[key]?.lost }?.raise()
        }
    }

    /// The members of whom no address is known and that are not connected, in key order.
    func placelessMembers() -> [PeerID] {
        state.withLock { state in
            state.members.filter {
                $0 != publicKey && state.peers[$0]?.address == nil
                    && state.peers[$0]?.connection == nil
            }
        }
        .sorted().map { PeerID(of: $0) }.filter { !swarm.isPlaced($0) }
    }

    /// Whether the mesh itself keeps a peer connected.
    func keeps(_ peer: PeerID) -> Bool {
        guard let key = peer.key?.ed25519 else { return false }
        return state.withLock { $0.peers[key]?.isKept == true }
    }

    /// Connects to a peer where it is known to be, and opens a stream of the mesh.
    private func dial(_ key: PublicKey) async {
        let configured = state.withLock { state in
            state.peers[key]?.isDialing = true
            return state.peers[key]?.address
        }
        defer { state.withLock { $0.peers[key]?.isDialing = false } }
        let peer = PeerID(of: key)
        do throws(ConnectionFailure) {
            try await reach(peer, at: configured)
        } catch {
            let reason = error == .timedOut ? .handshakeTimedOut : DisconnectReason(error)
            return refused(expected: key, reason)
        }
        // The other side may have opened one meanwhile.
        guard connectedSignal(key) == nil else { return }
        await open(with: peer)
    }

    private func reach(_ peer: PeerID, at configured: Endpoint?) async throws(ConnectionFailure) {
        guard !swarm.isConnected(peer) else { return }
        guard let configured else { return try await connect(to: peer) }
        do throws(ConnectionFailure) {
            try await swarm.connect(to: Multiaddr(configured, peer: peer))
        } catch {
            // It may have moved, and told others where.
            guard swarm.knowsOtherAddress(of: peer, than: configured) else { throw error }
            try await connect(to: peer)
        }
    }

    /// Connects to a peer where it is known to be: at its own addresses, else through relays.
    ///
    /// - Throws: ``ConnectionFailure`` of the last way tried.
    public func connect(to peer: PeerID) async throws(ConnectionFailure) {
        try await relays.connect(to: peer)
    }

    /// Opens a stream of the mesh with a peer that is connected, and waits for what comes of it.
    func open(with peer: PeerID) async {
        let greeting = MeshStream(self, isOpener: true)
        guard remember(greeting) else { return }
        let opening = effects.tasks.spawn("mesh opens") { [swarm] in
            do throws(StreamFailure) {
                try await swarm.open(Self.protocolName, with: peer) { stream in
                    greeting.begin(stream)
                    return greeting
                }
            } catch {
                greeting.fail(DisconnectReason(error), of: peer)
            }
        }
        await greeting.settled.wait()
        opening.cancel()
    }

    /// Takes a stream that a peer has opened.
    func greeting(over stream: PeerStream) -> any StreamPump {
        let greeting = MeshStream(self, isOpener: false)
        greeting.begin(stream)
        guard remember(greeting) else { return ClosedStream() }
        return greeting
    }

    // Counts a stream in whose introductions begin, and gives it its time.
    private func remember(_ greeting: MeshStream) -> Bool {
        let isRunning = state.withLock { state in
            guard state.phase == .running else { return false }
            state.greetings[ObjectIdentifier(greeting)] = greeting
            return true
        }
        guard isRunning else { return false }
        effects.tasks.spawn("mesh greeting") { [effects, configuration] in
            await effects.time.sleep(milliseconds: configuration.handshakeTimeoutMilliseconds)
            greeting.giveUp()
        }
        return true
    }

    /// Forgets a stream whose introductions have led to something.
    func forget(_ greeting: MeshStream) {
        state.withLock { $0.greetings[ObjectIdentifier(greeting)] = nil }
    }

    /// A peer dialled for another reason may belong to the mesh; one that was reached through a
    /// relay may now be reached directly.
    func learn(of event: SwarmEvent) {
        guard case .identified(let peer, let page) = event, let key = peer.key?.ed25519,
            page.protocols.contains(Self.protocolName)
        else { return }
        let (isMine, isRelayed) = state.withLock { state in
            let record = state.peers[key]
            let isRelayed = record?.connection?.stream.isRelayed ?? false
            let isFree = record?.connection == nil && record?.isKept != true
            return (state.phase == .running && (isFree || isRelayed), isRelayed)
        }
        let dialled = swarm.connections.filter { $0.peer == peer && !$0.isInbound }
        guard isMine, dialled.contains(where: { !isRelayed || $0.address.relay == nil })
        else { return }
        // As when dialling: the side with the larger key lets the other go first.
        let courtesy = isRelayed || publicKey < key ? 0 : configuration.courtesyMilliseconds
        effects.tasks.spawn("mesh joins") {
            if courtesy > 0 { await self.effects.time.sleep(milliseconds: courtesy) }
            guard isRelayed || self.connectedSignal(key) == nil else { return }
            await self.open(with: peer)
        }
    }

    // MARK: What comes of introductions

    /// Decides on a peer that has introduced itself.
    ///
    /// - Returns: Its connection, and the one whose place it takes.
    /// - Throws: ``DisconnectReason``, told to both sides.
    func admit(
        _ introduction: PeerIntroduction, over stream: PeerStream, isOpener: Bool
    ) throws(DisconnectReason) -> (PeerConnection, PeerConnection?) {
        // Names that hold no Ed25519 key belong to peers of other sorts.
        guard let key = stream.peer.key?.ed25519 else { throw .notThisProtocol }
        guard introduction.chain == self.introduction.chain else {
            throw .wrongChain(introduction.chain)
        }
        guard introduction.verdict == 0 else { throw .goodbye(code: introduction.verdict) }
        return try state.withLock { state throws(DisconnectReason) in
            guard let handlers = state.handlers else { throw .stopping }
            let info = PeerInfo(
                publicKey: key, roles: introduction.roles, remote: stream.remote,
                isOutbound: stream.isDialled, isGuest: !state.isListed(key))
            let connection = PeerConnection(
                info: info,
                candidate: Admission.Candidate(
                    life: introduction.life, dialler: isOpener ? publicKey : key,
                    since: effects.time.now(), isRelayed: stream.isRelayed),
                stream: stream, effects: effects, configuration: configuration,
                handlers: handlers)
            return (connection, try state.admit(connection, configuration))
        }
    }

    /// Begins an admitted connection's life.
    func begin(_ connection: PeerConnection, after older: PeerConnection?) {
        older?.close(.replaced)
        // What led to the peer before leads nowhere, or both sides have dialled at once. The way
        // through a relay ends by itself once other streams have left it (LIBP-54).
        if let older, !older.stream.isRelayed,
            !older.stream.sharesConnection(with: connection.stream)
        {
            older.stream.disconnect()
        }
        spawn("mesh serves") { await self.serve(connection, after: older) }
    }

    // An admitted connection's life, as the handlers see it.
    private func serve(_ connection: PeerConnection, after older: PeerConnection?) async {
        if let older { await older.ended.wait() }
        await connection.handlers.events(.connected(connection.info))
        let reason = await connection.run()
        let lost = state.withLock { $0.depart(connection, reason) }
        await connection.handlers.events(.disconnected(connection.info, reason))
        connection.ended.raise()
        lost?.raise()
        await connection.waitUntilDrained()
    }

    /// Notes an attempt that has come to nothing.
    func refused(expected: PublicKey?, _ reason: DisconnectReason) {
        // Counted before the mesh is asked whether it runs, so that a stop waits for the handler.
        activity.begin()
        let handlers = state.withLock { state -> MeshHandlers? in
            state.ends[Int(reason.code)] += 1
            if let expected { state.peers[expected]?.lastReason = reason }
            return state.phase == .running ? state.handlers : nil
        }
        guard let handlers else { return activity.end() }
        effects.tasks.spawn("mesh refuses") {
            await handlers.events(.refused(expected: expected, reason))
            self.activity.end()
        }
    }
}

/// A stream of the mesh that came while the mesh does not run.
final class ClosedStream: StreamPump {
    func next(room: Int) -> PumpedBytes { PumpedBytes(isLast: true) }
    func received(_ bytes: [UInt8]) {}
    func ended(_ failure: ConnectionFailure?) {}
}

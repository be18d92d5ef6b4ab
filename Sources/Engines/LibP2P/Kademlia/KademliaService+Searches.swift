// SPDX-License-Identifier: Apache-2.0
import Synchronization

extension KademliaService {
    /// How many of the nearest must have answered where one good answer is enough: beta.
    static let resiliencyOfAnswers = 3

    /// Finds the peers nearest to a key, at most k, the nearest first.
    ///
    /// - Throws: ``KadFailure/noPeers``.
    public func nearestPeers(to key: [UInt8]) async throws(KadFailure) -> [PeerID] {
        try await search(
            KadMessage(.findNode, key: key), resiliency: RoutingTable.bucketMax
        ) { _, _ in false }.nearest
    }

    /// Finds where a peer can be reached.
    ///
    /// - Throws: ``KadFailure/noPeers``, ``KadFailure/notFound``.
    public func findPeer(_ peer: PeerID) async throws(KadFailure) -> [Multiaddr] {
        if swarm.isConnected(peer), let page = swarm.description(of: peer) {
            return page.addresses
        }
        let found = Mutex<[Multiaddr]>([])
        _ = try await search(
            KadMessage(.findNode, key: peer.bytes), resiliency: Self.resiliencyOfAnswers
        ) { _, answer in
            let addresses = answer.closer.first { $0.id == peer }?.addresses ?? []
            guard !addresses.isEmpty else { return false }
            found.withLock { $0 = addresses }
            return true
        }
        let addresses = found.withLock { $0 }
        guard !addresses.isEmpty else { throw .notFound }
        return addresses
    }

    // MARK: Values

    /// Puts a value to the peers nearest to its key, and again from time to time.
    ///
    /// - Returns: How many took it.
    /// - Throws: ``KadFailure``.
    @discardableResult
    public func put(_ value: [UInt8], under key: [UInt8]) async throws(KadFailure) -> Int {
        let now = now
        let isTaken = state.withLock { state -> Bool in
            guard value.count <= KadMessage.valueBytesMax, key.count <= KadMessage.keyBytesMax,
                state.node.put(key, value, now: now)
            else { return false }
            if state.ownValues.count < Self.ownKeysMax { state.ownValues[key] = value }
            return true
        }
        guard isTaken else { throw .refused }
        return try await publish(value, under: key)
    }

    private func publish(_ value: [UInt8], under key: [UInt8]) async throws(KadFailure) -> Int {
        var question = KadMessage(.putValue, key: key)
        question.record = KadMessage.Record(key: key, value: value)
        let stored = await tell(question, try await nearestPeers(to: key)) {
            $0?.record?.value == value
        }
        guard stored > 0 else { throw .notStored }
        return stored
    }

    // Tells all at once and counts who took it.
    private func tell(
        _ question: KadMessage, _ peers: [PeerID],
        _ isTaken: @escaping @Sendable (KadMessage?) -> Bool
    ) async -> Int {
        let count = Mutex(0)
        let tasks = peers.map { peer in
            effects.tasks.spawn("kad tells") {
                if isTaken(await self.ask(peer, question)) { count.withLock { $0 += 1 } }
            }
        }
        for task in tasks { await task.finished() }
        return count.withLock { $0 }
    }

    private struct Found {
        var best: [UInt8]?
        var agreeing = 0
        var outdated: [PeerID] = []
        var holders: [PeerID] = []
    }

    /// Finds the best value under a key, and tells those that had a worse one or none.
    ///
    /// - Throws: ``KadFailure/noPeers``, ``KadFailure/notFound``.
    public func get(_ key: [UInt8]) async throws(KadFailure) -> [UInt8] {
        let now = now
        let (mine, validators) = state.withLock {
            ($0.node.store.value(key, now: now), $0.node.validators)
        }
        let found = Mutex(Found(best: mine, agreeing: mine == nil ? 0 : 1))
        let lookup: KadLookup
        do {
            lookup = try await search(
                KadMessage(.getValue, key: key), resiliency: Self.resiliencyOfAnswers
            ) { peer, answer in
                found.withLock { found in
                    Self.weigh(answer, from: peer, key, validators, &found)
                    return found.agreeing >= Self.quorum
                }
            }
        } catch {
            guard let mine else { throw error }
            return mine
        }
        let result = found.withLock { $0 }
        guard let best = result.best else { throw .notFound }
        correct(best, key, result.outdated + lookup.nearest.filter { !result.holders.contains($0) })
        return best
    }

    private static func weigh(
        _ answer: KadMessage, from peer: PeerID, _ key: [UInt8], _ validators: KadValidators,
        _ found: inout Found
    ) {
        guard let record = answer.record, record.key == key, validators.accepts(key, record.value)
        else { return }
        found.holders.append(peer)
        guard let best = found.best, best != record.value else {
            found.best = record.value
            found.agreeing += 1
            return
        }
        if validators.prefers(record.value, to: best, under: key) {
            found.outdated = found.holders.dropLast().map(\.self)
            found.best = record.value
            found.agreeing = 1
        } else {
            found.outdated.append(peer)
        }
    }

    private func correct(_ best: [UInt8], _ key: [UInt8], _ peers: [PeerID]) {
        guard !peers.isEmpty else { return }
        var question = KadMessage(.putValue, key: key)
        question.record = KadMessage.Record(key: key, value: best)
        let told = question
        effects.tasks.spawn("kad corrects") { _ = await self.tell(told, peers) { _ in true } }
    }

    // MARK: Providers

    /// Says that this node provides a key's content, now and again from time to time.
    ///
    /// - Parameter key: A multihash.
    /// - Throws: ``KadFailure``.
    public func provide(_ key: Multihash) async throws(KadFailure) {
        let now = now
        let bytes = key.bytes
        state.withLock { state in
            state.node.store.addProvider(swarm.peer, of: bytes, now: now)
            if state.ownProvided.count < Self.ownKeysMax { state.ownProvided.insert(bytes) }
        }
        try await announce(bytes)
    }

    private func announce(_ key: [UInt8]) async throws(KadFailure) {
        var message = KadMessage(.addProvider, key: key)
        message.providers = [KadMessage.Peer(swarm.peer, swarm.addresses, connection: 1)]
        let told = message
        let peers = try await nearestPeers(to: key)
        let tasks = peers.map { peer in
            effects.tasks.spawn("kad provides") { await self.send(told, to: peer) }
        }
        for task in tasks { await task.finished() }
    }

    // A provider that is told of is not answered.
    private func send(_ message: KadMessage, to peer: PeerID) async {
        guard let stream = try? await swarm.open([protocolName], with: peer) else { return }
        // One that does not take it misses one of twenty.
        try? await stream.write(message: message.encoded)
        stream.close()
    }

    /// Finds peers that provide a key's content.
    ///
    /// - Parameter count: How many are enough.
    /// - Throws: ``KadFailure/noPeers``, ``KadFailure/notFound``.
    public func providers(of key: Multihash, count: Int = 1) async throws(KadFailure) -> [PeerID] {
        let now = now
        let bytes = key.bytes
        let found = Mutex(Set(state.withLock { $0.node.store.providers(of: bytes, now: now) }))
        if found.withLock({ $0.count }) < count {
            _ = try await search(
                KadMessage(.getProviders, key: bytes), resiliency: Self.resiliencyOfAnswers
            ) { _, answer in
                found.withLock { found in
                    found.formUnion(answer.providers.map(\.id))
                    return found.count >= count
                }
            }
        }
        let peers = found.withLock { $0.sorted() }
        guard !peers.isEmpty else { throw .notFound }
        return peers
    }

    // MARK: Upkeep

    /// Fills the table: looks for this node's own place and for one in each bucket that is filled.
    public func refresh() async {
        let now = now
        let buckets = state.withLock { state in
            state.node.store.expire(now: now)
            return state.node.table.filledBuckets.count
        }
        _ = try? await nearestPeers(to: swarm.peer.bytes)
        // A random key falls into each bucket with half the chance of the one before it.
        for _ in 0..<min(buckets, 8) {
            _ = try? await nearestPeers(to: effects.chance.bytes(32))
        }
    }

    func republish() async {
        let (values, provided) = state.withLock { ($0.ownValues, $0.ownProvided) }
        for key in values.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let value = values[key] else { continue }
            // What nobody takes now is told again in its time.
            _ = try? await publish(value, under: key)
        }
        for key in provided.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            try? await announce(key)
        }
    }
}

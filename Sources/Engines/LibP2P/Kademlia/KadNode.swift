// SPDX-License-Identifier: Apache-2.0

/// This node's part of the distributed hash table, as a value: questions in, answers out.
///
/// Source: libp2p kad-dht specification; LIBP-46.
public struct KadNode: Sendable {
    let own: PeerID
    /// Whom this node asks first.
    public internal(set) var table: RoutingTable
    /// What it holds for others.
    public internal(set) var store = KadStore()
    /// What values keys may have.
    public var validators: KadValidators

    /// A node that knows nobody.
    public init(own: PeerID, validators: KadValidators) {
        self.own = own
        self.validators = validators
        table = RoutingTable(own: own)
    }

    /// Answers a question.
    ///
    /// - Parameter describe: Where a peer can be reached.
    /// - Returns: The answer, or nothing for what has none: a provider that is told, and a value
    ///   that is not taken.
    public mutating func answer(
        _ question: KadMessage, from peer: PeerID, now: UInt64,
        describe: (PeerID) -> KadMessage.Peer
    ) -> KadMessage? {
        guard !question.key.isEmpty || question.kind == .ping else { return nil }
        var answer = KadMessage(question.kind, key: question.key)
        switch question.kind {
        case .ping: return answer
        case .findNode:
            answer.closer = closer(to: question.key, for: peer).map(describe)
        case .getValue:
            answer.record = store.value(question.key, now: now)
                .map { KadMessage.Record(key: question.key, value: $0) }
            answer.closer = closer(to: question.key, for: peer).map(describe)
        case .getProviders:
            answer.providers = store.providers(of: question.key, now: now)
                .prefix(KadMessage.peersMax).map(describe)
            answer.closer = closer(to: question.key, for: peer).map(describe)
        case .putValue:
            guard let record = question.record, record.key == question.key,
                put(record.key, record.value, now: now)
            else { return nil }
            answer.record = record
        case .addProvider:
            // Everybody speaks for itself alone.
            guard question.providers.contains(where: { $0.id == peer }) else { return nil }
            store.addProvider(peer, of: question.key, now: now)
            return nil
        }
        return answer
    }

    /// Keeps a value that may stand under its key and is not worse than the one before it.
    public mutating func put(_ key: [UInt8], _ value: [UInt8], now: UInt64) -> Bool {
        guard validators.accepts(key, value) else { return false }
        if let before = store.value(key, now: now), before != value,
            validators.prefers(before, to: value, under: key)
        {
            return false
        }
        return store.put(key, value, now: now)
    }

    private func closer(to key: [UInt8], for peer: PeerID) -> [PeerID] {
        // One more than is told, as the asker is not told of itself.
        table.nearest(to: KadKey(key), limit: RoutingTable.bucketMax + 1)
            .filter { $0 != peer }.prefix(RoutingTable.bucketMax).map(\.self)
    }
}

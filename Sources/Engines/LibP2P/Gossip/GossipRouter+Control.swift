// SPDX-License-Identifier: Apache-2.0

extension GossipRouter {
    /// Takes a peer's word on meshes and gossip (LIBP-33).
    mutating func receiveControl(
        _ rpc: GossipRPC, from peer: PeerID, _ now: UInt64
    ) -> [GossipEffect] {
        var effects: [GossipEffect] = []
        effects += receiveHave(rpc.have, from: peer, now)
        effects += receiveWant(rpc.want, from: peer, now)
        effects += receiveGraft(rpc.graft, from: peer, now)
        effects += receivePrune(rpc.prune, from: peer, now)
        receiveDontWant(rpc.dontWant, from: peer)
        return effects
    }

    // MARK: Gossip

    private mutating func receiveHave(
        _ entries: [GossipRPC.Have], from peer: PeerID, _ now: UInt64
    ) -> [GossipEffect] {
        guard !entries.isEmpty, scores.score(peer, now: now) >= scoring.gossipThreshold,
            let known = peers[peer], known.haveRounds < parameters.haveRoundsMax,
            known.asked < parameters.wantIDsMax
        else { return [] }
        peers[peer]?.haveRounds += 1
        var missing: [[UInt8]] = []
        var noted: Set<[UInt8]> = []
        for entry in entries where mesh[entry.topic] != nil {
            for id in entry.ids where !seen.contains(id) && noted.insert(id).inserted {
                missing.append(id)
            }
        }
        let wanted = dice.pick(parameters.wantIDsMax - known.asked, of: missing)
        guard let promised = wanted.first else { return [] }
        peers[peer]?.asked += wanted.count
        counters.wantSent += UInt64(wanted.count)
        promise(promised, peer, now)
        var answer = GossipRPC()
        answer.want = wanted
        return [.send(answer, to: peer)]
    }

    // One id of each round, which nobody can tell beforehand, is watched.
    private mutating func promise(_ id: [UInt8], _ peer: PeerID, _ now: UInt64) {
        guard promises[id]?[peer] == nil else { return }
        promises[id, default: [:]][peer] = now + parameters.promiseMilliseconds
    }

    private mutating func receiveWant(
        _ ids: [[UInt8]], from peer: PeerID, _ now: UInt64
    ) -> [GossipEffect] {
        guard !ids.isEmpty, scores.score(peer, now: now) >= scoring.gossipThreshold else {
            return []
        }
        var effects: [GossipEffect] = []
        for id in ids.prefix(parameters.wantIDsMax) where peers[peer]?.dontWant[id] == nil {
            guard let (encoded, times) = cache.take(id, for: peer) else { continue }
            guard times <= parameters.retransmissionsMax else { continue }
            effects.append(.forward(message: encoded, to: [peer]))
        }
        return effects
    }

    private mutating func receiveDontWant(_ ids: [[UInt8]], from peer: PeerID) {
        guard var known = peers[peer] else { return }
        for id in ids {
            guard known.dontWant.count < parameters.dontWantIDsMax else { break }
            known.dontWant[id] = ticks
        }
        peers[peer] = known
    }

    // MARK: Meshes

    private mutating func receiveGraft(
        _ topics: [String], from peer: PeerID, _ now: UInt64
    ) -> [GossipEffect] {
        topics.compactMap { topic in
            // A topic that is not known here deserves no answer, or answers could be had for
            // nothing.
            guard let members = mesh[topic], !members.contains(peer) else { return nil }
            let usual = parameters.pruneBackoffMilliseconds
            guard !direct.contains(peer) else { return prune(peer, topic, usual, now) }
            if let until = backoffs[Backoff(topic: topic, peer: peer)], until > now {
                scores.misbehaved(peer)
                // Again within the first moments after the prune.
                let floodEnds = until + parameters.graftFloodMilliseconds
                if now + usual < floodEnds { scores.misbehaved(peer) }
                return prune(peer, topic, usual, now)
            }
            guard scores.score(peer, now: now) >= 0 else { return prune(peer, topic, usual, now) }
            let isOutbound = peers[peer]?.isOutbound ?? false
            guard members.count < parameters.degreeMax || isOutbound else {
                return prune(peer, topic, usual, now, mayExchange: true)
            }
            mesh[topic]?.insert(peer)
            scores.grafted(peer, topic, now: now)
            return nil
        }
    }

    private mutating func receivePrune(
        _ entries: [GossipRPC.Prune], from peer: PeerID, _ now: UInt64
    ) -> [GossipEffect] {
        var effects: [GossipEffect] = []
        for entry in entries where mesh[entry.topic] != nil {
            if mesh[entry.topic]?.remove(peer) != nil { scores.leave(peer, entry.topic) }
            let asked = entry.backoffSeconds.map { seconds in
                min(seconds, parameters.backoffMillisecondsMax / 1_000) * 1_000
            }
            let until = now + (asked ?? parameters.pruneBackoffMilliseconds)
            setBackoff(peer, entry.topic, until: until)
            guard parameters.exchangesPeers,
                scores.score(peer, now: now) >= scoring.acceptExchangeThreshold
            else { continue }
            effects += entry.exchange.compactMap { exchanged in
                guard let sealed = exchanged.record, let record = try? PeerRecord(sealed: sealed),
                    record.peer == exchanged.peer, peers[record.peer] == nil
                else { return nil }
                return .connect(record)
            }
        }
        return effects
    }
}

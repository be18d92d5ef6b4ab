// SPDX-License-Identifier: Apache-2.0

extension GossipRouter {
    /// How many heartbeats word of unwanted messages is kept.
    private static let dontWantTicks: UInt64 = 3
    /// How often back-offs that have ended are forgotten, in heartbeats.
    private static let backoffSweepTicks: UInt64 = 15

    /// Looks after meshes, gossips, and forgets; to be called every
    /// ``GossipParameters/heartbeatMilliseconds`` (LIBP-35).
    public mutating func heartbeat(now: UInt64) -> [GossipEffect] {
        ticks += 1
        breakPromises(now)
        scores.decay(now: now)
        seen.expire(now: now)
        resetCounts(now)
        var effects: [GossipEffect] = []
        for topic in mesh.keys.sorted() {
            effects += tend(topic, now)
            effects += gossip(topic, besides: mesh[topic] ?? [], now)
        }
        for topic in fanout.keys.sorted() { effects += tendFanout(topic, now) }
        cache.shift()
        return effects
    }

    private mutating func breakPromises(_ now: UInt64) {
        for id in promises.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            for (peer, until) in promises[id] ?? [:] where until <= now {
                promises[id]?[peer] = nil
                scores.misbehaved(peer)
                counters.brokenPromises += 1
            }
            if promises[id]?.isEmpty == true { promises[id] = nil }
        }
    }

    private mutating func resetCounts(_ now: UInt64) {
        for peer in peers.keys {
            peers[peer]?.haveRounds = 0
            peers[peer]?.asked = 0
            guard let unwanted = peers[peer]?.dontWant, !unwanted.isEmpty else { continue }
            peers[peer]?.dontWant = unwanted.filter { ticks - $0.value < Self.dontWantTicks }
        }
        guard ticks.isMultiple(of: Self.backoffSweepTicks) else { return }
        // Kept a little longer than they last, so that a graft on the last moment is no fault.
        backoffs = backoffs.filter { $0.value + 2 * parameters.heartbeatMilliseconds > now }
    }

    // MARK: The mesh of one topic

    private mutating func tend(_ topic: String, _ now: UInt64) -> [GossipEffect] {
        var effects: [GossipEffect] = []
        for peer in meshPeers(of: topic) where scores.score(peer, now: now) < 0 {
            effects.append(prune(peer, topic, parameters.pruneBackoffMilliseconds, now))
        }
        effects += relieve(topic, now)
        if meshPeers(of: topic).count < parameters.degreeMin {
            effects += fill(topic, to: parameters.degree, now)
        }
        effects += thin(topic, now)
        effects += fillOutbound(topic, now)
        effects += graftBetter(topic, now)
        return effects
    }

    // Who takes a place and brings nothing makes the way to everybody longer. Bringing something
    // first cannot be feigned.
    private mutating func relieve(_ topic: String, _ now: UInt64) -> [GossipEffect] {
        guard parameters.idleTicks > 0, ticks.isMultiple(of: parameters.idleTicks) else {
            return []
        }
        let members = meshPeers(of: topic)
        guard let seen = service[topic] else {
            service[topic] = MeshService(members)
            return []
        }
        guard seen.messages >= parameters.idleMessagesPerMember * members.count else { return [] }
        let idle = seen.idle.filter { mesh[topic]?.contains($0) == true }.sorted()
        // Only for somebody else, or out of too many.
        let spare = max(0, members.count - parameters.degree)
        let room = spare + candidates(topic, now: now) { _ in true }.count
        let gone = dice.pick(min(parameters.idlePeers, room), of: idle)
        var effects = gone.map { prune($0, topic, parameters.pruneBackoffMilliseconds, now) }
        if !gone.isEmpty { effects += fill(topic, to: parameters.degree, now) }
        service[topic] = MeshService(meshPeers(of: topic))
        return effects
    }

    private mutating func fill(
        _ topic: String, to count: Int, _ now: UInt64
    ) -> [GossipEffect] {
        let missing = count - (mesh[topic]?.count ?? 0)
        let candidates = candidates(topic, now: now) { _ in true }
        return dice.pick(missing, of: candidates).flatMap { graft($0, topic, now) }
    }

    // The best by score stay, the others by chance, and enough of those this node has dialled.
    private mutating func thin(_ topic: String, _ now: UInt64) -> [GossipEffect] {
        let members = meshPeers(of: topic)
        guard members.count > parameters.degreeMax else { return [] }
        let shuffled = dice.pick(members.count, of: members)
        let ranks = Dictionary(
            uniqueKeysWithValues: members.map { ($0, scores.score($0, now: now)) })
        let best = shuffled.sorted { ranks[$0, default: 0] > ranks[$1, default: 0] }
        let rest = best.dropFirst(parameters.degreeByScore)
        var kept = Array(best.prefix(parameters.degreeByScore))
        kept += dice.pick(parameters.degree - kept.count, of: Array(rest))
        kept = withOutbound(kept, among: best)
        return members.filter { !kept.contains($0) }.map {
            prune($0, topic, parameters.pruneBackoffMilliseconds, now, mayExchange: true)
        }
    }

    private func withOutbound(_ kept: [PeerID], among all: [PeerID]) -> [PeerID] {
        var kept = kept
        func isOutbound(_ peer: PeerID) -> Bool { peers[peer]?.isOutbound ?? false }
        var missing = parameters.degreeOutbound - kept.count(where: isOutbound)
        for peer in all where missing > 0 && isOutbound(peer) && !kept.contains(peer) {
            guard let index = kept.lastIndex(where: { !isOutbound($0) }) else { break }
            kept[index] = peer
            missing -= 1
        }
        return kept
    }

    private mutating func fillOutbound(_ topic: String, _ now: UInt64) -> [GossipEffect] {
        let members = mesh[topic] ?? []
        guard members.count >= parameters.degreeMin else { return [] }
        let missing =
            parameters.degreeOutbound - members.count { peers[$0]?.isOutbound ?? false }
        let candidates = candidates(topic, now: now) { peers[$0]?.isOutbound ?? false }
        return dice.pick(missing, of: candidates).flatMap { graft($0, topic, now) }
    }

    private mutating func graftBetter(_ topic: String, _ now: UInt64) -> [GossipEffect] {
        guard ticks.isMultiple(of: parameters.opportunisticTicks) else { return [] }
        let members = meshPeers(of: topic).map { scores.score($0, now: now) }.sorted()
        guard members.count > 1 else { return [] }
        let median = members[members.count / 2]
        guard median < scoring.opportunisticThreshold else { return [] }
        let better = candidates(topic, now: now) { scores.score($0, now: now) > median }
        return dice.pick(parameters.opportunisticPeers, of: better)
            .flatMap { graft($0, topic, now) }
    }

    // MARK: Gossip

    private mutating func tendFanout(_ topic: String, _ now: UInt64) -> [GossipEffect] {
        guard let entry = fanout[topic],
            entry.lastPublished + parameters.fanoutMilliseconds > now
        else {
            fanout[topic] = nil
            return []
        }
        fanout[topic]?.peers = entry.peers.filter {
            topicPeers[topic]?.contains($0) == true
                && scores.score($0, now: now) >= scoring.publishThreshold
        }
        return gossip(topic, besides: entry.peers, now)
    }

    private mutating func gossip(
        _ topic: String, besides members: Set<PeerID>, _ now: UInt64
    ) -> [GossipEffect] {
        let ids = cache.gossip(topic)
        guard !ids.isEmpty else { return [] }
        let others = subscribers(of: topic).filter { peer in
            !members.contains(peer) && !direct.contains(peer)
                && peers[peer].map { $0.version >= .v10 } == true
                && scores.score(peer, now: now) >= scoring.gossipThreshold
        }
        let share = Int(parameters.gossipFactor * Double(others.count))
        let chosen = dice.pick(max(parameters.degreeLazy, share), of: others)
        return chosen.map { peer in
            var rpc = GossipRPC()
            let told = dice.pick(GossipRPC.idsMax, of: ids)
            rpc.have = [.init(topic: topic, ids: told)]
            counters.haveSent += UInt64(told.count)
            return .send(rpc, to: peer)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension GossipRouter {
    /// Publishes a message.
    ///
    /// - Throws: ``PublishFailure``.
    public mutating func publish(
        _ data: [UInt8], to topic: String, now: UInt64
    ) throws(PublishFailure) -> [GossipEffect] {
        guard data.count <= parameters.dataBytesMax else {
            throw .tooLong(limit: parameters.dataBytesMax)
        }
        guard !topic.isEmpty, topic.utf8.count <= GossipMessage.topicBytesMax else {
            throw .badTopic
        }
        let message = stamped(data, topic)
        let id = parameters.identify(message)
        guard seen.insert(id, now: now) else { throw .duplicate }
        seen[id]?.verdict = .valid(at: now)
        counters.published += 1
        let encoded = message.encoded
        cache.put(id, topic: topic, encoded: encoded)
        let receivers = receiversOfOwn(topic, now)
        return receivers.isEmpty ? [] : [.forward(message: encoded, to: receivers)]
    }

    private mutating func stamped(_ data: [UInt8], _ topic: String) -> GossipMessage {
        switch parameters.signatures {
        case .strictNoSign: return GossipMessage(topic: topic, data: data)
        case .strictSign:
            defer { nextSequence &+= 1 }
            return GossipMessage(
                topic: topic, data: data, sequence: nextSequence, signedBy: signer)
        }
    }

    private mutating func receiversOfOwn(_ topic: String, _ now: UInt64) -> [PeerID] {
        let subscribers = subscribers(of: topic)
        let friendly = subscribers.filter {
            direct.contains($0) || scores.score($0, now: now) >= scoring.publishThreshold
        }
        if parameters.floodsOwnMessages { return friendly }
        var receivers = Set(friendly.filter { direct.contains($0) || peers[$0]?.version == .flood })
        if wanted.contains(topic) {
            receivers.formUnion(mesh[topic] ?? [])
        } else {
            receivers.formUnion(fanoutPeers(topic, now, among: friendly))
        }
        return receivers.sorted()
    }

    private mutating func fanoutPeers(
        _ topic: String, _ now: UInt64, among friendly: [PeerID]
    ) -> Set<PeerID> {
        var chosen = fanout[topic]?.peers.intersection(friendly) ?? []
        if chosen.count < parameters.degree {
            let others = friendly.filter { !chosen.contains($0) }
            chosen.formUnion(dice.pick(parameters.degree - chosen.count, of: others))
        }
        fanout[topic] = Fanout(peers: chosen, lastPublished: now)
        return chosen
    }

    // MARK: Messages of others

    /// Takes what a peer says.
    public mutating func receive(
        _ rpc: GossipRPC, from peer: PeerID, now: UInt64
    ) -> [GossipEffect] {
        guard peers[peer] != nil else { return [] }
        guard direct.contains(peer) || scores.score(peer, now: now) >= scoring.graylistThreshold
        else {
            counters.graylisted += 1
            return []
        }
        counters.malformed += UInt64(rpc.malformedMessages)
        if rpc.malformedMessages > 0 { scores.misbehaved(peer) }
        receive(rpc.subscriptions, from: peer)
        var effects = receive(rpc.messages, from: peer, now)
        effects += receiveControl(rpc, from: peer, now)
        return effects
    }

    private mutating func receive(
        _ subscriptions: [GossipRPC.Subscription], from peer: PeerID
    ) {
        for subscription in subscriptions where !subscription.topic.isEmpty {
            let topic = subscription.topic
            guard subscription.isWanted else {
                peers[peer]?.topics.remove(topic)
                leave(peer, topic)
                continue
            }
            guard let known = peers[peer], known.topics.count < parameters.topicsOfPeerMax,
                topicPeers[topic] != nil || topicPeers.count < parameters.topicsMax
            else { continue }
            peers[peer]?.topics.insert(topic)
            topicPeers[topic, default: []].insert(peer)
        }
    }

    private mutating func receive(
        _ messages: [GossipMessage], from peer: PeerID, _ now: UInt64
    ) -> [GossipEffect] {
        var fresh: [(id: [UInt8], message: GossipMessage)] = []
        var ids: Set<[UInt8]> = []
        for message in messages {
            guard wanted.contains(message.topic) else {
                counters.unwantedTopic += 1
                continue
            }
            // What comes back from where it went out is no news.
            guard message.author != own else { continue }
            let id = parameters.identify(message)
            guard !id.isEmpty, id.count <= GossipRPC.idBytesMax else {
                counters.malformed += 1
                scores.deliveredInvalid(peer, message.topic)
                continue
            }
            if seen.contains(id) || !ids.insert(id).inserted {
                noteDuplicate(id, message.topic, from: peer, now)
                continue
            }
            fresh.append((id, message))
        }
        let areWellSigned = verdictsOfSignatures(fresh.map(\.message))
        return zip(fresh, areWellSigned).flatMap { fresh, isWellSigned in
            receive(fresh.message, fresh.id, isWellSigned, from: peer, now)
        }
    }

    private func verdictsOfSignatures(_ messages: [GossipMessage]) -> [Bool] {
        switch parameters.signatures {
        case .strictSign: GossipMessage.areSigned(messages)
        case .strictNoSign:
            messages.map {
                $0.author == nil && $0.sequence == nil && $0.signature == nil && $0.key == nil
            }
        }
    }

    private mutating func receive(
        _ message: GossipMessage, _ id: [UInt8], _ isWellSigned: Bool, from peer: PeerID,
        _ now: UInt64
    ) -> [GossipEffect] {
        // A forged message is not noted as seen, or it would keep the true one out.
        guard isWellSigned, message.data.count <= parameters.dataBytesMax else {
            counters.rejected += 1
            scores.deliveredInvalid(peer, message.topic)
            return []
        }
        _ = seen.insert(id, now: now)
        promises[id] = nil
        var effects: [GossipEffect] = []
        if message.data.count >= parameters.dontWantBytesMin {
            effects += tellNotWanted(id, message, from: peer)
        }
        undecided[id] = Undecided(message: message, from: peer)
        guard judged.contains(message.topic) else {
            return effects + decide(id, .accept, now: now)
        }
        guard undecided.count <= parameters.undecidedMax else {
            counters.undecidedDropped += 1
            return effects + decide(id, .ignore, now: now)
        }
        effects.append(.judge(id: id, message, from: peer))
        return effects
    }

    /// Takes the verdict on a message that ``GossipEffect/judge(id:_:from:)`` asked for.
    public mutating func decide(
        _ id: [UInt8], _ verdict: GossipVerdict, now: UInt64
    ) -> [GossipEffect] {
        guard let waiting = undecided.removeValue(forKey: id) else { return [] }
        let message = waiting.message
        let bringers = seen[id]?.bringers ?? []
        seen[id]?.bringers = []
        switch verdict {
        case .accept:
            seen[id]?.verdict = .valid(at: now)
            scores.deliveredFirst(waiting.from, message.topic)
            for peer in bringers { scores.deliveredInMesh(peer, message.topic) }
            service[message.topic]?.note([waiting.from] + bringers)
            counters.delivered += 1
            return [.deliver(message)] + forward(message, id, besides: [waiting.from] + bringers)
        case .reject:
            seen[id]?.verdict = .invalid
            counters.rejected += 1
            for peer in [waiting.from] + bringers {
                scores.deliveredInvalid(peer, message.topic)
            }
            return []
        case .ignore:
            seen[id]?.verdict = .ignored
            return []
        }
    }

    private mutating func forward(
        _ message: GossipMessage, _ id: [UInt8], besides bringers: [PeerID]
    ) -> [GossipEffect] {
        let encoded = message.encoded
        cache.put(id, topic: message.topic, encoded: encoded)
        var receivers = mesh[message.topic] ?? []
        for peer in topicPeers[message.topic] ?? []
        where direct.contains(peer) || peers[peer]?.version == .flood {
            receivers.insert(peer)
        }
        let left = receivers.filter { peer in
            peer != message.author && !bringers.contains(peer)
                && peers[peer]?.dontWant[id] == nil
        }
        guard !left.isEmpty else { return [] }
        counters.forwarded += UInt64(left.count)
        return [.forward(message: encoded, to: left.sorted())]
    }

    private mutating func noteDuplicate(
        _ id: [UInt8], _ topic: String, from peer: PeerID, _ now: UInt64
    ) {
        counters.duplicates += 1
        guard var entry = seen[id] else { return }
        switch entry.verdict {
        case .undecided:
            guard entry.bringers.count < SeenMessages.bringersMax,
                !entry.bringers.contains(peer)
            else { return }
            entry.bringers.append(peer)
            seen[id] = entry
        case .valid(let at):
            let window = scoring.topic(topic).meshDeliveriesWindowMilliseconds
            if now - min(now, at) <= window { scores.deliveredInMesh(peer, topic) }
        case .invalid: scores.deliveredInvalid(peer, topic)
        case .ignored: break
        }
    }

    // Long messages are worth a word that they have come (gossipsub v1.2).
    private func tellNotWanted(
        _ id: [UInt8], _ message: GossipMessage, from peer: PeerID
    ) -> [GossipEffect] {
        var rpc = GossipRPC()
        rpc.dontWant = [id]
        return meshPeers(of: message.topic)
            .filter { $0 != peer && $0 != message.author && peers[$0]?.version == .v12 }
            .map { .send(rpc, to: $0) }
    }
}

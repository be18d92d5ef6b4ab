// SPDX-License-Identifier: Apache-2.0

/// What is thought of peers, by what they did.
///
/// Memory: one record a peer that is connected or in disgrace, at most ``peersMax``, with one entry
/// for each topic it has done something in.
///
/// Source: gossipsub v1.1 specification, "The Score Function"; LIBP-34.
struct PeerScores: Sendable {
    /// The most peers remembered.
    static let peersMax = 4_096
    /// The most topics counted for one peer.
    static let topicsMax = 256

    struct TopicRecord: Sendable {
        var graftedAt: UInt64?
        var firstDeliveries = 0.0
        var meshDeliveries = 0.0
        var meshFailure = 0.0
        var invalid = 0.0
        var isMeshActive = false
    }

    struct Record: Sendable {
        var topics: [String: TopicRecord] = [:]
        var behaviour = 0.0
        var application = 0.0
        var ip: [UInt8]?
        /// When to forget it, once disconnected.
        var forgetAt: UInt64?
    }

    private let parameters: GossipScoreParameters
    private var records: [PeerID: Record] = [:]
    private var peersAt: [[UInt8]: Int] = [:]
    private var nextDecay: UInt64 = 0

    init(_ parameters: GossipScoreParameters) { self.parameters = parameters }

    /// A peer's score now; 0 for a stranger.
    func score(_ peer: PeerID, now: UInt64) -> Double {
        guard let record = records[peer] else { return 0 }
        // A sum of floats depends on its order, so the order is fixed.
        var topics = 0.0
        for name in record.topics.keys.sorted() {
            if let topic = record.topics[name] {
                topics += score(topic, parameters.topic(name), now)
            }
        }
        var total = min(topics, parameters.topicsCap)
        total += parameters.applicationWeight * record.application
        if let ip = record.ip, let count = peersAt[ip], count > parameters.colocationThreshold {
            let surplus = Double(count - parameters.colocationThreshold)
            total += parameters.colocationWeight * surplus * surplus
        }
        let excess = record.behaviour - parameters.behaviourThreshold
        if excess > 0 { total += parameters.behaviourWeight * excess * excess }
        return total
    }

    private func score(
        _ record: TopicRecord, _ topic: GossipScoreParameters.Topic, _ now: UInt64
    ) -> Double {
        var score = topic.firstDeliveriesWeight * record.firstDeliveries
        if let graftedAt = record.graftedAt {
            let quanta =
                Double(now - min(now, graftedAt))
                / Double(max(1, topic.timeInMeshQuantumMilliseconds))
            score += topic.timeInMeshWeight * min(quanta, topic.timeInMeshCap)
        }
        let deficit = deficit(record, topic)
        score += topic.meshDeliveriesWeight * deficit * deficit
        score += topic.meshFailureWeight * record.meshFailure
        score += topic.invalidWeight * record.invalid * record.invalid
        return topic.weight * score
    }

    private func deficit(_ record: TopicRecord, _ topic: GossipScoreParameters.Topic) -> Double {
        guard record.isMeshActive, record.meshDeliveries < topic.meshDeliveriesThreshold else {
            return 0
        }
        return topic.meshDeliveriesThreshold - record.meshDeliveries
    }

    // MARK: Comings and goings

    mutating func connected(_ peer: PeerID, ip: [UInt8]?) {
        if records.count >= Self.peersMax, records[peer] == nil { forgetOne() }
        if let old = records[peer], old.forgetAt == nil { release(old.ip) }
        records[peer, default: Record()].forgetAt = nil
        records[peer]?.ip = ip
        if let ip { peersAt[ip, default: 0] += 1 }
    }

    /// Good words end with the connection; bad ones stay for a time, so that nobody gets rid of
    /// them by coming back.
    mutating func disconnected(_ peer: PeerID, now: UInt64) {
        guard let record = records[peer], record.forgetAt == nil else { return }
        let isBad = score(peer, now: now) <= 0
        release(record.ip)
        guard isBad else {
            records[peer] = nil
            return
        }
        for name in record.topics.keys {
            leave(peer, name)
            records[peer]?.topics[name]?.firstDeliveries = 0
        }
        records[peer]?.forgetAt = now + parameters.retainMilliseconds
    }

    private mutating func release(_ ip: [UInt8]?) {
        guard let ip, let count = peersAt[ip] else { return }
        peersAt[ip] = count > 1 ? count - 1 : nil
    }

    private mutating func forgetOne() {
        let gone = records.filter { $0.value.forgetAt != nil }
            .min { ($0.value.forgetAt ?? 0, $0.key) < ($1.value.forgetAt ?? 0, $1.key) }
        if let gone { records[gone.key] = nil }
    }

    // MARK: Deeds

    private mutating func change(
        _ peer: PeerID, _ topic: String, _ body: (inout TopicRecord) -> Void
    ) {
        guard var record = records[peer] else { return }
        guard record.topics[topic] != nil || record.topics.count < Self.topicsMax else { return }
        body(&record.topics[topic, default: TopicRecord()])
        records[peer] = record
    }

    mutating func grafted(_ peer: PeerID, _ topic: String, now: UInt64) {
        change(peer, topic) { record in
            record.graftedAt = now
            record.isMeshActive = false
        }
    }

    /// Notes that a peer is no longer in a mesh, and what it left missing.
    mutating func leave(_ peer: PeerID, _ topic: String) {
        let rules = parameters.topic(topic)
        guard let record = records[peer]?.topics[topic], record.graftedAt != nil else { return }
        let missing = deficit(record, rules)
        change(peer, topic) { record in
            record.meshFailure += missing * missing
            record.graftedAt = nil
            record.isMeshActive = false
        }
    }

    mutating func deliveredFirst(_ peer: PeerID, _ topic: String) {
        let rules = parameters.topic(topic)
        change(peer, topic) { record in
            record.firstDeliveries = min(record.firstDeliveries + 1, rules.firstDeliveriesCap)
        }
        deliveredInMesh(peer, topic)
    }

    /// Notes a delivery that counts for the mesh: the first, or one soon after it.
    mutating func deliveredInMesh(_ peer: PeerID, _ topic: String) {
        let rules = parameters.topic(topic)
        change(peer, topic) { record in
            guard record.graftedAt != nil else { return }
            record.meshDeliveries = min(record.meshDeliveries + 1, rules.meshDeliveriesCap)
        }
    }

    mutating func deliveredInvalid(_ peer: PeerID, _ topic: String) {
        change(peer, topic) { $0.invalid += 1 }
    }

    mutating func misbehaved(_ peer: PeerID, by amount: Double = 1) {
        records[peer]?.behaviour += amount
    }

    mutating func setApplicationScore(_ peer: PeerID, _ score: Double) {
        records[peer]?.application = score
    }

    /// Lets counters fade and forgets whose time has come.
    mutating func decay(now: UInt64) {
        guard now >= nextDecay else { return }
        nextDecay = now + parameters.decayMilliseconds
        for (peer, record) in records {
            if let forgetAt = record.forgetAt, forgetAt <= now {
                records[peer] = nil
                continue
            }
            records[peer] = decayed(record, now)
        }
    }

    private func decayed(_ record: Record, _ now: UInt64) -> Record {
        var record = record
        record.behaviour = fade(record.behaviour, parameters.behaviourDecay)
        for (name, old) in record.topics {
            let rules = parameters.topic(name)
            var topic = old
            topic.firstDeliveries = fade(topic.firstDeliveries, rules.firstDeliveriesDecay)
            topic.meshDeliveries = fade(topic.meshDeliveries, rules.meshDeliveriesDecay)
            topic.meshFailure = fade(topic.meshFailure, rules.meshFailureDecay)
            topic.invalid = fade(topic.invalid, rules.invalidDecay)
            if let graftedAt = topic.graftedAt {
                topic.isMeshActive =
                    now - min(now, graftedAt) > rules.meshDeliveriesActivationMilliseconds
            }
            record.topics[name] = topic
        }
        return record
    }

    private func fade(_ value: Double, _ factor: Double) -> Double {
        let faded = value * factor
        return faded < parameters.decayToZero ? 0 : faded
    }
}

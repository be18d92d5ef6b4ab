// SPDX-License-Identifier: Apache-2.0
public import Cryptography

/// Which protocol a peer speaks with a router.
public enum GossipVersion: Int, Comparable, Sendable {
    /// Everything to everybody.
    case flood = 0
    /// Meshes.
    case v10 = 10
    /// Scores, back-off and exchange of peers.
    case v11 = 11
    /// Word of messages that are not wanted twice.
    case v12 = 12

    /// The protocols in order of preference.
    public static let names = [
        "/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0", "/floodsub/1.0.0",
    ]

    /// The version of a protocol's name.
    public init?(name: String) {
        switch name {
        case "/meshsub/1.2.0": self = .v12
        case "/meshsub/1.1.0": self = .v11
        case "/meshsub/1.0.0": self = .v10
        case "/floodsub/1.0.0": self = .flood
        default: return nil
        }
    }

    /// Compares by age.
    public static func < (left: GossipVersion, right: GossipVersion) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What a router wants done, in this order.
public enum GossipEffect: Sendable {
    /// Send this to a peer.
    case send(GossipRPC, to: PeerID)
    /// Send one encoded message to several peers.
    case forward(message: [UInt8], to: [PeerID])
    /// Give this to the subscribers.
    case deliver(GossipMessage)
    /// Decide on this and tell ``GossipRouter/decide(_:_:now:)``.
    case judge(id: [UInt8], GossipMessage, from: PeerID)
    /// Connect to a peer that was exchanged.
    case connect(PeerRecord)
}

/// What a validator thinks of a message.
public enum GossipVerdict: Sendable {
    /// It is delivered and forwarded.
    case accept
    /// It is neither, and who brought it is thought less of.
    case reject
    /// It is neither.
    case ignore
}

/// Why a message is not published.
public enum PublishFailure: Error, Hashable, Sendable {
    /// More data than ``GossipParameters/dataBytesMax``.
    case tooLong(limit: Int)
    /// The topic's name is empty or longer than ``GossipMessage/topicBytesMax``.
    case badTopic
    /// The same message was published or seen already.
    case duplicate
}

/// What a router has counted since it began.
public struct GossipCounters: Hashable, Sendable {
    /// Own messages.
    public var published: UInt64 = 0
    /// Messages given to subscribers.
    public var delivered: UInt64 = 0
    /// Messages that came again.
    public var duplicates: UInt64 = 0
    /// Messages passed on, once for each peer.
    public var forwarded: UInt64 = 0
    /// Messages forged, too long or judged invalid.
    public var rejected: UInt64 = 0
    /// Messages that could not be read.
    public var malformed: UInt64 = 0
    /// Messages of topics not subscribed to.
    public var unwantedTopic: UInt64 = 0
    /// RPCs of peers that are heard no more.
    public var graylisted: UInt64 = 0
    /// Messages for whose verdict there was no room.
    public var undecidedDropped: UInt64 = 0
    /// Peers this side has grafted.
    public var grafts: UInt64 = 0
    /// Peers this side has pruned or kept out.
    public var prunes: UInt64 = 0
    /// Ids gossiped.
    public var haveSent: UInt64 = 0
    /// Ids asked for.
    public var wantSent: UInt64 = 0
    /// Gossiped messages that never came.
    public var brokenPromises: UInt64 = 0
}

/// A gossipsub v1.2 router, as a value: what peers say and what time it is go in, effects come out.
///
/// All choices are drawn from the seed, and the order of peers is that of their names, so the same
/// inputs give the same effects. Times are milliseconds of one clock.
///
/// Source: gossipsub v1.0, v1.1 and v1.2 specifications; LIBP-30 to LIBP-36.
public struct GossipRouter: Sendable {
    struct Peer: Sendable {
        let version: GossipVersion
        let isOutbound: Bool
        var topics: Set<String> = []
        var haveRounds = 0
        var asked = 0
        var dontWant: [[UInt8]: UInt64] = [:]
    }

    struct Fanout: Sendable {
        var peers: Set<PeerID>
        var lastPublished: UInt64
    }

    struct Backoff: Hashable, Sendable {
        let topic: String
        let peer: PeerID
    }

    struct Undecided: Sendable {
        let message: GossipMessage
        let from: PeerID
    }

    let own: PeerID
    let parameters: GossipParameters
    let scoring: GossipScoreParameters
    let signer: SigningKey
    var dice: SeededDice
    var peers: [PeerID: Peer] = [:]
    var wanted: Set<String> = []
    /// Topics whose messages wait for a verdict from outside.
    var judged: Set<String> = []
    /// Peers of an agreement: beside the meshes, never scored away.
    var direct: Set<PeerID> = []
    var mesh: [String: Set<PeerID>] = [:]
    var service: [String: MeshService] = [:]
    var fanout: [String: Fanout] = [:]
    var topicPeers: [String: Set<PeerID>] = [:]
    var backoffs: [Backoff: UInt64] = [:]
    var promises: [[UInt8]: [PeerID: UInt64]] = [:]
    var undecided: [[UInt8]: Undecided] = [:]
    var scores: PeerScores
    var seen: SeenMessages
    var cache: MessageCache
    var nextSequence: UInt64
    var ticks: UInt64 = 0

    /// What has been counted.
    public internal(set) var counters = GossipCounters()

    /// Prepares a router.
    ///
    /// - Parameters:
    ///   - firstSequence: The number of the first own message; larger in each life than in the one
    ///     before, as nanoseconds of a calendar are.
    ///   - seed: What all choices are drawn from; unknown to others.
    public init(
        signer: SigningKey, parameters: GossipParameters = GossipParameters(),
        scoring: GossipScoreParameters = GossipScoreParameters(), firstSequence: UInt64,
        seed: UInt64
    ) {
        self.signer = signer
        self.parameters = parameters
        self.scoring = scoring
        own = PeerID(of: signer.publicKey)
        dice = SeededDice(seed)
        scores = PeerScores(scoring)
        seen = SeenMessages(
            countMax: parameters.seenMax, milliseconds: parameters.seenMilliseconds)
        cache = MessageCache(parameters)
        nextSequence = firstSequence
    }

    // MARK: Peers

    /// A peer can be spoken with.
    public mutating func connected(
        _ peer: PeerID, version: GossipVersion, isOutbound: Bool, ip: [UInt8]?
    ) -> [GossipEffect] {
        guard peers[peer] == nil else { return [] }
        peers[peer] = Peer(version: version, isOutbound: isOutbound)
        scores.connected(peer, ip: ip)
        guard !wanted.isEmpty else { return [] }
        var hello = GossipRPC()
        hello.subscriptions = wanted.sorted().map { .init(isWanted: true, topic: $0) }
        return [.send(hello, to: peer)]
    }

    /// A peer can no longer be spoken with.
    public mutating func disconnected(_ peer: PeerID, now: UInt64) {
        guard let gone = peers.removeValue(forKey: peer) else { return }
        for topic in gone.topics { leave(peer, topic) }
        for topic in mesh.keys where mesh[topic]?.remove(peer) != nil {
            scores.leave(peer, topic)
        }
        scores.disconnected(peer, now: now)
    }

    /// Makes a peer one of an agreement, or no longer.
    public mutating func agree(with peer: PeerID, _ isDirect: Bool = true) {
        if isDirect { direct.insert(peer) } else { direct.remove(peer) }
    }

    /// What is thought of a peer.
    public func score(of peer: PeerID, now: UInt64) -> Double { scores.score(peer, now: now) }

    /// Sets what the application thinks of a peer.
    public mutating func setApplicationScore(of peer: PeerID, _ score: Double) {
        scores.setApplicationScore(peer, score)
    }

    /// The peers that a topic's messages are forwarded to, in the order of their names.
    public func meshPeers(of topic: String) -> [PeerID] { (mesh[topic] ?? []).sorted() }

    /// The connected peers that want a topic, in the order of their names.
    public func subscribers(of topic: String) -> [PeerID] { (topicPeers[topic] ?? []).sorted() }

    /// The topics this node wants, in order.
    public var topics: [String] { wanted.sorted() }

    mutating func leave(_ peer: PeerID, _ topic: String) {
        topicPeers[topic]?.remove(peer)
        if topicPeers[topic]?.isEmpty == true { topicPeers[topic] = nil }
        if mesh[topic]?.remove(peer) != nil { scores.leave(peer, topic) }
        fanout[topic]?.peers.remove(peer)
    }

    // MARK: Topics

    /// Wants a topic from now on.
    ///
    /// - Parameter isJudged: Whether each message waits for ``decide(_:_:now:)``.
    public mutating func subscribe(
        to topic: String, isJudged: Bool = false, now: UInt64
    ) -> [GossipEffect] {
        if isJudged { judged.insert(topic) } else { judged.remove(topic) }
        guard wanted.insert(topic).inserted else { return [] }
        var effects = announce(topic, isWanted: true)
        let before = fanout.removeValue(forKey: topic)?.peers ?? []
        var chosen = before.filter { isGraftable($0, topic, now) }.sorted()
        if chosen.count < parameters.degree {
            let more = candidates(topic, now: now) { !chosen.contains($0) }
            chosen += dice.pick(parameters.degree - chosen.count, of: more)
        }
        mesh[topic] = []
        effects += chosen.prefix(parameters.degree).flatMap { graft($0, topic, now) }
        return effects
    }

    /// Wants a topic no longer.
    public mutating func unsubscribe(from topic: String, now: UInt64) -> [GossipEffect] {
        guard wanted.remove(topic) != nil else { return [] }
        judged.remove(topic)
        var effects = announce(topic, isWanted: false)
        for peer in meshPeers(of: topic) {
            effects.append(
                prune(peer, topic, parameters.unsubscribeBackoffMilliseconds, now))
        }
        mesh[topic] = nil
        service[topic] = nil
        return effects
    }

    private func announce(_ topic: String, isWanted: Bool) -> [GossipEffect] {
        var rpc = GossipRPC()
        rpc.subscriptions = [.init(isWanted: isWanted, topic: topic)]
        return peers.keys.sorted().map { .send(rpc, to: $0) }
    }

    // MARK: Choosing

    /// Those that want a topic and may join its mesh.
    func candidates(
        _ topic: String, now: UInt64, where isWanted: (PeerID) -> Bool
    ) -> [PeerID] {
        subscribers(of: topic).filter { isGraftable($0, topic, now) && isWanted($0) }
    }

    private func isGraftable(_ peer: PeerID, _ topic: String, _ now: UInt64) -> Bool {
        guard let known = peers[peer], known.version >= .v10, !direct.contains(peer),
            mesh[topic]?.contains(peer) != true
        else { return false }
        if let until = backoffs[Backoff(topic: topic, peer: peer)], until > now { return false }
        return scores.score(peer, now: now) >= 0
    }

    mutating func graft(_ peer: PeerID, _ topic: String, _ now: UInt64) -> [GossipEffect] {
        mesh[topic, default: []].insert(peer)
        scores.grafted(peer, topic, now: now)
        counters.grafts += 1
        var rpc = GossipRPC()
        rpc.graft = [topic]
        return [.send(rpc, to: peer)]
    }

    /// Takes a peer out of a mesh, or keeps it out, and tells it for how long.
    mutating func prune(
        _ peer: PeerID, _ topic: String, _ backoff: UInt64, _ now: UInt64, mayExchange: Bool = false
    ) -> GossipEffect {
        if mesh[topic]?.remove(peer) != nil { scores.leave(peer, topic) }
        setBackoff(peer, topic, until: now + backoff)
        counters.prunes += 1
        var entry = GossipRPC.Prune(topic: topic)
        if let version = peers[peer]?.version, version >= .v11 {
            entry.backoffSeconds = (backoff + 999) / 1_000
            if mayExchange, parameters.exchangesPeers {
                entry.exchange = exchange(topic, besides: peer, now)
            }
        }
        var rpc = GossipRPC()
        rpc.prune = [entry]
        return .send(rpc, to: peer)
    }

    /// Keeps a peer out of a mesh until a time, or until a later one that was set before.
    mutating func setBackoff(_ peer: PeerID, _ topic: String, until: UInt64) {
        let key = Backoff(topic: topic, peer: peer)
        backoffs[key] = max(backoffs[key] ?? 0, until)
        guard backoffs.count > parameters.backoffsMax else { return }
        let first = backoffs.min { ($0.value, $0.key.peer) < ($1.value, $1.key.peer) }
        if let first { backoffs[first.key] = nil }
    }

    private mutating func exchange(
        _ topic: String, besides peer: PeerID, _ now: UInt64
    ) -> [GossipRPC.Exchanged] {
        let others = subscribers(of: topic).filter {
            $0 != peer && scores.score($0, now: now) >= 0
        }
        return dice.pick(GossipRPC.exchangeMax / 2, of: others).map { .init(peer: $0, record: nil) }
    }
}

/// Numbers from a seed (SplitMix64), and choices by them.
struct SeededDice: Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// The next number below a bound, without bias worth naming.
    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        word ^= word >> 31
        return Int(UInt64(bound).multipliedFullWidth(by: word).high)
    }

    /// Up to `count` of the elements, each set of them as likely as any other.
    mutating func pick<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        guard count > 0 else { return [] }
        var rest = elements
        let wanted = min(count, rest.count)
        for index in 0..<wanted { rest.swapAt(index, index + below(rest.count - index)) }
        return Array(rest.prefix(wanted))
    }
}

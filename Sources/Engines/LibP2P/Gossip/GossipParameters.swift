// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// How a router keeps its meshes and gossips; times are milliseconds.
///
/// Source: gossipsub v1.0 and v1.1 specifications, "Parameters"; LIBP-32.
public struct GossipParameters: Sendable {
    /// How messages say who published them.
    public enum SignaturePolicy: Sendable {
        /// Each is stamped and signed, and refused when it is not.
        case strictSign
        /// None is, and refused when it is; then ids must come from the content.
        case strictNoSign
    }

    /// How many peers a mesh should have: D.
    public var degree = 6
    /// Below this a mesh takes more: D_lo.
    public var degreeMin = 5
    /// Above this a mesh lets some go: D_hi.
    public var degreeMax = 12
    /// How many stay by score when some are let go: D_score.
    public var degreeByScore = 4
    /// How many of a mesh must be peers this node has dialled: D_out.
    public var degreeOutbound = 2
    /// The fewest peers gossiped to: D_lazy.
    public var degreeLazy = 6
    /// Which part of the other peers is gossiped to.
    public var gossipFactor = 0.25
    /// How often meshes are looked after.
    public var heartbeatMilliseconds: UInt64 = 1_000
    /// How long the peers of a topic that is only published to are kept.
    public var fanoutMilliseconds: UInt64 = 60_000
    /// For how many heartbeats messages are kept.
    public var historyLength = 5
    /// Of how many heartbeats messages are gossiped.
    public var historyGossip = 3
    /// How long a pruned peer is not grafted again.
    public var pruneBackoffMilliseconds: UInt64 = 60_000
    /// The same after leaving a topic.
    public var unsubscribeBackoffMilliseconds: UInt64 = 10_000
    /// How long after a prune a graft counts as a flood.
    public var graftFloodMilliseconds: UInt64 = 10_000
    /// How long a promised message may take.
    public var promiseMilliseconds: UInt64 = 3_000
    /// How long an id is known to have been seen.
    public var seenMilliseconds: UInt64 = 120_000
    /// After how many heartbeats a mesh of low scores takes better ones.
    public var opportunisticTicks: UInt64 = 60
    /// How many of them.
    public var opportunisticPeers = 2
    /// How often a mesh lets members go that have brought nothing first, in heartbeats; 0: never.
    public var idleTicks: UInt64 = 5
    /// How many messages must have come for each member before one of them counts as idle: of a
    /// mesh of eight, one that brings its share is taken for idle once in 60 times.
    public var idleMessagesPerMember = 4
    /// How many idle members a mesh lets go at a time.
    public var idlePeers = 2
    /// Whether own messages go to all peers of the topic and not only to the mesh.
    public var floodsOwnMessages = true
    /// Whether prunes tell of other peers and such word is followed. Off: who decides whom a
    /// node meets next has gone half the way of eclipsing it.
    public var exchangesPeers = false
    /// How messages say who published them.
    public var signatures = SignaturePolicy.strictSign
    /// A message's id; author and sequence number unless set otherwise.
    public var identify: @Sendable (GossipMessage) -> [UInt8] = { $0.stamp }
    /// From which length on a message is told not to be wanted twice (v1.2).
    public var dontWantBytesMin = 1_024

    // Limits, each with what it bounds.

    /// The most bytes of data in one message.
    public var dataBytesMax = 262_144
    /// The most ids known to have been seen: about 200 bytes each, 26 MiB.
    public var seenMax = 131_072
    /// The most bytes of messages kept for gossip.
    public var historyBytesMax = 33_554_432
    /// The most messages kept for gossip.
    public var historyMessagesMax = 32_768
    /// The most topics one peer may want.
    public var topicsOfPeerMax = 1_024
    /// The most topics anybody wants: about 64 bytes each and peer.
    public var topicsMax = 16_384
    /// The most rounds of gossip taken from one peer between heartbeats.
    public var haveRoundsMax = 10
    /// The most messages asked of one peer between heartbeats.
    public var wantIDsMax = 5_000
    /// How often one message is given to one peer that asks for it.
    public var retransmissionsMax = 3
    /// The most ids one peer may not want at a time.
    public var dontWantIDsMax = 1_000
    /// The most messages that wait for a verdict.
    public var undecidedMax = 4_096
    /// The most back-offs kept, 100 bytes each; beyond it the one that ends first goes.
    public var backoffsMax = 65_536
    /// The longest back-off believed, in milliseconds.
    public var backoffMillisecondsMax: UInt64 = 3_600_000

    /// The usual parameters.
    public init() {}

    /// Parameters for messages that say nothing of their author and are named by the SHA-256 of
    /// topic and data: for content that proves itself.
    public static var contentNamed: GossipParameters {
        var parameters = GossipParameters()
        parameters.signatures = .strictNoSign
        parameters.identify = { message in
            SHA256.hash(LengthPrefixedReader.frame(Array(message.topic.utf8)) + message.data)
                .raw.bytes
        }
        return parameters
    }
}

/// How peers are scored: what counts, how much, and for how long.
///
/// Source: gossipsub v1.1 specification, "Peer Scoring"; LIBP-34.
public struct GossipScoreParameters: Sendable {
    /// What counts in one topic.
    public struct Topic: Sendable {
        /// The topic's part in the whole.
        public var weight = 0.5
        /// P1: for each quantum in the mesh, up to a cap.
        public var timeInMeshWeight = 0.01
        /// The quantum.
        public var timeInMeshQuantumMilliseconds: UInt64 = 1_000
        /// The most quanta that count.
        public var timeInMeshCap = 100.0
        /// P2: for each message brought first, up to a cap.
        public var firstDeliveriesWeight = 1.0
        /// What is left of P2 after one decay.
        public var firstDeliveriesDecay = 0.9
        /// The most messages that count.
        public var firstDeliveriesCap = 100.0
        /// P3: for the square of what is missing to a threshold; off unless set, since it needs
        /// the topic's rate.
        public var meshDeliveriesWeight = 0.0
        /// What is left of P3 after one decay.
        public var meshDeliveriesDecay = 0.9
        /// How many deliveries are expected.
        public var meshDeliveriesThreshold = 1.0
        /// The most deliveries that count.
        public var meshDeliveriesCap = 100.0
        /// How long a peer is in the mesh before P3 counts.
        public var meshDeliveriesActivationMilliseconds: UInt64 = 10_000
        /// How long after the first a delivery counts as well.
        public var meshDeliveriesWindowMilliseconds: UInt64 = 10
        /// P3b: for what was missing when a peer was pruned.
        public var meshFailureWeight = 0.0
        /// What is left of P3b after one decay.
        public var meshFailureDecay = 0.9
        /// P4: for the square of the messages that are invalid.
        public var invalidWeight = -10.0
        /// What is left of P4 after one decay.
        public var invalidDecay = 0.95

        /// The usual parameters.
        public init() {}
    }

    /// What counts in topics without parameters of their own.
    public var usualTopic = Topic()
    /// What counts in others.
    public var topics: [String: Topic] = [:]
    /// The most that all topics together bring.
    public var topicsCap = 100.0
    /// P5: what the application thinks of a peer.
    public var applicationWeight = 1.0
    /// P6: for the square of the peers beyond a threshold at one IP address.
    public var colocationWeight = -5.0
    /// How many peers of one address are not thought less of.
    public var colocationThreshold = 4
    /// P7: for the square of the misbehaviour beyond a threshold.
    public var behaviourWeight = -5.0
    /// How many faults are forgiven.
    public var behaviourThreshold = 0.0
    /// What is left of P7 after one decay.
    public var behaviourDecay = 0.95
    /// How often counters decay.
    public var decayMilliseconds: UInt64 = 1_000
    /// Below this a counter is zero.
    public var decayToZero = 0.01
    /// How long a bad score outlives its connection.
    public var retainMilliseconds: UInt64 = 600_000

    /// Below this no gossip is exchanged.
    public var gossipThreshold = -40.0
    /// Below this own messages are not sent.
    public var publishThreshold = -60.0
    /// Below this nothing is heard.
    public var graylistThreshold = -80.0
    /// From this on word of other peers is followed.
    public var acceptExchangeThreshold = 50.0
    /// A mesh whose median is below this takes better peers.
    public var opportunisticThreshold = 1.0

    /// The usual parameters.
    public init() {}

    func topic(_ name: String) -> Topic { topics[name] ?? usualTopic }
}

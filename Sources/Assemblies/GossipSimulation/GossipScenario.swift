// SPDX-License-Identifier: Apache-2.0
public import LibP2P

/// A network of gossip routers, what befalls it, and what it must hold: all follows from this and a
/// seed.
public struct GossipScenario: Sendable {
    /// How far nodes are from each other.
    public enum Distance: String, Sendable, CaseIterable {
        /// 20 ms between any two.
        case near
        /// Regions of the world, with the delays between them, jitter, and now and then a packet
        /// that TCP sends again.
        case wide
    }

    /// What a node is up to.
    public enum Role: String, Sendable, CaseIterable {
        /// Keeps the rules.
        case honest
        /// Takes part in meshes and passes nothing on.
        case silent
        /// Publishes what nobody wants: junk, forgeries, thousands of topics.
        case spammer
        /// Sends again what has been sent before.
        case replayer
        /// Lies about meshes and gossip: grafts, prunes, messages that are not there.
        case forger
        /// One of many names of one owner at few addresses, well-behaved until all fall silent.
        case sybil
        /// One of those that surround a few victims and pass nothing on to them.
        case eclipser

        /// All but the honest.
        static let hostile = allCases.filter { $0 != .honest }
    }

    /// How many nodes there are: 10 to ``nodesMax``.
    public var nodes = 1_000
    /// How many of a hundred do not keep the rules.
    public var hostilePercent = 20
    /// How far they are from each other.
    public var distance = Distance.near
    /// For how long messages are published, in seconds of their time.
    public var seconds: UInt64 = 30
    /// How many messages a second honest nodes publish.
    public var messagesPerSecond: UInt64 = 10
    /// How long a message is: at least 16.
    public var messageBytes = 256
    /// How many of a thousand honest nodes leave in a second; most come back.
    public var leavingPerMille: UInt64 = 5
    /// How the routers are set.
    public var parameters = GossipParameters()
    /// How the routers score.
    public var scoring = GossipScoreParameters()

    /// The most nodes: each costs about 2 MiB.
    public static let nodesMax = 5_000

    /// The usual scenario.
    public init() {}

    /// How long the network forms before the first message, in milliseconds.
    static let formingMilliseconds: UInt64 = 5_000
    /// How long a message may take before it counts as lost, in milliseconds.
    static let patienceMilliseconds: UInt64 = 10_000
    /// How long a node must have been there when a message is published, in milliseconds, to be
    /// owed it: two heartbeats.
    static let settledMilliseconds: UInt64 = 2_000

    /// The end of the world, in milliseconds.
    var endMilliseconds: UInt64 {
        Self.formingMilliseconds + seconds * 1_000 + Self.patienceMilliseconds
    }

    /// When sybils fall silent: after a third of the messages.
    var turnMilliseconds: UInt64 { Self.formingMilliseconds + seconds * 1_000 / 3 }
}

// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// How a node's network stands.
public struct NetworkStatus: Sendable {
    /// The node's own name.
    public var peer = ""
    /// Where it can be reached, as it tells others.
    public var addresses: [String] = []
    /// Where enough others say they see it.
    public var observedAddresses: [String] = []
    /// Whether others can dial it: `open`, `closed`, or `unknown` while too few have tried.
    public var reachability = "unknown"
    /// How many places it holds for peers that cannot be dialled.
    public var placesHeld = 0
    /// How many circuits between others go through it.
    public var circuits = 0
    /// Every connection, in the order of the peers' names.
    public var connections: [NetworkConnection] = []
    /// What went over streams, in the order of the protocols' names.
    public var protocols: [NetworkProtocol] = []
    /// Whom this node keeps out, in the order of the names.
    public var bans: [NetworkBan] = []
    /// How many peers are known.
    public var knownPeers = 0
    /// How often connections and attempts ended for each reason, in the order of the names.
    public var ends: [(reason: String, count: UInt64)] = []
    /// What else is counted, by metric name, in name order.
    public var counters: [(name: String, value: UInt64)] = []

    /// Nothing yet.
    public init() {}
}

/// One connection.
public struct NetworkConnection: Hashable, Sendable {
    /// Who is at the other end.
    public var peer: String
    /// Where, as an address.
    public var address: String
    /// Whether the other side dialled.
    public var isInbound: Bool
    /// Streams open in both directions.
    public var streams: Int
    /// The time of the last answered ping.
    public var roundTripMicroseconds: UInt64?

    /// Describes a connection.
    public init(
        peer: String, address: String, isInbound: Bool, streams: Int,
        roundTripMicroseconds: UInt64?
    ) {
        self.peer = peer
        self.address = address
        self.isInbound = isInbound
        self.streams = streams
        self.roundTripMicroseconds = roundTripMicroseconds
    }
}

/// What went over streams of one protocol since the node started.
public struct NetworkProtocol: Hashable, Sendable {
    /// Such as `/atoll/mesh/1`.
    public var name: String
    /// Streams that others opened.
    public var inboundStreams: UInt64 = 0
    /// Streams that this node opened.
    public var outboundStreams: UInt64 = 0
    /// Streams this node asked for and did not get.
    public var refusedStreams: UInt64 = 0
    /// Bytes read.
    public var bytesIn: UInt64 = 0
    /// Bytes written.
    public var bytesOut: UInt64 = 0

    /// Nothing has passed.
    public init(name: String) { self.name = name }
}

/// Whom a node keeps out.
public struct NetworkBan: Hashable, Sendable {
    /// The longest reason, in bytes of UTF-8.
    public static let reasonBytesMax = 256

    /// A peer's name, or an IP address.
    public var banned: String
    /// In words for people.
    public var reason: String
    /// How long it still lasts, in milliseconds.
    public var millisecondsLeft: UInt64

    /// Describes a ban.
    public init(banned: String, reason: String, millisecondsLeft: UInt64) {
        self.banned = banned
        self.reason = reason
        self.millisecondsLeft = millisecondsLeft
    }
}

/// What is known of one peer.
public struct NetworkPeer: Hashable, Sendable {
    /// Its name.
    public var peer: String
    /// Its Ed25519 key, when that is the kind it has.
    public var publicKey: PublicKey?
    /// Where it can be reached, the latest heard first.
    public var addresses: [String] = []
    /// What it answers to.
    public var protocols: [String] = []
    /// Which program it says it is.
    public var agent = ""
    /// Whether it is connected.
    public var isConnected = false
    /// What it does in this cloud, such as `provider+gateway`; nothing when it has not said so.
    public var roles: String?
    /// Whether this node keeps the connection whatever its limits: validators of this epoch and
    /// the next.
    public var isProtected = false
    /// Whether the owner added it, so that this node dials it whenever it is not connected.
    public var isAdded = false
    /// The ban that keeps it out.
    public var ban: NetworkBan?
    /// The time of the last answered ping.
    public var roundTripMicroseconds: UInt64?
    /// Why the last connection or attempt ended.
    public var lastReason: String?

    /// Knows nothing but the name.
    public init(peer: String) { self.peer = peer }
}

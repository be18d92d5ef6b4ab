// SPDX-License-Identifier: Apache-2.0
public import Effects
public import Vocabulary

/// What has passed through one connection, or through all of a mesh.
public struct TrafficCounters: Hashable, Sendable {
    /// Bytes read from streams of the mesh, headers included.
    public var bytesIn: UInt64 = 0
    /// Bytes written to streams.
    public var bytesOut: UInt64 = 0
    /// Whole messages, requests and answers received.
    public var messagesIn: UInt64 = 0
    /// Whole messages, requests and answers handed to the stream.
    public var messagesOut: UInt64 = 0
    /// Messages not queued because their class was full, by class.
    public var drops = DropCounters()

    /// All zero.
    public init() {}

    /// Adds another's counts.
    mutating func add(_ other: TrafficCounters) {
        bytesIn += other.bytesIn
        bytesOut += other.bytesOut
        messagesIn += other.messagesIn
        messagesOut += other.messagesOut
        for priority in SendPriority.allCases { drops[priority] += other.drops[priority] }
    }
}

/// One count a class.
public struct DropCounters: Hashable, Sendable {
    private var counts: [UInt64] = [0, 0, 0]

    /// All zero.
    public init() {}

    /// The count of one class.
    public subscript(priority: SendPriority) -> UInt64 {
        get { counts[Int(priority.rawValue)] }
        set { counts[Int(priority.rawValue)] = newValue }
    }
}

/// How one peer stands, for status pages and metrics.
public struct PeerStatus: Equatable, Sendable {
    /// Where the connection is in its life.
    public enum State: String, Hashable, Sendable {
        /// Configured, not connected; the next dial waits for its back-off.
        case waiting
        /// A dial or its handshake is under way.
        case dialing
        /// Messages pass.
        case connected
    }

    /// Its identity.
    public var publicKey: PublicKey
    /// Where it is dialled, when it is in the list.
    public var address: Endpoint?
    /// Where the connection is in its life.
    public var state: State
    /// What is known of a connected peer.
    public var info: PeerInfo?
    /// The last answered ping's round trip, in microseconds.
    public var roundTripMicroseconds: UInt64?
    /// Bytes waiting to be sent.
    public var queuedBytes = 0
    /// What passed since the peer was first known, over all its connections.
    public var traffic = TrafficCounters()
    /// How often it connected.
    public var connections: UInt64 = 0
    /// Why the last connection or attempt ended.
    public var lastReason: DisconnectReason?
}

/// How the whole mesh stands.
public struct MeshStatus: Equatable, Sendable {
    /// All configured peers and guests, in key order.
    public var peers: [PeerStatus] = []
    /// What passed over all connections, ended ones included.
    public var traffic = TrafficCounters()
    /// Connections that are being set up, and streams whose introductions are under way.
    public var pendingHandshakes = 0
    /// Connections refused because there were too many.
    public var handshakesShed: UInt64 = 0
    /// How often connections and attempts ended, by ``DisconnectReason/name``; only those above 0.
    public var ends: [EndCount] = []
}

/// How often one reason ended a connection or an attempt.
public struct EndCount: Hashable, Sendable {
    /// The reason's name.
    public var name: String
    /// How often.
    public var count: UInt64
}

// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Effects

/// What a swarm is set up with.
public struct SwarmConfiguration: Sendable {
    /// The node's key.
    public var identity: SigningKey
    /// Where to listen; port 0 lets the system choose.
    public var listen: [Endpoint]
    /// What this program calls itself.
    public var agent = "atoll/1"
    /// Which family of protocols it belongs to.
    public var protocolVersion = "ipfs/0.1.0"
    /// How many connections of each sort there may be.
    public var limits = ConnectionLedger.Limits()
    /// The most streams that one peer may have open: its 256 KiB windows make 32 MiB.
    public var inboundStreamsMax = 128
    /// How long setting a connection up may take.
    public var handshakeMillisecondsMax: UInt64 = 10_000
    /// How long dialling may take before that.
    public var dialMillisecondsMax: UInt64 = 5_000
    /// How long one question and its answer may take.
    public var requestMillisecondsMax: UInt64 = 10_000
    /// How often a quiet connection is asked for a sign of life.
    public var pingMilliseconds: UInt64 = 15_000
    /// How long a connection may be silent.
    public var silenceMillisecondsMax: UInt64 = 45_000
    /// Whether dials begin at the port that is listened on, so that what a NAT lets through for
    /// them leads here too. Hole punching needs it. Off: two nodes that dial each other at the same
    /// moment then make one connection of which both believe to be the dialler, and lose it.
    public var dialsFromListeningPort = false
    /// Whether dials begin at the port that is listened on where the machine has private addresses
    /// alone.
    public var dialsFromPrivatePort = false
    /// Addresses told to others besides those listened on.
    public var announced: [Multiaddr] = []

    /// The usual set-up.
    public init(identity: SigningKey, listen: [Endpoint]) {
        self.identity = identity
        self.listen = listen
    }
}

/// What a swarm tells its services.
public enum SwarmEvent: Sendable {
    /// The first connection with a peer is ready.
    case connected(PeerID, isInbound: Bool)
    /// A peer has said what it is.
    case identified(PeerID, PeerDescription)
    /// This node is reached elsewhere than before.
    case placed
    /// The last connection with a peer has ended.
    case disconnected(PeerID, ConnectionFailure)
}

/// What went over streams of one protocol.
public struct ProtocolTraffic: Hashable, Sendable {
    /// Streams opened by others.
    public var inboundStreams: UInt64 = 0
    /// Streams opened by this node.
    public var outboundStreams: UInt64 = 0
    /// Streams this node asked for and did not get.
    public var refusedStreams: UInt64 = 0
    /// Bytes read.
    public var bytesIn: UInt64 = 0
    /// Bytes written.
    public var bytesOut: UInt64 = 0
}

/// One connection, for people.
public struct ConnectionStatus: Hashable, Sendable {
    /// Who is at the other end.
    public let peer: PeerID
    /// Where.
    public let address: Multiaddr
    /// Whether the other side dialled.
    public let isInbound: Bool
    /// Streams open in both directions.
    public let streams: Int
    /// The time of the last answered ping.
    public let roundTripMicroseconds: UInt64?
}

/// Why a stream cannot be opened or used.
public enum StreamFailure: Error, Hashable, Sendable {
    /// No connection with the peer.
    case notConnected
    /// The other side has none of the protocols.
    case refused(NegotiationFailure)
    /// The other side, or this one, has ended it at once.
    case reset
    /// It ended before what was announced.
    case ended
    /// The answer took too long.
    case timedOut
    /// The other side does not keep to the protocol.
    case wire(WireFailure)
}

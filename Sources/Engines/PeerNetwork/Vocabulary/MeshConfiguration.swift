// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
public import LibP2P

/// The limits and times of a mesh; the defaults suit machines that trust the network little.
///
/// Memory a mesh may use for peers (TRANSPORT-18): each listed peer 32 MiB of queues, 24 MiB of
/// half-received messages and 6 MiB of undelivered ones; each guest 32 + 1.5 + 4.25 MiB at the
/// very most, and only if this node itself queues that much for it.
public struct MeshConfiguration: Sendable {
    /// Whether peers outside the list may connect.
    public var allowGuests = true
    /// Whether a machine with private addresses alone dials from the port it listens on, so that a
    /// NAT lets others in there (TRANSPORT-29).
    public var dialsFromPrivatePort = false
    /// Guests at one time.
    public var guestsMax = 64
    /// Connections at one time, of each sort (LIBP-20); many nodes may share one address behind a
    /// router, and their owner may have several.
    public var connections = Self.usualConnections
    /// The first wait after a failed dial, in milliseconds; it doubles with each failure.
    public var backoffMillisecondsMin: UInt64 = 50
    /// The longest wait between dials, in milliseconds.
    public var backoffMillisecondsMax: UInt64 = 5_000
    /// A connection that another of the same two keys replaces before it is so old, in
    /// milliseconds, counts as a failed dial.
    public var rivalMilliseconds: UInt64 = 30_000
    /// How long the side with the larger key lets the other dial first, in milliseconds.
    public var courtesyMilliseconds: UInt64 = 200
    /// How long a dial may take, in milliseconds.
    public var dialTimeoutMilliseconds: UInt64 = 3_000
    /// How long a handshake may take, in milliseconds.
    public var handshakeTimeoutMilliseconds: UInt64 = 5_000
    /// How often a ping is sent, in milliseconds.
    public var pingMilliseconds: UInt64 = 2_000
    /// A peer not heard for so long is gone, in milliseconds.
    public var silenceMillisecondsMax: UInt64 = 6_000
    /// How old a connection must be for any newer one to replace it, in milliseconds: younger than
    /// that, the two were dialled at once and the one from the smaller key stays.
    public var simultaneousMilliseconds: UInt64 = 2_000
    /// The longest message to or from a listed peer, in bytes: 8 MiB.
    public var messageBytesMax = 8 * 1_024 * 1_024
    /// The longest message from a guest, in bytes: a 256 KiB range or a large transaction, twice.
    public var guestMessageBytesMax = 512 * 1_024
    /// How many bytes may wait for one peer, by class.
    public var queues = QueueLimits()
    /// Received bytes that may wait for the message handler, by peer: 4 MiB.
    public var inboxBytesMax = 4 * 1_024 * 1_024
    /// Requests this node may have under way to one peer.
    public var requestsOutboundMax = 64
    /// Requests of one peer this node answers at one time; further ones are refused as busy.
    public var requestsInboundMax = 64

    /// The defaults.
    public init() {}

    private static var usualConnections: ConnectionLedger.Limits {
        var limits = ConnectionLedger.Limits()
        limits.perAddressMax = 64
        limits.perSubnetMax = 128
        return limits
    }

    /// What the connections below are set up with.
    func swarm(identity: SigningKey, listen: [Endpoint]) -> SwarmConfiguration {
        var swarm = SwarmConfiguration(identity: identity, listen: listen)
        swarm.limits = connections
        swarm.handshakeMillisecondsMax = handshakeTimeoutMilliseconds
        swarm.dialsFromPrivatePort = dialsFromPrivatePort
        swarm.dialMillisecondsMax = dialTimeoutMilliseconds
        return swarm
    }
}

/// How many bytes may wait for one peer, by class; each message counts its bytes and 64 more.
public struct QueueLimits: Sendable {
    /// Consensus: two of the longest messages.
    public var consensusBytesMax = 16 * 1_024 * 1_024
    /// Transactions.
    public var transactionsBytesMax = 8 * 1_024 * 1_024
    /// Bulk.
    public var bulkBytesMax = 8 * 1_024 * 1_024

    /// The defaults: 32 MiB in all.
    public init() {}

    /// The limit of one class.
    public subscript(priority: SendPriority) -> Int {
        switch priority {
        case .consensus: consensusBytesMax
        case .transactions: transactionsBytesMax
        case .bulk: bulkBytesMax
        }
    }
}

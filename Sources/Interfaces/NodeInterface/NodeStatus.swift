// SPDX-License-Identifier: Apache-2.0
public import Effects
public import Vocabulary

/// How a node stands, for status pages, readiness and metrics.
public struct NodeStatus: Sendable {
    /// One validator of the set, as seen from here.
    public struct Validator: Sendable {
        /// Its name in the genesis, or the beginning of its key.
        public let name: String
        /// Its key.
        public let publicKey: PublicKey
        /// Its stake.
        public let stake: UInt64
        /// Whether it is connected, or is this node.
        public let isConnected: Bool

        /// Describes a validator.
        public init(name: String, publicKey: PublicKey, stake: UInt64, isConnected: Bool) {
            self.name = name
            self.publicKey = publicKey
            self.stake = stake
            self.isConnected = isConnected
        }
    }

    /// One peer.
    public struct Peer: Sendable {
        /// Its key.
        public let publicKey: PublicKey
        /// What it says it does.
        public let roles: String
        /// Where it is dialled or came from.
        public let endpoint: Endpoint?
        /// `connected`, `dialing` or `waiting`.
        public let state: String
        /// The last ping's round trip.
        public let roundTripMicroseconds: UInt64?
        /// Why the last connection ended.
        public let lastReason: String?

        /// Describes a peer.
        public init(
            publicKey: PublicKey, roles: String, endpoint: Endpoint?, state: String,
            roundTripMicroseconds: UInt64?, lastReason: String?
        ) {
            self.publicKey = publicKey
            self.roles = roles
            self.endpoint = endpoint
            self.state = state
            self.roundTripMicroseconds = roundTripMicroseconds
            self.lastReason = lastReason
        }
    }

    /// What this node can prove against one validator (CONSENSUS-20).
    public struct Offence: Sendable, Hashable {
        /// Whose.
        public let publicKey: PublicKey
        /// Slots in which it signed votes that contradict each other.
        public var votes: UInt64 = 0
        /// Slots in which it proposed two blocks.
        public var proposals: UInt64 = 0
        /// Heights of its lane with two batches.
        public var batches: UInt64 = 0

        /// Nothing yet.
        public init(publicKey: PublicKey) { self.publicKey = publicKey }
    }

    /// A connected peer whose executed state is another than this node's: one of the two is wrong.
    public struct Divergence: Sendable, Hashable, CustomStringConvertible {
        /// Whose state it is.
        public var publicKey: PublicKey
        /// The first height at which the two were found to differ.
        public var height: BlockHeight
        /// This node's root.
        public var ours: Digest
        /// The peer's root, by its word.
        public var theirs: Digest

        /// Gathers the fields.
        public init(publicKey: PublicKey, height: BlockHeight, ours: Digest, theirs: Digest) {
            self.publicKey = publicKey
            self.height = height
            self.ours = ours
            self.theirs = theirs
        }

        /// One sentence for people.
        public var description: String {
            "another state at \(publicKey): root \(theirs) after height \(height), "
                + "here \(ours)"
        }
    }

    /// This node's key.
    public var publicKey: PublicKey
    /// What it does, such as `gateway`.
    public var roles: String
    /// The executed state's place.
    public var head: StateHead
    /// The slot of the last final block.
    public var slot: Slot
    /// Milliseconds since a final block arrived here.
    public var lastBlockAgeMilliseconds: UInt64
    /// The set, in its order.
    public var validators: [Validator]
    /// The stake a certificate needs.
    public var quorum: UInt64
    /// All peers, in key order.
    public var peers: [Peer]
    /// Transactions that wait here.
    public var pendingTransactions: Int
    /// Bytes of blobs held here.
    public var blobBytes: UInt64
    /// Counters by metric name, in name order.
    public var counters: [(name: String, value: UInt64)]
    /// What is wrong, in words; empty when nothing is.
    public var troubles: [String]
    /// Provable offences learnt since the start, one entry a validator, in key order.
    public var offences: [Offence] = []
    /// Connected peers whose executed state is another than this node's, in key order.
    public var divergences: [Divergence] = []

    /// Describes a node.
    public init(
        publicKey: PublicKey, roles: String, head: StateHead, slot: Slot,
        lastBlockAgeMilliseconds: UInt64, validators: [Validator], quorum: UInt64, peers: [Peer],
        pendingTransactions: Int, blobBytes: UInt64, counters: [(name: String, value: UInt64)],
        troubles: [String]
    ) {
        self.publicKey = publicKey
        self.roles = roles
        self.head = head
        self.slot = slot
        self.lastBlockAgeMilliseconds = lastBlockAgeMilliseconds
        self.validators = validators
        self.quorum = quorum
        self.peers = peers
        self.pendingTransactions = pendingTransactions
        self.blobBytes = blobBytes
        self.counters = counters
        self.troubles = troubles
    }

    /// The stake of the validators connected to this node, itself included.
    public var stakeConnected: UInt64 {
        validators.filter(\.isConnected).reduce(0) { $0 + $1.stake }
    }

    /// Whether the connected validators could certify a block.
    public var hasQuorum: Bool { stakeConnected >= quorum }
}

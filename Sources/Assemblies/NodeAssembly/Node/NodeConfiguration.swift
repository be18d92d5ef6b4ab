// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Cryptography
public import Effects
public import Ledger
import LibP2P
public import PeerNetwork
public import Vocabulary

/// What one node is and where it keeps things.
public struct NodeConfiguration: Sendable {
    /// The chain's beginning.
    public var genesis: Genesis
    /// The node's identity; a validator of the genesis votes with it.
    public var identity: SigningKey
    /// A second key of the same validator: in an epoch whose set names it and not the first, the
    /// node votes with it, so that a key can be changed without a pause.
    public var nextIdentity: SigningKey?
    /// What the node does besides following the chain; `validator` is added by the key.
    public var roles: PeerRoles
    /// Where it listens for peers; nil dials only.
    public var listen: Endpoint?
    /// The peers it keeps connections to from the beginning.
    public var peers: [PeerAddress]
    /// Whether it looks for the other nodes of its cloud; else it knows its list alone.
    public var findsPeers: Bool
    /// The folder of its data, below the disk's root.
    public var folder: String
    /// The most bytes the state store may ever hold.
    public var storeBytesMax: Int
    /// The most bytes of blobs.
    public var blobBytesMax: UInt64
    /// Whether old blobs make room for new ones: right for a provider's cache, wrong for the
    /// gateway that clients trusted them to.
    public var evictsBlobs: Bool
    /// How long consensus waits.
    public var timing: ConsensusTiming
    /// How many pieces of a block may be executed at once, 1 to 64; nil means one for each
    /// processor, and no sharing out of blocks that are not worth it (NODE-22).
    public var executionWorkers: Int?
    /// Whether every module's whole state is checked after each block: for simulations.
    public var checksWholeState: Bool
    /// How a validator of a simulation breaks the rules; nil keeps them.
    public var conduct: (any ValidatorConduct)?
    /// How the node joins, makes snapshots and forgets blocks.
    public var sync: SyncPolicy
    /// The newest version of the rules that this program follows (UPGRADES-1).
    public var rulesNewest: UInt32
    /// Called once when rules hold that this program does not know: it executes and signs nothing
    /// from then on (UPGRADES-4).
    public var whenOutdated: @Sendable (OutdatedRules) -> Void
    /// Where the node says what happens.
    public var log: NodeLog

    /// Describes a node with the usual limits: 16 GiB of state, 8 GiB of blobs.
    public init(
        genesis: Genesis, identity: SigningKey, roles: PeerRoles, listen: Endpoint?,
        peers: [PeerAddress], folder: String = "data", log: NodeLog
    ) {
        self.genesis = genesis
        self.identity = identity
        nextIdentity = nil
        self.roles = roles
        self.listen = listen
        self.peers = peers
        findsPeers = false
        self.folder = folder
        storeBytesMax = 16 << 30
        blobBytesMax = 8 << 30
        evictsBlobs = roles.contains(.provider)
        timing = ConsensusTiming()
        executionWorkers = nil
        checksWholeState = false
        sync = SyncPolicy()
        rulesNewest = House.rulesNewest
        whenOutdated = { _ in }
        self.log = log
    }
}

extension NodeConfiguration {
    /// What finds peers, where it is wanted; what it knows outlives the data.
    ///
    /// - Parameter table: The node's hash table, or nothing for one of its own.
    func discovery(
        _ mesh: PeerMesh, _ effects: Effects, table: KademliaService? = nil
    ) -> CloudDiscovery? {
        guard findsPeers else { return nil }
        return CloudDiscovery(
            mesh, effects: effects, chain: genesis.chain, table: table, path: "\(folder).peers")
    }

    /// The keys the node may vote with, the present one first.
    var keys: [SigningKey] { [identity] + (nextIdentity.map { [$0] } ?? []) }

    /// The key to vote with among these validators; when none is theirs, the first only observes.
    func voter(in validators: ValidatorSet) -> SigningKey {
        keys.first { validators.index(of: $0.publicKey) != nil } ?? identity
    }

    /// Whether one of the node's keys is a validator's.
    func votes(in validators: ValidatorSet) -> Bool {
        keys.contains { validators.index(of: $0.publicKey) != nil }
    }
}

/// Where a node says what happens, one line an event.
public struct NodeLog: Sendable {
    /// How much a line matters.
    public enum Level: String, Sendable {
        /// Something to look at.
        case error
        /// Something unusual that the node coped with.
        case warning
        /// A step of its life.
        case info
    }

    private let write: @Sendable (Level, String) -> Void

    /// Writes lines through a closure, which must not block.
    public init(_ write: @escaping @Sendable (Level, String) -> Void) { self.write = write }

    /// Drops every line.
    public static let silent = NodeLog { _, _ in }

    /// Says something.
    public func callAsFunction(_ level: Level, _ text: String) { write(level, text) }
}

/// Why a node cannot start.
public enum NodeFailure: Error, Sendable {
    /// Rules hold that this program does not know.
    case outdated(OutdatedRules)
    /// The disk failed, or another process uses the folder.
    case disk(DiskFailure)
    /// The executed state cannot be opened or replayed.
    case ledger(LedgerFailure)
    /// The port cannot be listened on.
    case network(NetworkFailure)
    /// What is stored does not fit together.
    case damaged(String)
    /// The log of final blocks cannot be used; what is whole of it can be kept by repairing it.
    case blockLog(String)
    /// The folder holds the blocks of another chain.
    case otherChain(ChainID)
    /// The state cannot be had from peers; the next start goes on where this one stopped.
    case sync(SyncFailure)
    /// Blocks that are needed to build the state anew are pruned, and no own snapshot can be used.
    case pruned(String)
    /// In which slots this validator has spoken is not known, so it may sign nothing.
    case forgotten(String)
}

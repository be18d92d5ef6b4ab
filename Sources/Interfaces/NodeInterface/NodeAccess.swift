// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Ledger
public import Vocabulary

/// What a running node offers to the rooms beside it: the gateway, the provider's agent, a test.
public protocol NodeAccess: Sendable {
    /// The genesis the node follows.
    var genesis: Genesis { get }
    /// The chain it follows.
    var chain: ChainID { get }
    /// Blobs held here and at peers.
    var blobs: any BlobAccess { get }

    /// Checks a transaction, keeps it, and hands it to the validators until it is final or expired.
    ///
    /// - Throws: The ``Refusal`` the ledger would give now, `poolFull` or `nonceTaken`.
    func submit(_ transaction: SignedTransaction) async throws(Refusal)

    /// The nonce after everything of an account that is executed or waits here.
    func pendingNonce(of account: AccountID) async -> UInt64

    /// Reads the executed state; `body` must be quick, for the node waits for it.
    func read<Result: Sendable>(
        _ body: @Sendable (any StateReader, StateHead) -> Result
    ) async -> Result

    /// What became of a transaction, while its outcome is kept.
    func outcome(of transaction: Digest) async -> TransactionOutcome?

    /// What became of a transaction and what happened in it, while both are kept; a node that has
    /// forgotten the events tells none.
    func receipt(of transaction: Digest) async -> TransactionReceipt?

    /// Past events that concern an account, a job, or whatever else has thirty-two bytes for a
    /// name, oldest first (LEDGER-18); those after a cursor, at most `limit` and
    /// ``LedgerMachine/eventsPageMax``.
    func events(
        about subject: Bytes32, after cursor: EventCursor?, limit: Int
    ) async -> EventPage

    /// Blocks above a height as they were executed here; waits for the next when there is none,
    /// and returns an empty page when `milliseconds` pass or the task is cancelled.
    func blocks(after height: BlockHeight, waiting milliseconds: UInt64) async -> FeedPage

    /// Final blocks from the log, oldest first; at most `count` and 8 MiB.
    func finalBlocks(from height: BlockHeight, count: Int) async -> [FinalizedBlock]

    /// A value of the executed state with a proof that a certified header vouches for.
    ///
    /// - Throws: ``CertificationFailure`` when no header certifies the state in time.
    func certify(
        _ module: ModuleID, _ key: [UInt8], milliseconds: UInt64
    ) async throws(CertificationFailure) -> CertifiedValue

    /// Why the validators of each epoch after `first` are those they are: what the state of the
    /// cut of `first` holds under the next set's key, under a header of that epoch, then those of
    /// the epochs after it; at most `count`, and none for an epoch that has not ended.
    func handovers(from first: Epoch, count: Int) async -> [CertifiedValue]

    /// What the state would differ in if a proposal were carried out over it now, in order of
    /// module and key; nothing when there is no such proposal (GOVERNANCE-10).
    func changes(of proposal: UInt64) async -> Result<[StateChange], Refusal>?

    /// How the node stands.
    func status() async -> NodeStatus

    /// The node's network, when it shows one.
    var network: (any NetworkAccess)? { get }

    /// Services and negotiations on that network, when the node takes part in them.
    var services: (any ServiceAccess)? { get }

    /// The way to providers of leases, when the node takes part in its network.
    var leases: (any LeaseAccess)? { get }

    /// Its debug log.
    var trace: (any TraceAccess)? { get }
}

extension NodeAccess {
    /// Nothing: of a node without a law to try it by.
    public func changes(of proposal: UInt64) async -> Result<[StateChange], Refusal>? { nil }

    /// None: of a node that keeps no handovers.
    public func handovers(from first: Epoch, count: Int) async -> [CertifiedValue] { [] }

    /// None: of a node that stands for one in a test.
    public var network: (any NetworkAccess)? { nil }

    /// None: of a node that stands for one in a test.
    public var services: (any ServiceAccess)? { nil }

    /// None: of a node that stands for one in a test.
    public var leases: (any LeaseAccess)? { nil }

    /// None: of a node that stands for one in a test.
    public var trace: (any TraceAccess)? { nil }
}

/// The executed state's place.
public struct StateHead: Hashable, Sendable {
    /// The height of the last executed block.
    public let height: BlockHeight
    /// Its time; the genesis time at height 0.
    public let time: Timestamp
    /// The root of the state after it.
    public let root: Digest

    /// Joins the parts.
    public init(height: BlockHeight, time: Timestamp, root: Digest) {
        self.height = height
        self.time = time
        self.root = root
    }
}

/// A final block and what its execution did.
public struct AppliedBlock: Hashable, Sendable {
    /// The block and why it is final.
    public let finalized: FinalizedBlock
    /// What became of its transactions, in order.
    public let outcomes: [TransactionOutcome]
    /// What happened, in order.
    public let events: [Event]
    /// The root of the state after it.
    public let stateRoot: Digest

    /// Joins the parts.
    public init(
        finalized: FinalizedBlock, outcomes: [TransactionOutcome], events: [Event],
        stateRoot: Digest
    ) {
        self.finalized = finalized
        self.outcomes = outcomes
        self.events = events
        self.stateRoot = stateRoot
    }

    /// The block's height.
    public var height: BlockHeight { finalized.block.header.height }
}

/// An answer of the feed of blocks.
public enum FeedPage: Sendable {
    /// Consecutive blocks; none when the wait ended first.
    case blocks([AppliedBlock])
    /// Events so old are no longer held: read the state, then go on after this height.
    case gap(resumeAfter: BlockHeight)
}

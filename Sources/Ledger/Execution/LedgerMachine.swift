// SPDX-License-Identifier: Apache-2.0
public import Consensus
import Effects
import StateTree
public import Vocabulary

/// Executes final blocks in order and keeps the state: one machine, one owner, no concurrency.
///
/// The machine is a function of the genesis file and the blocks (LEDGER-2): the same ones give the
/// same roots everywhere. Its store may lag behind by some blocks after a crash; the caller then
/// executes the blocks after ``height`` again from its log (LEDGER-14).
public final class LedgerMachine {
    /// What the machine is made of.
    let genesis: Genesis
    let modules: [any LedgerModule]
    let fees: any FeeBook
    let options: Options
    let layers: LayeredStore
    var tree: SparseMerkleTree
    var history = StateHistory()
    let outcomeIndex = OutcomeIndex()
    var eventIndex = EventIndex([])
    var position: StorePosition
    var blocksSinceCommit: UInt64 = 0
    /// The figures as the last block left them, once somebody asked.
    var knownParameters: LedgerParameters?

    /// How a machine works; nothing here changes what blocks give.
    public struct Options: Sendable {
        /// Whether every module's whole state is checked after each block: for tests and
        /// simulations, since the cost grows with the state.
        public var checksWholeState: Bool
        /// After how many blocks a commit is due.
        public var commitBlocks: UInt64
        /// After how many bytes of changes a commit is due, in a small state.
        public var commitBytes: Int
        /// How many bytes more for each key of the state.
        public var commitBytesPerKey: Int
        /// The most bytes of memory for short values, such as balances, that are kept for
        /// reading: 64 bytes each, rounded down to a power of two.
        public var cacheBytesMax: Int
        /// For how many blocks events are kept and found; 0 keeps none.
        public var eventBlocks: UInt64

        /// The most bytes of changes that wait because the state is large: 512 MiB, of which an
        /// event, its postings and a balance take about 360 bytes for a transfer.
        public static let commitBytesMax = 512 << 20

        /// The standard: no whole checks; a commit is due after 1,024 blocks or 64 MiB and 32 bytes
        /// for each key of the state, at most ``commitBytesMax``, of which
        /// as much again waits for the disk; 256 MiB of short values stay for reading, which are
        /// made as they are used; events are kept for 100,000 blocks.
        public init(
            checksWholeState: Bool = false, commitBlocks: UInt64 = 1_024,
            commitBytes: Int = 64 << 20, commitBytesPerKey: Int = 32,
            cacheBytesMax: Int = 256 << 20,
            eventBlocks: UInt64 = 100_000
        ) {
            self.checksWholeState = checksWholeState
            self.commitBlocks = commitBlocks
            self.commitBytes = commitBytes
            self.commitBytesPerKey = commitBytesPerKey
            self.cacheBytesMax = cacheBytesMax
            self.eventBlocks = eventBlocks
        }
    }

    init(
        genesis: Genesis, modules: [any LedgerModule], fees: any FeeBook, options: Options,
        layers: LayeredStore, tree: SparseMerkleTree, position: StorePosition
    ) {
        self.genesis = genesis
        self.modules = modules
        self.fees = fees
        self.options = options
        self.layers = layers
        self.tree = tree
        self.position = position
    }

    /// The chain.
    public var chain: ChainID { genesis.chain }
    /// Where checkpoints lie and epochs end; the genesis's, for ever.
    public var epochs: EpochLengths { genesis.parameters.epochs }
    /// The height of the last executed block; 0 is the genesis state.
    public var height: BlockHeight { position.height }
    /// The time of the last executed block.
    public var time: Timestamp { position.time }
    /// The root of the executed state.
    public var stateRoot: Digest { position.root }
    /// How many keys the state has.
    public var keyCount: Int { tree.count }
    /// The ledger's figures. Cost: decoded once a block.
    public var parameters: LedgerParameters {
        if let knownParameters { return knownParameters }
        guard let bytes = value(.ledger, LedgerKeys.parameters),
            let parameters = try? LedgerParameters(canonicalBytes: bytes)
        else { return genesis.parameters }
        knownParameters = parameters
        return parameters
    }
}

extension LedgerMachine: StateReader {
    /// The executed value under a module's key.
    public func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        layers.value(StoreLayout.state(module, key))
    }

    /// Executed pairs in key order.
    public func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        layers.scan(
            prefix: StoreLayout.state(module, prefix),
            after: after.map { StoreLayout.state(module, $0) }, limit: limit
        ).map { (Array($0.key.dropFirst(2)), $0.value) }
    }
}

extension LedgerMachine {
    /// Answers a question about the executed state.
    ///
    /// Reads of a ``StateReader`` cannot fail; here a disk that did is told apart from a key that
    /// has no value.
    ///
    /// - Throws: ``LedgerFailure/disk(_:)`` when something could not be read.
    public func query<Answer>(
        _ question: (_ state: any StateReader) -> Answer
    ) throws(LedgerFailure) -> Answer {
        _ = layers.takeFailure()
        let answer = question(self)
        if let failure = layers.takeFailure() { throw .disk(failure) }
        return answer
    }
}

/// The ledger's own state keys, under ``ModuleID/ledger``.
enum LedgerKeys {
    /// The figures, as ``LedgerParameters``.
    static let parameters: [UInt8] = [0]
    /// Where the lanes stand, as ``LanePosition``.
    static let lanes: [UInt8] = [1]
}

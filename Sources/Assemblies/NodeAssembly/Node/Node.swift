// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
public import Ledger
public import NodeInterface
import PeerNetwork
public import Vocabulary

/// A full node: it follows final blocks, executes them, keeps the state, and votes when its key is
/// a validator's (specs/node.md).
///
/// One loop owns the consensus machine: inputs are taken in order, in batches, and their effects
/// carried out in order, records first. It never sends what it has not made durable.
public actor Node: NodeAccess {
    /// The genesis the node follows.
    public nonisolated let genesis: Genesis
    /// The chain it follows.
    public nonisolated var chain: ChainID { genesis.chain }
    /// Blobs held here and at peers.
    public nonisolated let blobs: any BlobAccess

    let configuration: NodeConfiguration
    let effects: Effects
    let storage: NodeStorage
    let ledger: LedgerMachine
    let fees: any FeeBook
    let blobStore: BlobStore
    nonisolated let sync: SyncService
    /// How epochs ended and who decides in the present one.
    let book: EpochBook
    /// Who decides now.
    var validators: ValidatorSet
    var isValidator: Bool
    var validatorKeys: [PublicKey]
    nonisolated let links: MeshLinks
    nonisolated let nodeServices: NodeServices
    nonisolated let nodeNetwork: NodeNetwork

    var machine: ConsensusMachine
    var lanes: LaneMachine
    var mempool = Mempool()
    var feed = BlockFeed()
    /// The last final block whose execution is done.
    var lastFinal: FinalizedBlock?
    var lastFinalAt: Instant
    /// Up to this slot the node signs nothing (RECOVERY-9).
    let silentThrough: Slot
    /// The newest height whose block changed the state.
    var lastChanged = BlockHeight(0)
    /// The commit of the state that is under way.
    var commit: (any SpawnedTask)?
    /// How many commits have failed since the last that did not.
    var commitsFailed = 0

    /// Inputs that wait for the loop, and about how many bytes peers sent to make them.
    var inbox: [ConsensusInput] = []
    var inboxBytes = 0
    /// Inputs of the lanes that wait for the loop.
    var laneInbox: [LaneInput] = []
    /// Consensus needs no records of slots up to this one, once their blocks are in the log.
    var prunableSlot = Slot(0)
    /// The last block of this epoch, while it is final and not executed.
    var epochEnd: FinalizedBlock?
    /// Final blocks whose batches are being gathered, heights rising.
    var awaitingBatches: [FinalizedBlock] = []
    /// What batches of the own lane hold until they are executed.
    var ownBatches = OwnBatches()
    /// A payload for the own lane waits in line.
    var isBatchOnItsWay = false
    /// That payload and its transactions.
    var ownMaking: OwnMaking?
    /// Transactions of batches, checked before their order is known.
    var batchChecks = BatchChecks()
    let inboxSignal = LoopSignal()
    let roomSignal = LoopSignal()
    let bell = BlockBell()

    /// What the leader's host was asked and has not answered.
    var request: PayloadRequest?
    /// One running wait for each kind of consensus timer.
    var waits: [TimerKind: any SpawnedTask] = [:]
    /// Peers that final blocks are being read for.
    var serving: Set<PublicKey> = []
    var counters = NodeCounters()
    var offenceBook = OffenceBook()
    /// Connected peers whose state is another than this node's.
    var divergences: [PublicKey: NodeStatus.Divergence] = [:]
    /// The most inputs, and bytes of messages, that ever waited for the loop.
    var inboxPeak = 0
    var inboxBytesPeak = 0
    /// When a peer was last asked which blocks it keeps.
    var askedPrunedAt: Instant?
    /// When the log last said that this node catches up.
    var saidCatchingUpAt: Instant?
    var troubles: [String: String] = [:]
    /// How often own transactions were repeated.
    var repeatRound: UInt64 = 1
    /// Set by ``stop()``: nobody waits any longer.
    var isStopping = false
    /// Set when a broken invariant forbids going on: nothing more is executed or signed.
    var isHalted = false
    var running: [any SpawnedTask] = []

    /// Whether the node goes on.
    var isWorking: Bool { !isStopping && !isHalted }

    init(
        configuration: NodeConfiguration, effects: Effects, storage: NodeStorage,
        ledger: LedgerMachine, fees: any FeeBook, blobStore: BlobStore, sync: SyncService,
        links: MeshLinks, services: NodeServices, network: NodeNetwork, book: EpochBook,
        machine: ConsensusMachine,
        lanes: LaneMachine,
        recovered: RecoveredState
    ) {
        genesis = configuration.genesis
        self.configuration = configuration
        self.effects = effects
        self.storage = storage
        self.ledger = ledger
        self.fees = fees
        self.blobStore = blobStore
        blobs = blobStore
        self.sync = sync
        self.links = links
        nodeServices = services
        nodeNetwork = network
        self.book = book
        validators = machine.configuration.validators
        validatorKeys = validators.validators.map(\.key)
        isValidator = configuration.votes(in: validators)
        self.machine = machine
        self.lanes = lanes
        lastFinal = recovered.lastFinal
        silentThrough = recovered.silentThrough
        // What changed last is not known after a restart: certifying anew costs one empty block.
        lastChanged = ledger.height
        lastFinalAt = effects.time.now()
    }

    /// Where the executed state stands.
    var head: StateHead {
        StateHead(height: ledger.height, time: ledger.time, root: ledger.stateRoot)
    }

    /// The number an account's next transaction must have.
    ///
    /// - Throws: ``LedgerFailure/disk(_:)`` when the state cannot be read.
    func nextNonce(of account: AccountID) throws(LedgerFailure) -> UInt64 {
        try ledger.query { fees.nextNonce(of: account, in: $0) }
    }

    /// Says that this validator signs nothing, for as long as that is so.
    func sayWhetherSilent() {
        let slot = lastFinal?.block.header.slot ?? Slot(0)
        guard isValidator, slot < silentThrough else { return trouble("voting", nil) }
        trouble(
            "voting",
            "records of votes were lost: this validator signs nothing up to slot \(silentThrough)")
    }

    /// Puts an input in line; the loop wakes.
    func enqueue(_ input: ConsensusInput) {
        inbox.append(input)
        inboxPeak = max(inboxPeak, inbox.count)
        inboxSignal.raise()
    }

    /// Says what is wrong until it is put right.
    func trouble(_ name: String, _ text: String?) {
        if let text {
            if troubles[name] == nil { configuration.log(.error, text) }
        } else if troubles[name] != nil {
            configuration.log(.info, "\(name): resolved")
        }
        troubles[name] = text
    }

    /// Stops the loop, commits the state, closes connections and files (NODE-8).
    public func stop() async {
        guard !isStopping else { return }
        isStopping = true
        inboxSignal.raise()
        roomSignal.raise()
        bell.ringForGood()
        for task in running { task.cancel() }
        for kind in waits.keys.sorted() { waits[kind]?.cancel() }
        nodeServices.stop()
        await links.stop()
        for task in running { await task.finished() }
        await commit?.finished()
        await sync.keeper.stop()
        do {
            try await ledger.commit()
        } catch {
            configuration.log(
                .warning, "the last blocks will be replayed at the next start: \(error)")
        }
        await storage.close()
        await book.close()
        configuration.log(.info, "stopped at height \(ledger.height)")
    }
}

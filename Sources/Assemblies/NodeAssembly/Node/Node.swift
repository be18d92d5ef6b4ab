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
    let validators: ValidatorSet
    let isValidator: Bool
    let validatorKeys: [PublicKey]
    nonisolated let links: MeshLinks

    var machine: ConsensusMachine
    var mempool = Mempool()
    var feed = BlockFeed()
    /// The last final block whose execution is done.
    var lastFinal: FinalizedBlock?
    var lastFinalAt: Instant
    /// The newest height whose block changed the state.
    var lastChanged = BlockHeight(0)
    var isCommitting = false

    /// Inputs that wait for the loop.
    var inbox: [ConsensusInput] = []
    let inboxSignal = LoopSignal()
    let roomSignal = LoopSignal()
    let blockSignal = LoopSignal()

    /// What the leader's host was asked and has not answered.
    var request: PayloadRequest?
    /// One running wait for each kind of consensus timer.
    var waits: [TimerKind: any SpawnedTask] = [:]
    /// Transactions of this node's own clients, repeated until they are final.
    var own: [Digest: SignedTransaction] = [:]
    /// Transactions whose signatures were checked, so that each is checked once.
    var checked = CheckedCache()
    var counters = NodeCounters()
    var troubles: [String: String] = [:]
    var isStopping = false
    var running: [any SpawnedTask] = []

    /// The most inputs that may wait: votes and certificates of 100 validators for 40 slots.
    static let inboxMax = 16_384

    init(
        configuration: NodeConfiguration, effects: Effects, storage: NodeStorage,
        ledger: LedgerMachine, fees: any FeeBook, blobStore: BlobStore, links: MeshLinks,
        validators: ValidatorSet, machine: ConsensusMachine, lastFinal: FinalizedBlock?
    ) {
        genesis = configuration.genesis
        self.configuration = configuration
        self.effects = effects
        self.storage = storage
        self.ledger = ledger
        self.fees = fees
        self.blobStore = blobStore
        blobs = blobStore
        self.links = links
        self.validators = validators
        validatorKeys = configuration.genesis.validators.map(\.publicKey)
        isValidator = validatorKeys.contains(configuration.identity.publicKey)
        self.machine = machine
        self.lastFinal = lastFinal
        lastFinalAt = effects.time.now()
    }

    /// Where the executed state stands.
    var head: StateHead {
        StateHead(height: ledger.height, time: ledger.time, root: ledger.stateRoot)
    }

    /// The number an account's next transaction must have.
    func nextNonce(of account: AccountID) -> UInt64 { fees.nextNonce(of: account, in: ledger) }

    /// Puts an input in line; the loop wakes.
    func enqueue(_ input: ConsensusInput) {
        inbox.append(input)
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

    /// Stops the loop, commits the state, closes connections and files.
    public func stop() async {
        guard !isStopping else { return }
        isStopping = true
        inboxSignal.raise()
        blockSignal.raise()
        for task in running { task.cancel() }
        for (_, wait) in waits { wait.cancel() }
        await links.stop()
        for task in running { await task.finished() }
        do {
            try await ledger.commit()
        } catch {
            configuration.log(
                .warning, "the last blocks will be replayed at the next start: \(error)")
        }
        await storage.close()
        configuration.log(.info, "stopped at height \(ledger.height)")
    }
}

/// The kinds of consensus timers; a new one of a kind replaces the running one.
enum TimerKind: Hashable {
    case skip, stall, fetch, catchUp

    init(_ timer: ConsensusTimer) {
        switch timer {
        case .skip: self = .skip
        case .stall: self = .stall
        case .fetch: self = .fetch
        case .catchUp: self = .catchUp
        }
    }
}

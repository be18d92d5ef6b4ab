// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import Governance
import Ledger
import NodeAssembly
import NodeInterface
import Validators
import Vocabulary

/// A node with a real ledger and real certificates, but without a network: it makes a block
/// whenever it is told to, or as soon as a transaction comes.
actor ChainNode: NodeAccess {
    nonisolated let genesis: Genesis
    nonisolated let memory = MemoryBlobs()
    nonisolated var chain: ChainID { genesis.chain }
    nonisolated var blobs: any BlobAccess { memory }

    /// Whether a transaction makes a block at once.
    var sealsAtOnce = true
    /// Whether validators certify; without it no block comes.
    var hasQuorum = true
    /// Events at or below this height are no longer in the feed.
    var feedFloor: UInt64 = 0
    /// What the next submissions are refused with.
    var poolRefusal: Refusal?
    /// What the status says of the last block's age.
    var blockAge: UInt64 = 12

    private let ledger: LedgerMachine
    private let validators: [SigningKey]
    private let time: any TimeSource
    private var final: [FinalizedBlock] = []
    private var applied: [AppliedBlock] = []
    private var pool: [SignedTransaction] = []

    init(genesis: Genesis, validators: [SigningKey], time: any TimeSource) throws {
        self.genesis = genesis
        self.validators = validators
        self.time = time
        let house = House()
        ledger = try LedgerMachine.open(
            genesis: genesis, modules: house.modules, fees: house.fees, store: VoidStore(),
            options: LedgerMachine.Options(checksWholeState: true))
    }

    func set(
        sealsAtOnce: Bool? = nil, hasQuorum: Bool? = nil, feedFloor: UInt64? = nil,
        poolRefusal: Refusal? = nil, blockAge: UInt64? = nil
    ) {
        self.sealsAtOnce = sealsAtOnce ?? self.sealsAtOnce
        self.hasQuorum = hasQuorum ?? self.hasQuorum
        self.feedFloor = feedFloor ?? self.feedFloor
        self.poolRefusal = poolRefusal
        self.blockAge = blockAge ?? self.blockAge
    }

    // MARK: Blocks

    /// Makes, certifies and executes the next block of everything that waits.
    @discardableResult
    func seal(after milliseconds: UInt64 = 100) throws -> AppliedBlock {
        guard let payload = Payload(pool) else { throw ChainNodeFailure() }
        pool = []
        let batches = payload.transactions.isEmpty ? [] : [batch(of: payload)]
        guard let cut = Cut(batches.map(\.tip)) else { throw ChainNodeFailure() }
        let parent = final.last?.block
        let height = ledger.height.advanced(by: 1)
        let header = BlockHeader(
            chain: chain, epoch: Epoch(0), slot: Slot(height.value + 1), height: height,
            parentSlot: parent?.header.slot ?? Slot(0), parent: parent?.hash ?? .zero,
            timestamp: ledger.time.advanced(by: milliseconds),
            payloadDigest: Block.digest(of: cut.payload), stateHeight: ledger.height,
            stateRoot: ledger.stateRoot, proposer: validators[0].publicKey)
        guard let block = Block(header: header, payload: cut.payload) else {
            throw ChainNodeFailure()
        }
        let statement = Statement.final(header.slot, block.hash)
        let votes = validators.indices.dropLast().map {
            Vote(
                statement, by: validators[$0], validator: UInt16($0), chain: chain, epoch: Epoch(0))
        }
        let finalized = FinalizedBlock(
            block: block,
            proof: FinalityProof(
                certificate: Certificate(statement, epoch: Epoch(0), votes: votes)),
            batches: batches)
        let result = try ledger.execute(
            BlockContext(
                chain: chain, height: height, time: header.timestamp,
                proposer: AccountID(of: header.proposer)), payload.transactions)
        let done = AppliedBlock(
            finalized: finalized, outcomes: result.outcomes, events: Array(result.events),
            stateRoot: result.stateRoot)
        final.append(finalized)
        applied.append(done)
        return done
    }

    /// The next batch of the first validator's lane.
    private func batch(of payload: Payload) -> Batch {
        let last = final.last { !$0.batches.isEmpty }?.batches.last?.tip
        return Batch(
            payload.canonicalBytes, transactionCount: UInt32(payload.transactions.count),
            after: last ?? .start(of: 0), chain: chain, epoch: Epoch(0), by: validators[0])
    }

    func blocks(after height: BlockHeight, waiting milliseconds: UInt64) async -> FeedPage {
        let deadline = time.now().advanced(by: milliseconds * 1_000_000)
        while !Task.isCancelled {
            if height.value < feedFloor { return .gap(resumeAfter: ledger.height) }
            if height < ledger.height {
                return .blocks(Array(applied[Int(height.value)...].prefix(64)))
            }
            guard time.now() < deadline else { break }
            await time.sleep(milliseconds: 2)
        }
        return .blocks([])
    }

    func finalBlocks(from height: BlockHeight, count: Int) -> [FinalizedBlock] {
        Array(final.drop { $0.block.header.height < height }.prefix(count))
    }

    // MARK: Transactions

    func submit(_ transaction: SignedTransaction) async throws(Refusal) {
        if let poolRefusal { throw poolRefusal }
        guard !pool.contains(where: { $0.hash == transaction.hash }) else { return }
        if let refusal = ledger.admit(transaction) { throw refusal }
        pool.append(transaction)
        guard sealsAtOnce, hasQuorum else { return }
        do {
            try seal()
        } catch {
            throw Refusal(module: nil, code: 999, name: "chainNodeFailed", detail: "\(error)")
        }
    }

    func pendingNonce(of account: AccountID) -> UInt64 {
        let executed = House().accounts.nextNonce(of: account, in: ledger)
        return executed + UInt64(pool.count { $0.transaction.account == account })
    }

    func outcome(of transaction: Digest) -> TransactionOutcome? {
        (try? ledger.outcome(of: transaction)) ?? nil
    }

    func receipt(of transaction: Digest) -> TransactionReceipt? {
        (try? ledger.receipt(of: transaction)) ?? nil
    }

    func events(about subject: Bytes32, after cursor: EventCursor?, limit: Int) -> EventPage {
        let page = try? ledger.events(about: subject, after: cursor, limit: limit)
        return page ?? EventPage(events: [], next: nil)
    }

    // MARK: State

    func read<Result: Sendable>(
        _ body: @Sendable (any StateReader, StateHead) -> Result
    ) -> Result {
        body(ledger, head)
    }

    func certify(
        _ module: ModuleID, _ key: [UInt8], milliseconds: UInt64
    ) async throws(CertificationFailure) -> CertifiedValue {
        guard hasQuorum, (try? seal()) != nil, let last = final.last,
            let proven = try? ledger.prove(module, key, at: last.block.header.stateHeight)
        else { throw .timedOut }
        return CertifiedValue(
            value: proven.value, proof: proven.proof, header: last.block.header,
            finality: last.proof)
    }

    /// The handover of epoch 0, once a header carries the state of its cut.
    func handovers(from first: Epoch, count: Int) -> [CertifiedValue] {
        let cut = genesis.parameters.epochs.cut(of: Epoch(0))
        guard first == Epoch(0),
            let last = final.first(where: { $0.block.header.stateHeight == cut }),
            let proven = try? ledger.prove(.validators, ValidatorsKeys.nextSet, at: cut)
        else { return [] }
        return [
            CertifiedValue(
                value: proven.value, proof: proven.proof, header: last.block.header,
                finality: last.proof)
        ]
    }

    func changes(of proposal: UInt64) -> Result<[StateChange], Refusal>? {
        guard let found = GovernanceQueries(ledger).proposal(proposal) else { return nil }
        let block = BlockContext(
            chain: chain, height: ledger.height.advanced(by: 1), time: genesis.time,
            proposer: AccountID(.zero))
        do throws(Refusal) {
            return .success(try House().governance.simulate(found.draft, in: block, over: ledger))
        } catch {
            return .failure(error)
        }
    }

    func status() -> NodeStatus {
        let connected = hasQuorum ? 4 : 2
        let set = genesis.validators.enumerated().map { index, validator in
            NodeStatus.Validator(
                name: validator.name, publicKey: validator.publicKey, stake: validator.stake,
                isConnected: index < connected)
        }
        let peer = NodeStatus.Peer(
            publicKey: validators[0].publicKey, roles: "validator",
            endpoint: Endpoint(host: "127.0.0.1", port: 9_000), state: "connected",
            roundTripMicroseconds: 1_042, lastReason: nil)
        return NodeStatus(
            publicKey: validators[3].publicKey, roles: "gateway", head: head,
            slot: final.last?.block.header.slot ?? Slot(0), lastBlockAgeMilliseconds: blockAge,
            validators: set, quorum: 3, peers: [peer], pendingTransactions: pool.count,
            blobBytes: 0, counters: [("blocks_executed_total", UInt64(final.count))],
            troubles: hasQuorum ? [] : ["no quorum: validators c, d are not connected"])
    }

    private var head: StateHead {
        StateHead(height: ledger.height, time: ledger.time, root: ledger.stateRoot)
    }
}

/// The test's chain did something impossible.
struct ChainNodeFailure: Error {}

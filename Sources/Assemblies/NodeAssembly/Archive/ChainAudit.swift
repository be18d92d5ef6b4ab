// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
public import Ledger
public import Vocabulary

/// Goes through a log of final blocks from the genesis on: every link, every finality proof, and
/// every state root by executing all of it again (ARCHIVE-1 to ARCHIVE-4).
///
/// Memory is bounded by one page of blocks and what the ledger holds of its state; the values lie
/// in the store it is given.
public actor ChainAudit {
    /// The most blocks of one page.
    static let pageBlocks = 256
    /// The most bytes of one page, beyond its first block: 8 MiB.
    static let pageBytes = 8 << 20
    /// How much may wait in memory before it is written to the store: the store is thrown away
    /// afterwards, so few and large commits are best.
    private static let options = LedgerMachine.Options(commitBlocks: 16_384, commitBytes: 32 << 20)

    /// What was found when everything holds.
    public struct Report: Sendable, Equatable {
        /// The last block.
        public let height: BlockHeight
        /// Its hash.
        public let hash: Digest
        /// The newest state whose root a later block vouches for; none when there is no such one.
        public let certified: BlockHeight?
        /// The root after the last block.
        public let stateRoot: Digest
        /// How many transactions the blocks hold.
        public let transactions: UInt64
        /// The end of a write that was cut off, which opening the log will drop.
        public let tornTail: LogFlaw?
    }

    private let genesis: Genesis
    private let workers: any Workers
    private let ledger: LedgerMachine
    private var succession: BlockSuccession
    private var roots: RootBook
    private var transactions: UInt64 = 0
    /// What states at cuts say of the sets to come.
    private var cuts: [ProvenValue] = []
    /// The last header of the page before.
    private var before: BlockHeader?

    /// Begins at the genesis.
    ///
    /// - Parameter store: An empty store for the state; it is of no use afterwards.
    /// - Throws: ``ArchiveFailure``.
    public init(
        genesis: Genesis, store: any KeyValueStore, workers: any Workers
    ) throws(ArchiveFailure) {
        self.genesis = genesis
        self.workers = workers
        succession = try BlockSuccession(genesis: genesis)
        let house = House()
        do {
            ledger = try LedgerMachine.open(
                genesis: genesis, modules: house.modules, fees: house.fees, store: store,
                options: Self.options)
        } catch {
            throw .state("\(error)")
        }
        guard ledger.height == BlockHeight(0) else { throw .state("the store is not empty") }
        roots = RootBook(ledger.height, ledger.stateRoot)
    }

    /// Goes through a log.
    ///
    /// - Parameters:
    ///   - first: The first block whose signatures are checked; those before it are final because a
    ///     later one is, and are linked and executed all the same.
    ///   - progress: Told after each page.
    /// - Throws: ``ArchiveFailure``; a ``ArchiveFailure/fault(_:)`` names the first bad height.
    public func run(
        _ log: any LogInspection, signaturesFrom first: BlockHeight = BlockHeight(0),
        progress: @Sendable (ArchiveProgress) -> Void = { _ in }
    ) async throws(ArchiveFailure) -> Report {
        try await run(BlockPages(log), signaturesFrom: first, progress)
        let flaw = await log.flaw
        if let flaw, !flaw.isTornTail { throw .fault(.damaged(succession.next, flaw)) }
        return Report(
            height: succession.height, hash: succession.last, certified: roots.certified,
            stateRoot: ledger.stateRoot, transactions: transactions, tornTail: flaw)
    }

    private func run(
        _ pages: BlockPages, signaturesFrom first: BlockHeight,
        _ progress: @Sendable (ArchiveProgress) -> Void
    ) async throws(ArchiveFailure) {
        var pages = pages
        try await pages.begin()
        var reached = succession
        while true {
            let page = try await pages.next(&reached)
            guard !page.blocks.isEmpty else { return }
            let checked = page.blocks.filter { $0.block.header.height >= first }
            let schedule = succession.schedule
            async let notFinal = workers.run {
                BlockSuccession.firstNotFinal(of: checked, in: schedule)
            }
            let executed = await execute(page.blocks)
            let faults = [await notFinal, page.fault].compactMap { $0 }
            if let fault = faults.min(by: { $0.height < $1.height }) {
                if case .failure(.fault(let other)) = executed, other.height < fault.height {
                    throw .fault(other)
                }
                throw .fault(fault)
            }
            try executed.get()
            if reached.ended != nil { try enter(page.blocks, &reached) }
            before = page.blocks.last?.block.header
            succession = reached
            progress(await pages.progress(at: succession.height))
        }
    }

    /// Goes on to the next epoch by what this audit itself has executed.
    private func enter(
        _ blocks: [FinalizedBlock], _ succession: inout BlockSuccession
    ) throws(ArchiveFailure) {
        guard let last = blocks.last else { return }
        let header = last.block.header
        let next = cuts.first { $0.height == header.stateHeight }
        cuts.removeAll { $0.height <= header.stateHeight }
        var record: EpochRecord?
        if let next, let parent = blocks.dropLast().last?.block.header ?? before {
            record = EpochRecord(
                header, on: parent, last.proof, next: next,
                after: succession.schedule.validators)
        }
        do throws(ChainFault) {
            try succession.enter(record)
        } catch {
            throw .fault(error)
        }
    }

    private func execute(_ blocks: [FinalizedBlock]) async -> Result<Void, ArchiveFailure> {
        do throws(ArchiveFailure) {
            for block in blocks { try await execute(block) }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Holds a header against the roots computed so far, then executes its block.
    private func execute(_ finalized: FinalizedBlock) async throws(ArchiveFailure) {
        let header = finalized.block.header
        let execution: LaneExecution
        do throws(ChainFault) {
            guard try roots.check(header) else {
                throw .forgottenState(header.height, header.stateHeight)
            }
            execution = try finalized.execution(
                lanes: succession.schedule.validators.count, on: ledger)
        } catch {
            throw .fault(error)
        }
        let (list, chain) = (finalized.transactions, genesis.chain)
        let checked =
            list.isEmpty
            ? [] : await workers.run { CheckedTransaction.check(all: list, chain: chain) }
        do {
            let result = try ledger.execute(
                header.context(genesis, on: ledger, execution), checked: checked)
            roots.note(result.stateRoot)
            transactions += UInt64(list.count)
            if let next = try CheckpointNote(of: ledger)?.next { cuts.append(next) }
            if ledger.isCommitDue { try await ledger.commit() }
        } catch LedgerFailure.disk(let failure) {
            throw .disk(failure)
        } catch {
            throw .fault(.notExecutable(header.height, "\(error)"))
        }
    }
}

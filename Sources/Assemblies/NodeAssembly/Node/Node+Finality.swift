// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import NodeInterface
import Vocabulary

extension Node {
    /// Hands final blocks to the lanes, which gather their batches (LANES-13).
    func finalize(_ blocks: [FinalizedBlock]) async {
        var answers: [LaneEffect] = []
        for block in blocks {
            awaitingBatches.append(block.bare)
            let header = block.block.header
            let ordered = OrderedCut(
                height: header.height, slot: header.slot,
                // Honest voters vote for no payload that is not a cut.
                cut: (try? Cut(payload: block.block.payload)) ?? .empty,
                batches: block.batches + block.forked)
            answers += lanes.receive(.ordered(ordered))
        }
        await perform(answers)
    }

    /// Makes final blocks durable with their batches, then executes them in order.
    func execute(_ executions: [LaneExecution]) async {
        let blocks = zip(awaitingBatches, executions).map { bare, execution in
            FinalizedBlock(
                block: bare.block, proof: bare.proof, batches: execution.batches,
                forked: execution.forked)
        }
        awaitingBatches.removeFirst(blocks.count)
        let bytes = blocks.map(\.canonicalBytes)
        await untilDone("blocks") { try await self.storage.appendBlocks(bytes) }
        guard isWorking else { return }
        for (block, execution) in zip(blocks, executions) {
            guard await execute(block, execution) else { return }
        }
        lastFinalAt = effects.time.now()
        await forgetRecords()
        await enterEpochWhenExecuted()
        if troubles["voting"] != nil { sayWhetherSilent() }
        bell.ring()
        await commitWhenDue()
    }

    /// Executes one block; false when the node cannot go on.
    private func execute(_ finalized: FinalizedBlock, _ execution: LaneExecution) async -> Bool {
        let transactions = await checkedTransactions(of: execution.batches)
        var result: BlockResult?
        await awaitCommit(before: finalized.block)
        await untilDone("state") { result = try self.apply(finalized, execution, transactions) }
        guard let result else { return false }
        await keepEpochs(finalized)
        guard isWorking else { return false }
        lastFinal = finalized.bare
        counters.blocksFinal += 1
        if result.changedState { lastChanged = result.height }
        feed.append(
            AppliedBlock(
                finalized: finalized, outcomes: result.outcomes, events: Array(result.events),
                stateRoot: result.stateRoot))
        passOwn(execution.batches)
        forget(transactions, result)
        guard followsRules() else { return false }
        await sync.keeper.see(finalized.block.header, finalized.proof)
        await snapshotWhenDue(at: result.height)
        enqueue(lanes: .executed(result.height))
        enqueue(.executed(height: result.height, stateRoot: result.stateRoot))
        return true
    }

    /// Batches of the own lane that were executed are no longer under way.
    private func passOwn(_ batches: [Batch]) {
        guard let ownLane else { return }
        for batch in batches where batch.header.lane == ownLane { ownBatches.pop() }
    }

    /// Drops consensus records that no restart needs: those of slots whose blocks are in the log.
    func forgetRecords() async {
        let slot = min(prunableSlot, lastFinal?.block.header.slot ?? Slot(0))
        try? await storage.forget(through: slot)
    }

    /// Executes on the state; a broken invariant stops the node for good (NODE-7).
    func apply(
        _ finalized: FinalizedBlock, _ execution: LaneExecution,
        _ transactions: [CheckedTransaction]
    ) throws(LedgerFailure) -> BlockResult {
        do {
            return try ledger.execute(
                finalized.block.header.context(genesis, on: ledger, execution),
                checked: transactions, workers: workers(for: execution)
            ) { [effects] count, body in effects.workers.share(count, body) }
        } catch .disk(let failure) {
            throw .disk(failure)
        } catch {
            trouble("ledger", "block \(finalized.block.header.height) cannot be executed: \(error)")
            isHalted = true
            throw error
        }
    }

    /// What is not worth sharing out: below 64 KiB of batches, some 400 transfers that take 2 ms,
    /// waking workers costs more than they save.
    static let sharedBytesMin = 64 << 10
    /// The most pieces that are executed at once.
    static let executionWorkersMax = 64

    /// How many workers execute a block together; the result is the same for any number (NODE-22).
    private func workers(for execution: LaneExecution) -> Int {
        let most = Self.executionWorkersMax
        if let fixed = configuration.executionWorkers { return max(1, min(fixed, most)) }
        let bytes = execution.batches.reduce(0) { $0 + $1.payload.count }
        return bytes < Self.sharedBytesMin ? 1 : min(effects.workers.width, most)
    }

    /// Drops what the block settled from the pool.
    private func forget(_ transactions: [CheckedTransaction], _ result: BlockResult) {
        for (transaction, outcome) in zip(transactions, result.outcomes) {
            switch outcome.verdict {
            case .applied: counters.transactionsApplied += 1
            case .refused: counters.transactionsRefused += 1
            case .skipped(let refusal):
                counters.transactionsSkipped += 1
                // It would lie in every block to come and pay for none.
                guard Self.isHopeless(refusal) else { continue }
                mempool.remove(
                    outcome.hash, of: transaction.account, nonce: transaction.transaction.nonce)
            }
        }
        let isSweep = result.height.value.isMultiple(of: 64)
        guard mempool.count > 0, isSweep || !transactions.isEmpty else { return }
        mempool.prune(
            senders: isSweep ? nil : transactions.map(\.account),
            height: result.height.advanced(by: 1)
        ) { fees.nextNonce(of: $0, in: ledger) }
    }

    /// Whether a transaction that a block skipped for this reason would be skipped again.
    private static func isHopeless(_ refusal: Refusal) -> Bool {
        guard refusal.module == nil else { return false }
        let reasons: [LedgerRefusal] = [.expired, .feeMaxTooLow, .feeNotCovered]
        return reasons.contains { $0.rawValue == refusal.code }
    }

    /// How many failed commits in a row the node goes on executing. Each block tries again, so the
    /// changes of some 64 more blocks wait in memory meanwhile.
    static let commitsFailedMax = 64

    /// Commits the state beside the work; after many failures the work waits for it.
    private func commitWhenDue() async {
        guard ledger.isCommitDue, commit == nil else { return }
        guard commitsFailed < Self.commitsFailedMax else {
            await untilDone("commit") { try await self.ledger.commit(by: self.effects.workers) }
            commitsFailed = 0
            return
        }
        commit = effects.tasks.spawn("commit state") { await self.commitState() }
    }

    private func commitState() async {
        do {
            try await ledger.commit(by: effects.workers)
            trouble("commit", nil)
            commitsFailed = 0
        } catch {
            trouble("commit", "the state cannot be committed: \(error); blocks stay in the log")
            commitsFailed += 1
        }
        commit = nil
    }
}

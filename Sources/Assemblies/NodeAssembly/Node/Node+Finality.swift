// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import NodeInterface
import Validators
import Vocabulary

extension Node {
    /// Makes final blocks durable, then executes them in order.
    func finalize(_ blocks: [FinalizedBlock]) async {
        let bytes = blocks.map(\.canonicalBytes)
        await untilDone("blocks") { try await self.storage.appendBlocks(bytes) }
        guard isWorking else { return }
        for block in blocks {
            guard await execute(block) else { return }
        }
        lastFinalAt = effects.time.now()
        if troubles["voting"] != nil { sayWhetherSilent() }
        bell.ring()
        await commitWhenDue()
    }

    /// Executes one block; false when the node cannot go on.
    private func execute(_ finalized: FinalizedBlock) async -> Bool {
        let transactions = (try? Payload(bytes: finalized.block.payload))?.transactions ?? []
        let checked = await checkedAll(transactions)
        var result: BlockResult?
        await awaitCommit(before: finalized.block)
        await untilDone("state") { result = try self.apply(finalized, checked) }
        guard let result else { return false }
        await keepEpochs(finalized)
        guard isWorking else { return false }
        lastFinal = finalized
        counters.blocksFinal += 1
        if result.changedState { lastChanged = result.height }
        feed.append(
            AppliedBlock(
                finalized: finalized, outcomes: result.outcomes, events: Array(result.events),
                stateRoot: result.stateRoot))
        forget(transactions, result)
        await sync.keeper.see(finalized.block.header, finalized.proof)
        await snapshotWhenDue(at: result.height)
        enqueue(.executed(height: result.height, stateRoot: result.stateRoot))
        return true
    }

    /// Executes on the state; a broken invariant stops the node for good (NODE-7).
    func apply(
        _ finalized: FinalizedBlock, _ transactions: [CheckedTransaction]
    ) throws(LedgerFailure) -> BlockResult {
        do {
            return try ledger.execute(
                finalized.block.header.context(genesis, on: ledger), checked: transactions)
        } catch .disk(let failure) {
            throw .disk(failure)
        } catch {
            trouble("ledger", "block \(finalized.block.header.height) cannot be executed: \(error)")
            isHalted = true
            throw error
        }
    }

    /// Drops what the block settled from the pool.
    private func forget(_ transactions: [SignedTransaction], _ result: BlockResult) {
        for (transaction, outcome) in zip(transactions, result.outcomes) {
            switch outcome.verdict {
            case .applied: counters.transactionsApplied += 1
            case .refused: counters.transactionsRefused += 1
            case .skipped(let refusal):
                counters.transactionsSkipped += 1
                // It would lie in every block to come and pay for none.
                guard Self.isHopeless(refusal) else { continue }
                mempool.remove(
                    outcome.hash, of: transaction.transaction.account,
                    nonce: transaction.transaction.nonce)
            }
        }
        let isSweep = result.height.value.isMultiple(of: 64)
        guard isSweep || !transactions.isEmpty else { return }
        mempool.prune(
            senders: isSweep ? nil : transactions.map(\.transaction.account),
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

extension BlockHeader {
    /// What messages of this block see of it.
    ///
    /// - Parameter state: That of the height before, which knows where the proposer's fees go.
    func context(_ genesis: Genesis, on state: any StateReader) -> BlockContext {
        let seat = ValidatorsQueries(state).feeAccount(of: proposer, in: epoch)
        let account =
            seat ?? genesis.validators.first { $0.publicKey == proposer }?.account
        return BlockContext(
            chain: chain, height: height, time: timestamp,
            proposer: account ?? AccountID(of: proposer))
    }
}

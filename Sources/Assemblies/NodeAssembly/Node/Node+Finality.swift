// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import NodeInterface
import Vocabulary

extension Node {
    /// Makes final blocks durable, then executes them in order.
    func finalize(_ blocks: [FinalizedBlock]) async {
        let bytes = blocks.map(\.canonicalBytes)
        await untilDone("blocks") { try await self.storage.appendBlocks(bytes) }
        guard !isStopping else { return }
        for block in blocks {
            guard await execute(block) else { return }
        }
        lastFinalAt = effects.time.now()
        blockSignal.pulse()
        commitWhenDue()
    }

    /// Executes one block; false when the node cannot go on.
    private func execute(_ finalized: FinalizedBlock) async -> Bool {
        let transactions = (try? Payload(bytes: finalized.block.payload))?.transactions ?? []
        let checked = await checkedAll(transactions)
        var result: BlockResult?
        await untilDone("state") { result = try self.apply(finalized, checked) }
        guard let result else { return false }
        lastFinal = finalized
        counters.blocksFinal += 1
        if result.changedState { lastChanged = result.height }
        feed.append(
            AppliedBlock(
                finalized: finalized, outcomes: result.outcomes, events: result.events,
                stateRoot: result.stateRoot))
        forget(transactions, result)
        enqueue(.executed(height: result.height, stateRoot: result.stateRoot))
        return true
    }

    /// Executes on the state; a broken invariant stops the node for good.
    func apply(
        _ finalized: FinalizedBlock, _ transactions: [CheckedTransaction]
    ) throws(LedgerFailure) -> BlockResult {
        do {
            return try ledger.execute(
                finalized.block.header.context(genesis), checked: transactions)
        } catch .disk(let failure) {
            throw .disk(failure)
        } catch {
            trouble("ledger", "block \(finalized.block.header.height) cannot be executed: \(error)")
            isStopping = true
            throw error
        }
    }

    /// Drops what the block settled from the pools.
    private func forget(_ transactions: [SignedTransaction], _ result: BlockResult) {
        for outcome in result.outcomes {
            switch outcome.verdict {
            case .applied: counters.transactionsApplied += 1
            case .refused: counters.transactionsRefused += 1
            case .skipped: counters.transactionsSkipped += 1
            }
            if outcome.isConsumed { own[outcome.hash] = nil }
        }
        let isSweep = result.height.value.isMultiple(of: 64)
        guard isSweep || !transactions.isEmpty else { return }
        mempool.prune(
            senders: isSweep ? nil : transactions.map(\.transaction.account),
            height: result.height.advanced(by: 1)
        ) { nextNonce(of: $0) }
        if isSweep {
            own = own.filter { $0.value.transaction.validUntil > result.height }
        }
    }

    private func commitWhenDue() {
        guard ledger.isCommitDue, !isCommitting else { return }
        isCommitting = true
        effects.tasks.spawn("commit state") { await self.commit() }
    }

    private func commit() async {
        do {
            try await ledger.commit()
            trouble("commit", nil)
        } catch {
            trouble("commit", "the state cannot be committed: \(error); blocks stay in the log")
        }
        isCommitting = false
    }
}

extension BlockHeader {
    /// What messages of this block see of it.
    func context(_ genesis: Genesis) -> BlockContext {
        let account = genesis.validators.first { $0.publicKey == proposer }?.account
        return BlockContext(
            chain: chain, height: height, time: timestamp,
            proposer: account ?? AccountID(of: proposer))
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Effects

extension LedgerMachine {
    /// Whether enough has happened since the last commit for another one.
    public var isCommitDue: Bool {
        !layers.isCommitting
            && (blocksSinceCommit >= options.commitBlocks
                || layers.pendingBytes + eventIndex.pendingBytes >= commitBytes)
    }

    /// The bytes of changes that make a commit due: more in a large state, where each changed key
    /// rewrites a page of its own until commits touch most pages (STATE-14).
    private var commitBytes: Int {
        let wanted = options.commitBytes + keyCount * options.commitBytesPerKey
        return max(min(wanted, Options.commitBytesMax), options.commitBytes)
    }

    /// Makes the executed state durable together with the height it stands at (LEDGER-14).
    ///
    /// Blocks may be executed while it waits; they belong to the next commit. When a commit is
    /// under way already, this does nothing.
    ///
    /// - Parameter workers: Who puts the changes in order, so that the caller's thread is free for
    ///   blocks meanwhile; nothing to do it here.
    /// - Throws: ``LedgerFailure/disk(_:)``; nothing is lost, and the next commit tries again.
    public nonisolated(nonsending) func commit(
        by workers: (any Workers)? = nil
    ) async throws(LedgerFailure) {
        guard !layers.isCommitting, blocksSinceCommit > 0 else { return }
        let blocks = blocksSinceCommit
        blocksSinceCommit = 0
        let draft = eventIndex.begin(forgetting: eventHorizon)
        let layers = layers
        do {
            try await layers.commit(workers) { draft.changes(in: layers) }
            eventIndex.end(draft, isDurable: true)
        } catch {
            eventIndex.end(draft, isDurable: false)
            blocksSinceCommit += blocks
            throw .disk(error)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension LedgerMachine {
    /// Whether enough has happened since the last commit for another one.
    public var isCommitDue: Bool {
        !layers.isCommitting
            && (blocksSinceCommit >= options.commitBlocks
                || layers.pendingBytes >= options.commitBytes)
    }

    /// Makes the executed state durable together with the height it stands at (LEDGER-14).
    ///
    /// Blocks may be executed while it waits; they belong to the next commit. When a commit is
    /// under way already, this does nothing.
    ///
    /// - Throws: ``LedgerFailure/disk(_:)``; nothing is lost, and the next commit tries again.
    public nonisolated(nonsending) func commit() async throws(LedgerFailure) {
        guard !layers.isCommitting, blocksSinceCommit > 0 else { return }
        let blocks = blocksSinceCommit
        blocksSinceCommit = 0
        do {
            try await layers.commit()
        } catch {
            blocksSinceCommit += blocks
            throw .disk(error)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Vocabulary

/// Executes the final blocks that a state has not seen, and holds every root that a header
/// certifies against its own (RECOVERY-5).
struct StateReplay {
    /// Blocks read at a time.
    private static let pageBlocks = 64
    /// How often a long replay says how far it is.
    private static let reportMilliseconds: UInt64 = 5_000

    /// Why a replay ended early.
    enum Setback: Error {
        /// The state, or this program, gives another root than a quorum certified.
        case fault(ChainFault)
        case failure(NodeFailure)
    }

    let genesis: Genesis
    let effects: Effects
    let storage: NodeStorage
    let book: EpochBook
    let log: NodeLog
    /// The newest version of the rules that this program follows.
    let rulesNewest: UInt32

    /// Executes blocks up to the end of the log.
    nonisolated(nonsending) func run(_ ledger: LedgerMachine) async throws(Setback) {
        let end = await storage.height
        guard ledger.height < end else { return }
        log(.info, "replaying blocks \(ledger.height.advanced(by: 1)) to \(end)")
        var roots = RootBook(ledger.height, ledger.stateRoot)
        var reported = effects.time.now()
        while ledger.height < end {
            for block in try await page(after: ledger.height) {
                try checkRules(of: ledger)
                try await execute(block, on: ledger, &roots)
                try await keep(block, ledger)
            }
            let now = effects.time.now()
            guard now.milliseconds(since: reported) >= Self.reportMilliseconds else { continue }
            reported = now
            log(.info, "replayed up to block \(ledger.height) of \(end)")
        }
    }

    /// What was written by rules that this program does not know is not replayed (UPGRADES-4).
    private func checkRules(of ledger: LedgerMachine) throws(Setback) {
        do throws(NodeFailure) {
            try ledger.checkRules(newest: rulesNewest)
        } catch {
            throw .failure(error)
        }
    }

    private nonisolated(nonsending) func page(
        after height: BlockHeight
    ) async throws(Setback) -> [FinalizedBlock] {
        do {
            let page = try await storage.finalBlocks(
                from: height.advanced(by: 1), count: Self.pageBlocks,
                bytesMax: Node.finalBlocksBytesMax)
            guard !page.isEmpty else {
                throw Setback.failure(.blockLog("it cannot be read to its end"))
            }
            return page
        } catch let setback as Setback {
            throw setback
        } catch DiskFailure.damaged(let path, let reason) {
            throw .failure(.blockLog("\(path) \(reason)"))
        } catch let failure as DiskFailure {
            throw .failure(.disk(failure))
        } catch {
            throw .failure(.blockLog("block \(height.advanced(by: 1)) does not read: \(error)"))
        }
    }

    private nonisolated(nonsending) func execute(
        _ finalized: FinalizedBlock, on ledger: LedgerMachine, _ roots: inout RootBook
    ) async throws(Setback) {
        let header = finalized.block.header
        let lanes = try await lanes(of: header)
        let execution: LaneExecution
        do throws(ChainFault) {
            // A state older than what was replayed is not known here: nothing to compare.
            _ = try roots.check(header)
            execution = try finalized.execution(lanes: lanes, on: ledger)
        } catch {
            throw .fault(error)
        }
        let (list, chain) = (finalized.transactions, genesis.chain)
        let checked =
            list.isEmpty
            ? [] : await effects.workers.run { CheckedTransaction.check(all: list, chain: chain) }
        do throws(LedgerFailure) {
            let result = try ledger.execute(
                header.context(genesis, on: ledger, execution), checked: checked)
            roots.note(result.stateRoot)
        } catch {
            throw .failure(.ledger(error))
        }
    }

    /// How many lanes the epoch of a block has: those of earlier epochs than the node stands in are
    /// among the blocks that are executed again.
    ///
    /// - Throws: A fault, as of a state that cannot be gone on from, when the epoch is not known.
    private func lanes(of header: BlockHeader) async throws(Setback) -> Int {
        do throws(NodeFailure) {
            return try await book.seats(in: header.epoch)
        } catch .damaged {
            throw .fault(.unknownEpoch(header.height))
        } catch {
            throw .failure(error)
        }
    }

    /// Keeps what the block means for epochs, then commits when that is due: a state that is built
    /// anew from a long log would otherwise all wait in memory.
    private nonisolated(nonsending) func keep(
        _ block: FinalizedBlock, _ ledger: LedgerMachine
    ) async throws(Setback) {
        do {
            try await book.take(block, CheckpointNote(of: ledger))
            if ledger.isCommitDue { try await ledger.commit() }
        } catch let failure as LedgerFailure {
            throw .failure(.ledger(failure))
        } catch let failure as DiskFailure {
            throw .failure(.disk(failure))
        } catch {
            throw .failure(.damaged("\(error)"))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
public import Ledger
public import Vocabulary

/// Keeps what holds of a damaged block log (ARCHIVE-8); the node's peers give it the rest.
public struct LogRepair: Sendable {
    /// What was found and done.
    public struct Report: Sendable, Equatable {
        /// The last block that holds and is kept.
        public let kept: BlockHeight
        /// What ended the chain there; nothing when the log is whole and was left as it is.
        public let fault: ChainFault?
        /// Where the damaged log was put, below the folder.
        public let aside: String?

        /// States what was found.
        public init(kept: BlockHeight, fault: ChainFault?, aside: String?) {
            self.kept = kept
            self.fault = fault
            self.aside = aside
        }
    }

    private let genesis: Genesis
    private let effects: Effects

    /// Takes the chain that is trusted.
    public init(genesis: Genesis, effects: Effects) {
        self.genesis = genesis
        self.effects = effects
    }

    /// Repairs the block log of a node that does not run.
    ///
    /// - Parameter folder: The node's data folder.
    /// - Throws: ``ArchiveFailure``; the log is then as it was.
    public func run(
        in folder: String, progress: @Sendable (ArchiveProgress) -> Void = { _ in }
    ) async throws(ArchiveFailure) -> Report {
        let (kept, fault) = try await walk(folder, progress)
        guard let fault else { return Report(kept: kept, fault: nil, aside: nil) }
        // Nothing of another chain is this one's to repair.
        if case .otherChain(_, let chain) = fault { throw .otherGenesis(chain) }
        do throws(DiskFailure) {
            let shelf = FolderShelf(disk: effects.disk, folder: folder)
            let fresh = try await shelf.freeName("blocks.repair")
            try await copy(kept, from: "\(folder)/blocks", to: "\(folder)/\(fresh)")
            let aside = try await shelf.setAside("blocks")
            try await effects.disk.move("\(folder)/\(fresh)", to: "\(folder)/blocks")
            return Report(kept: kept, fault: fault, aside: aside)
        } catch {
            throw .disk(error)
        }
    }

    /// The last block that holds, and what is wrong with the one after it.
    private func walk(
        _ folder: String, _ progress: @Sendable (ArchiveProgress) -> Void
    ) async throws(ArchiveFailure) -> (BlockHeight, ChainFault?) {
        let log: any LogInspection
        do throws(DiskFailure) {
            log = try await effects.disk.inspectLog("\(folder)/blocks")
        } catch {
            throw .disk(error)
        }
        // Without it the blocks of the first epoch can be judged.
        let epochs = try? await effects.disk.inspectLog("\(folder)/epochs")
        do throws(ArchiveFailure) {
            let found = try await walk(log, RecordedEpochs(epochs), progress)
            await log.close()
            await epochs?.close()
            guard case .unknownEpoch = found.1 else { return found }
            return try await linked(folder, progress)
        } catch {
            await log.close()
            await epochs?.close()
            throw error
        }
    }

    private func walk(
        _ log: any LogInspection, _ epochs: RecordedEpochs,
        _ progress: @Sendable (ArchiveProgress) -> Void
    ) async throws(ArchiveFailure) -> (BlockHeight, ChainFault?) {
        var pages = BlockPages(log)
        var succession = try BlockSuccession(genesis: genesis)
        do throws(ArchiveFailure) {
            try await pages.begin()
            while true {
                let page = try await pages.next(&succession)
                guard !page.blocks.isEmpty else { break }
                let schedule = succession.schedule
                let notFinal = await effects.workers.run {
                    BlockSuccession.firstNotFinal(
                        of: page.blocks, in: schedule)
                }
                if let fault = notFinal ?? page.fault { throw .fault(fault) }
                _ = try await epochs.enter(&succession)
                progress(await pages.progress(at: succession.height))
            }
        } catch .fault(.missing(let height)) {
            return (BlockHeight(0), .missing(height))
        } catch .fault(let fault) {
            return (BlockHeight(fault.height.value - 1), fault)
        }
        guard let flaw = await log.flaw, !flaw.isTornTail else { return (succession.height, nil) }
        return (succession.height, .damaged(succession.next, flaw))
    }

    /// What holds when the log of epochs does not lead to the end of the blocks: they are linked
    /// all the same, and the node finds out who decided when it executes them (NODE-24).
    private func linked(
        _ folder: String, _ progress: @Sendable (ArchiveProgress) -> Void
    ) async throws(ArchiveFailure) -> (BlockHeight, ChainFault?) {
        let again: any LogInspection
        do throws(DiskFailure) {
            again = try await effects.disk.inspectLog("\(folder)/blocks")
        } catch {
            throw .disk(error)
        }
        do throws(ArchiveFailure) {
            let report = try await PrunedLog(genesis: genesis, effects: effects)
                .audit(again, progress: progress)
            await again.close()
            return (report.last, report.fault)
        } catch {
            await again.close()
            throw error
        }
    }

    private func copy(
        _ height: BlockHeight, from path: String, to target: String
    ) async throws(DiskFailure) {
        let source = try await effects.disk.inspectLog(path)
        let log = try await effects.disk.openLog(target)
        do throws(DiskFailure) {
            var rest = height.value
            while rest > 0 {
                let page = try await source.next(
                    count: Int(min(rest, UInt64(ChainAudit.pageBlocks))),
                    bytesMax: ChainAudit.pageBytes)
                guard !page.isEmpty else { break }
                try await log.append(page)
                rest -= UInt64(page.count)
            }
            await source.close()
            await log.close()
        } catch {
            await source.close()
            await log.close()
            throw error
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
public import Ledger
public import Vocabulary

/// A block log whose first blocks were forgotten: what is there can be checked link by link, and
/// kept up to the first block that does not hold (SYNC-16). Nothing of it can be executed without
/// the state before it.
public struct PrunedLog: Sendable {
    /// What was found.
    public struct Report: Sendable, Equatable {
        /// The first block that is there.
        public let first: BlockHeight
        /// The last that holds; below ``first`` when none does.
        public let last: BlockHeight
        /// Its hash.
        public let hash: Digest
        /// What ends the chain there; nothing when all holds.
        public let fault: ChainFault?
        /// Where a damaged log was put, below the folder, when it was repaired.
        public let aside: String?
    }

    private let genesis: Genesis
    private let effects: Effects

    /// Takes the chain that is trusted.
    public init(genesis: Genesis, effects: Effects) {
        self.genesis = genesis
        self.effects = effects
    }

    /// Checks that the blocks follow each other by their hashes, and that those of the first epoch
    /// are final.
    ///
    /// - Throws: ``ArchiveFailure/disk(_:)``, ``ArchiveFailure/validators(_:)``.
    public func audit(
        _ log: any LogInspection, progress: @Sendable (ArchiveProgress) -> Void = { _ in }
    ) async throws(ArchiveFailure) -> Report {
        let validators: ValidatorSet
        do {
            validators = try ValidatorSet(of: genesis)
        } catch {
            throw .validators(error)
        }
        let first = await log.first
        var chain = Links(chain: genesis.chain, height: BlockHeight(first))
        while chain.fault == nil {
            let page = try await next(of: log)
            guard !page.isEmpty else { break }
            let before = chain
            chain = await effects.workers.run {
                var chain = before
                for record in page { chain.take(record, validators) }
                return chain
            }
            progress(
                ArchiveProgress(
                    height: chain.height, bytesDone: await log.bytesRead,
                    bytesTotal: await log.bytes))
        }
        var fault = chain.fault
        if fault == nil, let flaw = await log.flaw, !flaw.isTornTail {
            fault = .damaged(chain.height.advanced(by: 1), flaw)
        }
        return Report(
            first: BlockHeight(first + 1), last: chain.height, hash: chain.hash, fault: fault,
            aside: nil)
    }

    private func next(of log: any LogInspection) async throws(ArchiveFailure) -> [[UInt8]] {
        do throws(DiskFailure) {
            return try await log.next(
                count: ChainAudit.pageBlocks, bytesMax: ChainAudit.pageBytes)
        } catch {
            throw .disk(error)
        }
    }

    /// Keeps what holds of the log of a node that does not run; a log that is whole stays as it is.
    ///
    /// - Parameter folder: The node's data folder.
    /// - Throws: ``ArchiveFailure``; the log is then as it was.
    public func repair(
        in folder: String, progress: @Sendable (ArchiveProgress) -> Void = { _ in }
    ) async throws(ArchiveFailure) -> Report {
        let report = try await found(in: folder, progress)
        guard let fault = report.fault else { return report }
        // Nothing of another chain is this one's to repair.
        if case .otherChain(_, let chain) = fault { throw .otherGenesis(chain) }
        do throws(DiskFailure) {
            return Report(
                first: report.first, last: report.last, hash: report.hash, fault: fault,
                aside: try await keep(report, in: folder))
        } catch {
            throw .disk(error)
        }
    }

    private func found(
        in folder: String, _ progress: @Sendable (ArchiveProgress) -> Void
    ) async throws(ArchiveFailure) -> Report {
        let log: any LogInspection
        do throws(DiskFailure) {
            log = try await effects.disk.inspectLog("\(folder)/blocks")
        } catch {
            throw .disk(error)
        }
        do throws(ArchiveFailure) {
            let report = try await audit(log, progress: progress)
            await log.close()
            return report
        } catch {
            await log.close()
            throw error
        }
    }

    /// Copies the blocks that hold into a new log and puts it in the place of the damaged one.
    private func keep(_ report: Report, in folder: String) async throws(DiskFailure) -> String {
        let shelf = FolderShelf(disk: effects.disk, folder: folder)
        let fresh = try await shelf.freeName("blocks.repair")
        let base = report.first.value - 1
        let source = try await effects.disk.inspectLog("\(folder)/blocks")
        let target = try await effects.disk.openLog("\(folder)/\(fresh)", first: base)
        do throws(DiskFailure) {
            var rest = report.last.value - base
            while rest > 0 {
                let page = try await source.next(
                    count: Int(min(rest, UInt64(ChainAudit.pageBlocks))),
                    bytesMax: ChainAudit.pageBytes)
                guard !page.isEmpty else { break }
                try await target.append(page)
                rest -= UInt64(page.count)
            }
        } catch {
            await source.close()
            await target.close()
            throw error
        }
        await source.close()
        await target.close()
        let aside = try await shelf.setAside("blocks")
        try await effects.disk.move("\(folder)/\(fresh)", to: "\(folder)/blocks")
        return aside
    }

    /// Blocks that follow each other, from any one on.
    private struct Links: Sendable {
        let chain: ChainID
        var height: BlockHeight
        var hash = Digest.zero
        var fault: ChainFault?
        private var slot: Slot?

        init(chain: ChainID, height: BlockHeight) {
            self.chain = chain
            self.height = height
        }

        mutating func take(_ record: [UInt8], _ validators: ValidatorSet) {
            guard fault == nil else { return }
            let next = height.advanced(by: 1)
            let block: FinalizedBlock
            do throws(CanonicalError) {
                block = try FinalizedBlock(canonicalBytes: record)
            } catch {
                fault = .unreadable(next, error)
                return
            }
            fault = Self.fault(of: block, at: next, after: self, validators)
            guard fault == nil else { return }
            (height, hash, slot) = (next, block.block.hash, block.block.header.slot)
        }

        private static func fault(
            of block: FinalizedBlock, at next: BlockHeight, after last: Links,
            _ validators: ValidatorSet
        ) -> ChainFault? {
            let header = block.block.header
            guard header.chain == last.chain else { return .otherChain(next, header.chain) }
            guard header.height == next else { return .brokenLink(next) }
            // The first has no block before it here.
            if let slot = last.slot {
                guard header.parent == last.hash, header.parentSlot == slot else {
                    return .brokenLink(next)
                }
            }
            guard header.epoch == Epoch(0) else { return nil }
            do throws(FinalityError) {
                try block.verify(validators: validators, chain: last.chain)
                return nil
            } catch {
                return .notFinal(next, error)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
public import Ledger
public import Vocabulary

/// A block log whose first blocks were forgotten: what is there can be checked link by link, and
/// kept up to the first block that does not hold (SYNC-16). Nothing of it can be executed without
/// the state before it, but who had to sign which block follows from the genesis by the handovers
/// that the node keeps (NODE-24).
public struct PrunedLog: Sendable {
    /// What was found.
    public struct Report: Sendable, Equatable {
        /// The first block that is there.
        public let first: BlockHeight
        /// The last that holds; below ``first`` when none does.
        public let last: BlockHeight
        /// Its hash.
        public let hash: Digest
        /// The last whose finality was checked; below ``last`` when how an epoch ended is not known
        /// here, below ``first`` when nothing could be checked but links.
        public let judged: BlockHeight
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

    /// Checks that the blocks follow each other by their hashes, and that they are final by the
    /// validators of their epochs, as far as the handovers lead.
    ///
    /// - Parameter epochs: The node's log of epochs; without one only epoch 0 is judged.
    /// - Throws: ``ArchiveFailure/disk(_:)``, ``ArchiveFailure/validators(_:)``.
    public func audit(
        _ log: any LogInspection, epochs: (any LogInspection)? = nil,
        progress: @Sendable (ArchiveProgress) -> Void = { _ in }
    ) async throws(ArchiveFailure) -> Report {
        let first = await log.first
        let records = RecordedEpochs(epochs)
        var links = try BlockLinks(of: genesis, after: BlockHeight(first))
        var page = try await next(of: log)
        if let begin = page.first.flatMap({ try? FinalizedBlock(canonicalBytes: $0) }) {
            try await links.follow(records, to: begin.block.header.epoch)
        }
        while links.fault == nil, !page.isEmpty {
            let (before, rest) = (links, page)
            let taken = await effects.workers.run {
                var links = before
                let count = links.take(rest)
                return (links: links, count: count)
            }
            links = taken.links
            page.removeFirst(taken.count)
            if links.ended != nil { links.enter(try await records.next()) }
            guard page.isEmpty else { continue }
            progress(
                ArchiveProgress(
                    height: links.height, bytesDone: await log.bytesRead,
                    bytesTotal: await log.bytes))
            page = try await next(of: log)
        }
        var fault = links.fault
        if fault == nil, let flaw = await log.flaw, !flaw.isTornTail {
            fault = .damaged(links.height.advanced(by: 1), flaw)
        }
        return Report(
            first: BlockHeight(first + 1), last: links.height, hash: links.hash,
            judged: links.judged, fault: fault, aside: nil)
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
                first: report.first, last: report.last, hash: report.hash,
                judged: report.judged, fault: fault, aside: try await keep(report, in: folder))
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
        let epochs = try? await effects.disk.inspectLog("\(folder)/epochs")
        do throws(ArchiveFailure) {
            let report = try await audit(log, epochs: epochs, progress: progress)
            await log.close()
            await epochs?.close()
            return report
        } catch {
            await log.close()
            await epochs?.close()
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
}

// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
public import Ledger
import Vocabulary

/// Takes the blocks of an archive into an empty log (ARCHIVE-7): every link and every finality
/// proof is checked on the way, and the node executes them at its next start.
///
/// Memory is bounded by one page of blocks.
public struct LedgerImport: Sendable {
    private let genesis: Genesis
    private let effects: Effects

    /// Takes the chain that is trusted.
    public init(genesis: Genesis, effects: Effects) {
        self.genesis = genesis
        self.effects = effects
    }

    /// Reads an archive into a log.
    ///
    /// - Parameters:
    ///   - path: The archive.
    ///   - log: A log without a record. When this throws it holds the blocks before the first bad
    ///     one, each checked; they are a chain's beginning but not the archive's whole.
    /// - Throws: ``ArchiveFailure``.
    public func read(
        _ path: String, into log: any RecordLog,
        progress: @Sendable (ArchiveProgress) -> Void = { _ in }
    ) async throws(ArchiveFailure) -> ArchiveReport {
        let end = await log.end
        guard end == 0 else { throw .notEmpty(blocks: end) }
        let file: any FileReader
        do throws(DiskFailure) {
            file = try await effects.disk.open(path)
        } catch {
            throw .disk(error)
        }
        do throws(ArchiveFailure) {
            let report = try await read(ArchiveReader(file), into: log, progress)
            await file.close()
            return report
        } catch {
            await file.close()
            throw error
        }
    }

    /// The genesis of an archive, which proves nothing about itself.
    ///
    /// - Throws: ``ArchiveFailure``.
    public static func genesis(
        of path: String, effects: Effects
    ) async throws(ArchiveFailure) -> Genesis {
        let file: any FileReader
        do throws(DiskFailure) {
            file = try await effects.disk.open(path)
        } catch {
            throw .disk(error)
        }
        do throws(ArchiveFailure) {
            var reader = try await ArchiveReader(file)
            let genesis = try await genesis(of: &reader)
            await file.close()
            return genesis
        } catch {
            await file.close()
            throw error
        }
    }

    private static func genesis(
        of reader: inout ArchiveReader
    ) async throws(ArchiveFailure) -> Genesis {
        let start = reader.offset
        let first = try await reader.next()
        guard first.kind == .genesis else {
            throw .damaged(offset: start, reason: "the archive does not begin with a genesis")
        }
        do {
            return try Genesis(bytes: first.body)
        } catch {
            throw .damaged(offset: start, reason: "the genesis does not read: \(error)")
        }
    }

    private func read(
        _ reader: ArchiveReader, into log: any RecordLog,
        _ progress: @Sendable (ArchiveProgress) -> Void
    ) async throws(ArchiveFailure) -> ArchiveReport {
        var reader = reader
        let stated = try await Self.genesis(of: &reader).chain
        guard stated == genesis.chain else { throw .otherGenesis(stated) }
        var succession = try BlockSuccession(genesis: genesis)
        while true {
            let page = try await page(of: &reader, &succession)
            try await keep(page, succession, in: log)
            progress(
                ArchiveProgress(
                    height: succession.height, bytesDone: reader.offset,
                    bytesTotal: reader.bytesTotal))
            guard let end = page.end else { continue }
            guard end.blocks == succession.height.value, end.last == succession.last,
                reader.isAtEnd
            else {
                throw .damaged(
                    offset: reader.offset, reason: "the archive ends otherwise than it says")
            }
            return ArchiveReport(
                height: succession.height, hash: succession.last, bytes: reader.bytesTotal)
        }
    }

    private struct Page: Sendable {
        var records: [[UInt8]] = []
        var blocks: [FinalizedBlock] = []
        /// Why the blocks end here, when that is not their number.
        var failure: ArchiveFailure?
        var end: ArchiveFrame.End?
    }

    /// Blocks up to a page's size, the end of the archive, or the first that does not follow.
    private func page(
        of reader: inout ArchiveReader, _ succession: inout BlockSuccession
    ) async throws(ArchiveFailure) -> Page {
        var page = Page()
        var bytes = 0
        while page.blocks.count < ChainAudit.pageBlocks, bytes < ChainAudit.pageBytes {
            let start = reader.offset
            do throws(ArchiveFailure) {
                let piece = try await reader.next()
                switch piece.kind {
                case .block:
                    page.blocks.append(try Self.block(piece.body, &succession))
                    page.records.append(piece.body)
                    bytes += piece.body.count
                    // What follows is another epoch's to judge.
                    if succession.ended != nil { return page }
                case .epoch:
                    let record = try? EpochRecord(canonicalBytes: piece.body)
                    try Self.enter(record, &succession)
                case .end:
                    page.end = try? ArchiveFrame.End(canonicalBytes: piece.body)
                    guard page.end == nil else { return page }
                    throw .damaged(offset: start, reason: "the last piece does not read")
                case .genesis:
                    throw .damaged(offset: start, reason: "a second genesis")
                }
            } catch {
                page.failure = error
                return page
            }
        }
        return page
    }

    private static func enter(
        _ record: EpochRecord?, _ succession: inout BlockSuccession
    ) throws(ArchiveFailure) {
        do throws(ChainFault) {
            guard succession.ended != nil else { throw .unknownEpoch(succession.next) }
            try succession.enter(record)
        } catch {
            throw .fault(error)
        }
    }

    private static func block(
        _ record: [UInt8], _ succession: inout BlockSuccession
    ) throws(ArchiveFailure) -> FinalizedBlock {
        do throws(ChainFault) {
            let block = try succession.block(record)
            try succession.take(block.block)
            return block
        } catch {
            throw .fault(error)
        }
    }

    /// Makes the blocks of a page durable up to the first that is not final.
    private func keep(
        _ page: Page, _ succession: BlockSuccession, in log: any RecordLog
    ) async throws(ArchiveFailure) {
        let schedule = succession.schedule
        let blocks = page.blocks
        let notFinal = await effects.workers.run {
            BlockSuccession.firstNotFinal(of: blocks, in: schedule)
        }
        var records = page.records
        if let notFinal, let first = blocks.first?.block.header.height.value {
            records = Array(records.prefix(Int(notFinal.height.value - first)))
        }
        do throws(DiskFailure) {
            if !records.isEmpty { try await log.append(records) }
        } catch {
            throw .disk(error)
        }
        if let notFinal { throw .fault(notFinal) }
        if let failure = page.failure { throw failure }
    }
}

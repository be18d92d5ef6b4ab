// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Effects
public import Ledger
public import Vocabulary

/// What was written into an archive, or taken out of one.
public struct ArchiveReport: Sendable, Equatable {
    /// The last block; height 0 when there is none.
    public let height: BlockHeight
    /// Its hash.
    public let hash: Digest
    /// The archive's bytes.
    public let bytes: UInt64
}

/// Writes a chain's genesis and its final blocks with their proofs into one portable file
/// (ARCHIVE-5, ARCHIVE-6). Memory is bounded by one page of blocks.
public struct LedgerExport: Sendable {
    private let genesis: Genesis
    private let effects: Effects

    /// Takes the chain that is trusted.
    public init(genesis: Genesis, effects: Effects) {
        self.genesis = genesis
        self.effects = effects
    }

    /// Writes every block of a log, each checked to follow the one before and to be final.
    ///
    /// - Parameters:
    ///   - epochs: The node's log of epochs; a chain in its first epoch needs none.
    ///   - path: The file; it appears when everything is in it.
    /// - Throws: ``ArchiveFailure``; nothing is left under the path.
    public func write(
        _ log: any LogInspection, epochs: (any LogInspection)? = nil, to path: String,
        progress: @Sendable (ArchiveProgress) -> Void = { _ in }
    ) async throws(ArchiveFailure) -> ArchiveReport {
        let file: any FileWriter
        do throws(DiskFailure) {
            file = try await effects.disk.create(path)
        } catch {
            throw .disk(error)
        }
        do throws(ArchiveFailure) {
            return try await write(
                BlockPages(log), log, RecordedEpochs(epochs), into: ArchiveWriter(file), progress)
        } catch {
            await file.discard()
            throw error
        }
    }

    private func write(
        _ pages: BlockPages, _ log: any LogInspection, _ epochs: RecordedEpochs,
        into writer: ArchiveWriter,
        _ progress: @Sendable (ArchiveProgress) -> Void
    ) async throws(ArchiveFailure) -> ArchiveReport {
        var writer = writer
        var pages = pages
        var succession = try BlockSuccession(genesis: genesis)
        try await pages.begin()
        try await writing { () async throws(DiskFailure) in
            try await writer.write(.genesis, genesis.json.bytes)
        }
        while true {
            let page = try await pages.next(&succession)
            guard !page.blocks.isEmpty else { break }
            try await check(page, succession)
            try await writing { () async throws(DiskFailure) in
                for record in page.records { try await writer.write(.block, record) }
            }
            if let record = try await epochs.enter(&succession) {
                try await writing { () async throws(DiskFailure) in
                    try await writer.write(.epoch, record.canonicalBytes)
                }
            }
            progress(await pages.progress(at: succession.height))
        }
        if let flaw = await log.flaw, !flaw.isTornTail {
            throw .fault(.damaged(succession.next, flaw))
        }
        let end = ArchiveFrame.End(blocks: succession.height.value, last: succession.last)
        try await writing { () async throws(DiskFailure) in try await writer.finish(end) }
        return ArchiveReport(
            height: succession.height, hash: succession.last, bytes: writer.bytes)
    }

    private func check(
        _ page: BlockPages.Page, _ succession: BlockSuccession
    ) async throws(ArchiveFailure) {
        let schedule = succession.schedule
        let notFinal = await effects.workers.run {
            BlockSuccession.firstNotFinal(of: page.blocks, in: schedule)
        }
        if let fault = notFinal ?? page.fault { throw .fault(fault) }
    }

    private func writing(
        _ body: () async throws(DiskFailure) -> Void
    ) async throws(ArchiveFailure) {
        do throws(DiskFailure) { try await body() } catch { throw .disk(error) }
    }
}

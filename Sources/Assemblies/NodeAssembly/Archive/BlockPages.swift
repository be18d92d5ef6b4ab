// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Vocabulary

/// The blocks of a log that is looked at, a page at a time, each following the one before.
struct BlockPages {
    /// Blocks that follow each other, and what is wrong with the one after them, if anything.
    struct Page {
        var records: [[UInt8]] = []
        var blocks: [FinalizedBlock] = []
        var fault: ChainFault?
    }

    private let log: any LogInspection
    /// Records that were read and lie beyond the end of an epoch: at most a page.
    private var waiting: [[UInt8]] = []

    init(_ log: any LogInspection) { self.log = log }

    /// Checks that the log begins with the first block.
    func begin() async throws(ArchiveFailure) {
        let first = await log.first
        guard first == 0 else { throw .fault(.missing(BlockHeight(first))) }
    }

    /// The next page; none at the end of what is whole.
    ///
    /// - Parameter succession: Where the page before ended; where this one ends, on return.
    mutating func next(_ succession: inout BlockSuccession) async throws(ArchiveFailure) -> Page {
        var page = Page()
        do throws(DiskFailure) {
            if waiting.isEmpty {
                waiting = try await log.next(
                    count: ChainAudit.pageBlocks, bytesMax: ChainAudit.pageBytes)
            }
        } catch {
            throw .disk(error)
        }
        for record in waiting {
            do throws(ChainFault) {
                let block = try succession.block(record)
                try succession.take(block.block)
                page.blocks.append(block)
                page.records.append(record)
                // What follows is another epoch's to judge.
                guard succession.ended == nil else { break }
            } catch {
                page.fault = error
                guard page.blocks.isEmpty else { break }
                throw .fault(error)
            }
        }
        waiting.removeFirst(page.records.count)
        return page
    }

    func progress(at height: BlockHeight) async -> ArchiveProgress {
        ArchiveProgress(
            height: height, bytesDone: await log.bytesRead, bytesTotal: await log.bytes)
    }
}

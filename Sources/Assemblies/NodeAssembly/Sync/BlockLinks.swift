// SPDX-License-Identifier: Apache-2.0
import Consensus
import Ledger
import Vocabulary

/// Blocks that follow each other, from any one on, judged by the validators of their epochs as far
/// as it is known who those were (SYNC-16).
struct BlockLinks: Sendable {
    let chain: ChainID
    /// The last block that holds.
    private(set) var height: BlockHeight
    /// The last whose finality was checked.
    private(set) var judged: BlockHeight
    private(set) var hash = Digest.zero
    private(set) var fault: ChainFault?
    /// The last block of an epoch, until it is known who decides the next.
    private(set) var ended: BlockHeader?
    /// Who decides the next block; nothing once that is not known.
    private var schedule: ValidatorSchedule?
    /// The header of the last block; nothing before the first.
    private var last: BlockHeader?

    /// Begins with the block after `height`.
    init(of genesis: Genesis, after height: BlockHeight) throws(ArchiveFailure) {
        chain = genesis.chain
        self.height = height
        judged = height
        do {
            schedule = try ValidatorSchedule(of: genesis)
        } catch {
            throw .validators(error)
        }
    }

    /// Goes from the genesis to an epoch by handovers, each proved by the set before it
    /// (CONSENSUS-26).
    mutating func follow(
        _ records: RecordedEpochs, to epoch: Epoch
    ) async throws(ArchiveFailure) {
        while let known = schedule, known.epoch < epoch {
            guard let record = try await records.next(), record.ends(known),
                (try? record.verify(in: known)) != nil
            else { return schedule = nil }
            schedule?.enter(after: record.header, validators: record.validators)
        }
    }

    /// Takes blocks up to the end of an epoch, or to the first that does not hold.
    ///
    /// - Returns: How many were taken.
    mutating func take(_ records: [[UInt8]]) -> Int {
        for (place, record) in records.enumerated() {
            guard fault == nil, ended == nil else { return place }
            take(record)
        }
        return records.count
    }

    private mutating func take(_ record: [UInt8]) {
        let next = height.advanced(by: 1)
        do throws(ChainFault) {
            let block = try Self.block(record, at: next)
            try check(block, at: next)
            let header = block.block.header
            if let schedule {
                try Self.judge(block, schedule)
                judged = next
                if schedule.lengths.isAtEnd(header) { ended = header }
            }
            (height, hash, last) = (next, block.block.hash, header)
        } catch {
            fault = error
        }
    }

    private static func block(
        _ record: [UInt8], at next: BlockHeight
    ) throws(ChainFault) -> FinalizedBlock {
        do {
            return try FinalizedBlock(canonicalBytes: record)
        } catch {
            throw .unreadable(next, error)
        }
    }

    /// Checks what needs no validators: the first block has none before it here.
    private func check(_ block: FinalizedBlock, at next: BlockHeight) throws(ChainFault) {
        let header = block.block.header
        guard header.chain == chain else { throw .otherChain(next, header.chain) }
        guard header.height == next else { throw .brokenLink(next) }
        guard let last else { return }
        guard header.parent == hash, header.parentSlot == last.slot, header.epoch >= last.epoch
        else { throw .brokenLink(next) }
    }

    private static func judge(
        _ block: FinalizedBlock, _ schedule: ValidatorSchedule
    ) throws(ChainFault) {
        let header = block.block.header
        guard header.epoch == schedule.epoch else { throw .unknownEpoch(header.height) }
        guard header.proposer == schedule.leaders.leaderKey(of: header.slot) else {
            throw .wrongLeader(header.height)
        }
        do throws(FinalityError) {
            try schedule.verify(block)
        } catch {
            throw .notFinal(header.height, error)
        }
    }

    /// Goes on to the next epoch by what is recorded of the end of this one; when that is not
    /// known, what follows is linked and not judged.
    mutating func enter(_ record: EpochRecord?) {
        guard let header = ended, let known = schedule else { return }
        ended = nil
        guard let record, record.header == header, record.ends(known) else {
            return schedule = nil
        }
        schedule?.enter(after: record.header, validators: record.validators)
    }
}

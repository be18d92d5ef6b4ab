// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Vocabulary

/// A node's files: the log of final blocks, the log of its own consensus records, the state store.
actor NodeStorage {
    /// The final blocks; the record at index `h - 1` is the block of height `h`.
    let blocks: any RecordLog
    /// The consensus records of undecided slots.
    let records: any RecordLog
    /// The executed state.
    let state: any KeyValueStore
    /// The batches that are held and not archived.
    let lanes: LaneStorage

    /// Which slot each kept consensus record belongs to, in log order.
    private var slots: [Slot] = []
    private var firstIndex: UInt64 = 0
    /// The newest slot in which the kept records hold words of this validator's own.
    private(set) var newestSpoken: Slot?
    /// Keeps a validator's promise ahead of its words.
    private var keeper: PromiseKeeper?

    private let folder: String

    /// Opens or creates the files; none stays open when one cannot be opened.
    init(disk: any Disk, folder: String, storeBytesMax: Int) async throws(DiskFailure) {
        try await disk.createFolder(folder)
        self.folder = folder
        blocks = try await disk.openLog("\(folder)/blocks")
        var opened: [any RecordLog] = [blocks]
        do throws(DiskFailure) {
            records = try await disk.openLog("\(folder)/votes")
            opened.append(records)
            let log = try await disk.openLog("\(folder)/lanes")
            opened.append(log)
            lanes = LaneStorage(log, path: "\(folder)/lanes")
            state = try await disk.openStore("\(folder)/state", bytesMax: storeBytesMax)
        } catch {
            for log in opened { await log.close() }
            throw error
        }
    }

    /// Reads what a consensus machine starts from: the last final block, and the records of slots
    /// after it. The log frees whole segments only, so most records it holds are of older slots.
    ///
    /// - Throws: ``NodeFailure/disk(_:)``, ``NodeFailure/damaged(_:)``.
    func recover() async throws(NodeFailure) -> RecoveredState {
        do {
            let height = await blocks.end
            let last = height == 0 ? nil : try await block(at: BlockHeight(height))
            let decided = last?.block.header.slot ?? Slot(0)
            return RecoveredState(lastFinal: last?.bare, records: try await records(after: decided))
        } catch let failure as DiskFailure {
            throw .disk(failure)
        } catch let failure as NodeFailure {
            throw failure
        } catch {
            throw .blockLog("its last block does not read: \(error)")
        }
    }

    /// Whether the log of records has ever held one.
    var hasRecords: Bool { get async { await records.end > 0 } }

    /// Keeps a promise ahead of every word from now on.
    func keep(_ keeper: PromiseKeeper) { self.keeper = keeper }

    /// Speaks with another key of the same validator from now on.
    func speak(as key: PublicKey) async { await keeper?.speak(as: key) }

    private func decode(_ bytes: [UInt8], at index: UInt64) throws(NodeFailure) -> ConsensusRecord {
        do {
            return try ConsensusRecord(canonicalBytes: bytes)
        } catch {
            throw .disk(
                .damaged(
                    path: "\(folder)/votes", reason: "record \(index) does not read: \(error)"))
        }
    }

    private func records(after decided: Slot) async throws -> [ConsensusRecord] {
        var kept: [ConsensusRecord] = []
        newestSpoken = nil
        firstIndex = await records.first
        slots = []
        let end = await records.end
        var index = firstIndex
        while index < end {
            let page = try await records.read(from: index, count: 256, bytesMax: 4 << 20)
            guard !page.isEmpty else { break }
            for bytes in page {
                let record = try decode(bytes, at: firstIndex + UInt64(slots.count))
                slots.append(record.slot)
                if record.isOwnWord { newestSpoken = max(newestSpoken ?? Slot(0), record.slot) }
                if record.slot > decided { kept.append(record) }
            }
            index += UInt64(page.count)
        }
        return kept
    }

    /// The final block of a height.
    func block(at height: BlockHeight) async throws -> FinalizedBlock? {
        try await finalBlocks(from: height, count: 1, bytesMax: 1).first
    }

    /// Final blocks from a height on, at least one when it exists; none when it was forgotten.
    func finalBlocks(
        from height: BlockHeight, count: Int, bytesMax: Int
    ) async throws -> [FinalizedBlock] {
        let (first, end) = (await blocks.first, await blocks.end)
        guard height.value > first, height.value <= end else { return [] }
        let page = try await blocks.read(
            from: height.value - 1, count: count, bytesMax: bytesMax)
        return try page.map { try FinalizedBlock(canonicalBytes: $0) }
    }

    /// Batches of one lane from the one asked for downwards, as far as the blocks just before the
    /// one named hold them.
    func batches(_ request: BatchRequest) async throws -> [Batch] {
        var found: [Batch] = []
        var wanted = request.tip.hash
        var height = request.block
        while found.count < Int(request.count), height.value > 0 {
            guard let block = try await block(at: height) else { break }
            let here = Dictionary(
                (block.batches + block.forked).map { ($0.hash, $0) }, uniquingKeysWith: { $1 })
            while found.count < Int(request.count), let batch = here[wanted] {
                found.append(batch)
                wanted = batch.header.parent
            }
            // Batches of a lane lie in block after block; one asked for is in the block named.
            guard !found.isEmpty, request.block.value - height.value < Self.blocksPerAnswerMax
            else { break }
            height = BlockHeight(height.value - 1)
        }
        return found
    }

    /// The most blocks that are read for one question about batches.
    private static let blocksPerAnswerMax: UInt64 = 8

    /// The height of the newest final block.
    var height: BlockHeight { get async { await BlockHeight(blocks.end) } }

    /// Makes final blocks durable.
    func appendBlocks(_ bytes: [[UInt8]]) async throws(DiskFailure) {
        try await blocks.append(bytes)
    }

    /// Makes consensus records durable; the promise that covers them before (RECOVERY-7).
    func append(_ new: [ConsensusRecord]) async throws(DiskFailure) {
        let spoken = new.filter(\.isOwnWord).map(\.slot).max()
        if let spoken { try await keeper?.cover(spoken) }
        try await records.append(new.map(\.canonicalBytes))
        slots.append(contentsOf: new.map(\.slot))
        guard let spoken else { return }
        newestSpoken = max(newestSpoken ?? Slot(0), spoken)
        await keeper?.note(spoken)
    }

    /// Forgets the leading records of slots up to `slot`; the log frees whole segments.
    func forget(through slot: Slot) async throws(DiskFailure) {
        let count = slots.prefix { $0 <= slot }.count
        guard count >= 256 else { return }
        try await keeper?.allowForgetting(through: slot)
        slots.removeFirst(count)
        firstIndex += UInt64(count)
        try await records.prune(before: firstIndex)
    }

    /// Closes the files.
    func close() async {
        await keeper?.settle()
        await blocks.close()
        await records.close()
        await lanes.close()
        await state.close()
    }
}

extension ConsensusRecord {
    /// Whether this validator signed it, or may have signed for what it holds.
    fileprivate var isOwnWord: Bool {
        switch self {
        case .vote, .proposal: true
        case .certificate: false
        }
    }
}

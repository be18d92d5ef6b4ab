// SPDX-License-Identifier: Apache-2.0
import Consensus
import Effects
import Ledger
import Vocabulary

/// A node's knowledge of epochs: all handovers from the genesis on, and the checkpoints that no
/// final header carries yet (specs/node.md NODE-24).
///
/// The record at index *e* of its log ends epoch *e*, so the log's end is the epoch the node is in.
/// One record of 100 validators has some 20 KB.
actor EpochBook {
    /// The most bytes of the file of notes: of as many checkpoints as roots are remembered
    /// (CONSENSUS-17), each under 16 KiB.
    static let notesBytesMax = ConsensusLimits.stateRootsMax * 16_384

    /// Where the node stands in the chain; the log may know of later epochs already.
    private(set) var schedule: ValidatorSchedule
    /// The checkpoints that no final header carries yet, oldest first.
    private(set) var notes: [CheckpointNote] = []

    /// The header of the block that was taken last.
    private var previous: BlockHeader?
    /// The epoch that ``seats(in:)`` was asked about last.
    private var counted: (epoch: Epoch, seats: Int)?
    /// The newest state that a final header has carried.
    private var carried = BlockHeight(0)
    private let genesis: Genesis
    private let log: any RecordLog
    private let disk: any Disk
    private let folder: String
    private var notesPath: String { "\(folder)/checkpoints" }

    /// Opens or creates the files.
    ///
    /// - Throws: ``NodeFailure/disk(_:)``, ``NodeFailure/damaged(_:)``.
    init(disk: any Disk, folder: String, genesis: Genesis) async throws(NodeFailure) {
        self.disk = disk
        self.folder = folder
        self.genesis = genesis
        schedule = try Self.start(of: genesis)
        do throws(DiskFailure) {
            log = try await disk.openLog("\(folder)/epochs")
        } catch {
            throw .disk(error)
        }
        do throws(NodeFailure) {
            schedule = try await schedule(in: Epoch(await log.end))
            notes = try await readNotes()
        } catch {
            await log.close()
            throw error
        }
    }

    private static func start(of genesis: Genesis) throws(NodeFailure) -> ValidatorSchedule {
        do {
            return try ValidatorSchedule(of: genesis)
        } catch {
            throw .damaged("the genesis names no valid set of validators: \(error)")
        }
    }

    private func readNotes() async throws(NodeFailure) -> [CheckpointNote] {
        do throws(DiskFailure) {
            let bytes = try await disk.read(notesPath, limit: Self.notesBytesMax)
            var decoder = CanonicalDecoder(bytes)
            // What does not read is missed later, where it is needed, and computed again.
            let read = try? decoder.readList(
                CheckpointNote.self, limit: ConsensusLimits.stateRootsMax)
            return read ?? []
        } catch .notFound {
            return []
        } catch {
            throw .disk(error)
        }
    }

    // MARK: What is known

    /// Where the chain stands or stood in an epoch.
    ///
    /// - Throws: ``NodeFailure/damaged(_:)`` for an epoch whose beginning is not known here.
    func schedule(in epoch: Epoch) async throws(NodeFailure) -> ValidatorSchedule {
        var schedule = try Self.start(of: genesis)
        guard epoch.value > 0 else { return schedule }
        guard let record = try await records(from: epoch.value - 1, count: 1).first else {
            throw .damaged("\(folder)/epochs does not hold how epoch \(epoch) began")
        }
        schedule.enter(after: record.header, validators: record.validators)
        return schedule
    }

    /// How many validators an epoch has; quick while the same one is asked about.
    ///
    /// - Throws: ``NodeFailure/damaged(_:)`` for an epoch whose beginning is not known here.
    func seats(in epoch: Epoch) async throws(NodeFailure) -> Int {
        if epoch == schedule.epoch { return schedule.validators.count }
        if let counted, counted.epoch == epoch { return counted.seats }
        let seats = try await schedule(in: epoch).validators.count
        counted = (epoch, seats)
        return seats
    }

    /// How epochs ended, from `epoch` on, as far as is known; at most `count`, within 1 MiB.
    func records(from epoch: Epoch, count: Int) async throws(NodeFailure) -> [EpochRecord] {
        try await records(from: epoch.value, count: count)
    }

    private func records(from index: UInt64, count: Int) async throws(NodeFailure) -> [EpochRecord]
    {
        do throws(DiskFailure) {
            guard index < (await log.end) else { return [] }
            let page = try await log.read(from: index, count: count, bytesMax: 1 << 20)
            var records: [EpochRecord] = []
            for bytes in page {
                guard let record = try? EpochRecord(canonicalBytes: bytes) else {
                    throw .damaged(path: "\(folder)/epochs", reason: "a record does not read")
                }
                records.append(record)
            }
            return records
        } catch {
            throw .disk(error)
        }
    }

    // MARK: What is learned

    /// Takes an executed final block: what is to be kept of its state, and of the epoch it ends;
    /// durable on return.
    ///
    /// - Throws: ``DiskFailure``, as ``end(_:)``.
    func take(_ final: FinalizedBlock, _ checkpoint: CheckpointNote?) async throws(DiskFailure) {
        if let checkpoint { try await note(checkpoint) }
        try await end(final)
        previous = final.block.header
        forget(through: final.block.header.stateHeight)
    }

    /// Keeps the state of a checkpoint that a header may still have to carry; durable on return.
    func note(_ note: CheckpointNote) async throws(DiskFailure) {
        let isNeeded = note.height > carried || note.height >= cut
        guard isNeeded, !notes.contains(where: { $0.height == note.height }) else { return }
        try await write((notes + [note]).sorted { $0.height < $1.height })
    }

    /// Takes the last block of the epoch: the next one begins, durably on return.
    ///
    /// - Throws: ``DiskFailure``, and ``DiskFailure/damaged(path:reason:)`` when the state at the
    ///   cut was not noted and the log does not know how the epoch ended either.
    private func end(_ last: FinalizedBlock) async throws(DiskFailure) {
        let header = last.block.header
        guard header.epoch == schedule.epoch, schedule.lengths.isAtEnd(header) else { return }
        let record = try await record(of: last)
        if header.epoch == (await newest) { try await log.append([record.canonicalBytes]) }
        schedule.enter(after: header, validators: record.validators)
        try await write(notes.filter { $0.height > header.stateHeight })
    }

    private func record(of last: FinalizedBlock) async throws(DiskFailure) -> EpochRecord {
        let header = last.block.header
        if header.epoch < (await newest) {
            let bytes = try await log.read(from: header.epoch.value, count: 1, bytesMax: 1).first
            if let bytes, let record = try? EpochRecord(canonicalBytes: bytes),
                record.header == header
            {
                return record
            }
            throw .damaged(
                path: "\(folder)/epochs", reason: "it ends epoch \(header.epoch) otherwise")
        }
        guard let previous, let next = notes.first(where: { $0.height == header.stateHeight })?.next
        else {
            throw .damaged(
                path: notesPath, reason: "the state at the cut \(header.stateHeight) is not noted")
        }
        return EpochRecord(
            header, on: previous, last.proof, next: next, after: schedule.validators)
    }

    /// Takes how an epoch ended from somebody who proves it; durable on return.
    ///
    /// - Throws: ``FinalityError`` when its header is not final.
    /// - Returns: Whether it ends the newest epoch that is known.
    func learn(_ record: EpochRecord) async throws -> Bool {
        var newest = try await schedule(in: self.newest)
        guard record.ends(newest) else { return false }
        try record.verify(in: newest)
        try await log.append([record.canonicalBytes])
        newest.enter(after: record.header, validators: record.validators)
        schedule = newest
        return true
    }

    private func write(_ kept: [CheckpointNote]) async throws(DiskFailure) {
        var encoder = CanonicalEncoder()
        encoder.writeList(Array(kept.suffix(ConsensusLimits.stateRootsMax)))
        try await disk.replace(notesPath, with: encoder.bytes)
        notes = kept
    }

    /// Drops notes of states that a final header has carried; from the disk with the next change.
    func forget(through height: BlockHeight) {
        carried = max(carried, height)
        notes.removeAll { $0.height <= carried && $0.height < cut }
    }

    /// Stands where a node with this last final block is, as far as the log reaches.
    ///
    /// - Returns: Whether the log knows the validators of that block.
    func stand(after last: BlockHeader?) async throws(NodeFailure) -> Bool {
        let known = await newest
        guard let last else { return true }
        forget(through: last.stateHeight)
        let isEnd = schedule.lengths.isAtEnd(last)
        let epoch = isEnd ? last.epoch.advanced(by: 1) : last.epoch
        schedule = try await schedule(in: min(epoch, known))
        return last.epoch <= known
    }

    /// Says which block was executed last before the next one is taken.
    func resume(after previous: BlockHeader?) { self.previous = previous }

    /// Whether it stands in the epoch of a node with this last final block, whose state is at
    /// `height`, and can tell how that epoch will go over into the next one.
    func isWhole(at height: BlockHeight, _ last: BlockHeader?) async -> Bool {
        let isEnd = last.map { schedule.lengths.isAtEnd($0) } ?? false
        let epoch = last.map { isEnd ? $0.epoch.advanced(by: 1) : $0.epoch } ?? Epoch(0)
        guard schedule.epoch == epoch else { return false }
        if await newest > epoch { return true }
        return cut > height || notes.contains { $0.height == cut && $0.next != nil }
    }

    /// The newest epoch that the log knows the validators of.
    var newest: Epoch { get async { Epoch(await log.end) } }

    /// The height whose state ends the present epoch.
    private var cut: BlockHeight { schedule.lengths.cut(of: schedule.epoch) }

    /// Closes the files.
    func close() async { await log.close() }
}

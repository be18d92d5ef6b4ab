// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Ledger
import StateTree
import Vocabulary

/// Why no snapshot was made; the next checkpoint tries again.
enum MakingFailure: Error, Equatable {
    /// The disk failed or is full.
    case disk(DiskFailure)
    /// The node stops.
    case stopped
    /// Going through the store took longer than a look at it may last.
    case tookTooLong
    /// The state has more parts than an index may have.
    case tooLarge
}

/// Writes the state of one height as chunks and their index (SYNC-2).
///
/// The store has the pairs in the order of their keys, a snapshot in the order of the tree, which
/// is that of the keys' hashes: so they are sorted on disk, in runs of 16 MiB. Memory is bounded by
/// a run and by one piece of each run.
struct SnapshotMaker: Sendable {
    /// The bytes of state looked at in one step.
    static let pageBytes = 1 << 20
    /// How long a look at the store may last: what commits replace meanwhile takes room in it. At
    /// the standard rate 112 GiB are gone through in an hour.
    static let lifeMillisecondsMax: UInt64 = 3_600_000

    let effects: Effects
    /// Where the runs are kept meanwhile.
    let workFolder: String
    let bytesPerSecond: UInt64

    private var runs: RunFolder { RunFolder(effects: effects, folder: workFolder) }

    /// Goes through a look at the store, which is closed on return, and writes the chunks.
    ///
    /// - Parameter path: Where the chunks go, one behind the other in the order of the index.
    func make(
        _ snapshot: any StoreSnapshot, to path: String
    ) async throws(MakingFailure) -> SnapshotIndex {
        do throws(MakingFailure) {
            try await prepare()
            let count = try await spread(snapshot)
            snapshot.close()
            let index = try await cut(count, to: path)
            try await orFail { () async throws(DiskFailure) in
                try await effects.disk.removeFolder(workFolder)
            }
            return index
        } catch {
            snapshot.close()
            try? await effects.disk.removeFolder(workFolder)
            throw error
        }
    }

    private func prepare() async throws(MakingFailure) {
        try await orFail { () async throws(DiskFailure) in
            try await effects.disk.removeFolder(workFolder)
            try await effects.disk.createFolder(workFolder)
        }
    }

    // MARK: Into runs

    /// Writes the pairs into runs sorted by their place in the tree; returns how many.
    private func spread(_ snapshot: any StoreSnapshot) async throws(MakingFailure) -> Int {
        let begun = effects.time.now()
        var after: [UInt8]?
        var lists: [PairList] = []
        var bytes = 0
        var count = 0
        while true {
            let from = after
            let page = try await orFail { () async throws(DiskFailure) in
                try await snapshot.page(
                    prefix: StateImage.statePrefix, after: from, bytesMax: Self.pageBytes)
            }
            guard let last = page.lastKey else { break }
            after = last
            lists.append(await effects.workers.run { Self.placed(page) })
            bytes += page.bytes.count
            if bytes >= RunFolder.runBytes {
                try await write(lists, as: count)
                (lists, bytes, count) = ([], 0, count + 1)
            }
            try await pace(page.bytes.count, since: begun)
        }
        guard !lists.isEmpty else { return count }
        try await write(lists, as: count)
        return count + 1
    }

    /// Pairs under their keys in the tree, with key and value as the value.
    private static func placed(_ page: PairList) -> PairList {
        var placed = PairList(capacity: page.bytes.count + page.count * 40)
        var pair = PairList()
        page.forEach { key, value in
            let stateKey = UnsafeRawBufferPointer(
                rebasing: key.dropFirst(StateImage.statePrefix.count))
            var hasher = SHA256()
            hasher.update(stateKey)
            let path = hasher.finish()
            pair.removeAll()
            pair.append(stateKey, value)
            path.raw.withUnsafeBytes { path in
                pair.bytes.withUnsafeBytes { placed.append(path, $0) }
            }
        }
        return placed
    }

    private func write(_ lists: [PairList], as number: Int) async throws(MakingFailure) {
        try await orFail { () async throws(DiskFailure) in
            try await runs.write(lists, as: number)
        }
    }

    /// Waits as long as the bytes may take, so that a snapshot disturbs nothing else.
    private func pace(_ bytes: Int, since begun: Instant) async throws(MakingFailure) {
        await effects.time.sleep(milliseconds: UInt64(bytes) * 1_000 / max(bytesPerSecond, 1))
        guard !Task.isCancelled else { throw .stopped }
        guard effects.time.now().milliseconds(since: begun) < Self.lifeMillisecondsMax else {
            throw .tookTooLong
        }
    }

    // MARK: Into chunks

    private func cut(_ count: Int, to path: String) async throws(MakingFailure) -> SnapshotIndex {
        let writer = try await orFail { () async throws(DiskFailure) in
            try await effects.disk.create(path)
        }
        do throws(MakingFailure) {
            var cutter = SnapshotCutter()
            var parts: [SnapshotPart] = []
            try await runs.merge(Array(0..<count), failing: MakingFailure.disk) {
                (page) async throws(MakingFailure) in
                let before = cutter
                let (after, pieces) = await effects.workers.run { Self.cut(page, before) }
                cutter = after
                try await append(pieces, to: writer, &parts)
                try await pace(page.bytes.count)
            }
            let last = cutter
            let pieces = await effects.workers.run {
                var cutter = last
                return cutter.finish()
            }
            try await append(pieces, to: writer, &parts)
            try await orFail { () async throws(DiskFailure) in try await writer.finish() }
            return SnapshotIndex(parts: parts)
        } catch {
            await writer.discard()
            throw error
        }
    }

    private func pace(_ bytes: Int) async throws(MakingFailure) {
        await effects.time.sleep(milliseconds: UInt64(bytes) * 1_000 / max(bytesPerSecond, 1))
        guard !Task.isCancelled else { throw .stopped }
    }

    private static func cut(
        _ page: PairList, _ before: SnapshotCutter
    ) -> (SnapshotCutter, [SnapshotCutter.Piece]) {
        var cutter = before
        var pieces: [SnapshotCutter.Piece] = []
        page.forEach { path, pair in
            guard let lengths = PairLengths(pair, at: 0) else { return }
            pieces += cutter.add(
                path: path, key: lengths.key(in: pair), value: lengths.value(in: pair))
        }
        return (cutter, pieces)
    }

    private func append(
        _ pieces: [SnapshotCutter.Piece], to writer: any FileWriter,
        _ parts: inout [SnapshotPart]
    ) async throws(MakingFailure) {
        guard parts.count + pieces.count <= SnapshotIndex.partsMax else { throw .tooLarge }
        parts += pieces.map(\.part)
        let bytes = pieces.flatMap(\.bytes)
        guard !bytes.isEmpty else { return }
        try await orFail { () async throws(DiskFailure) in try await writer.append(bytes) }
    }

    private func orFail<Value>(
        _ body: () async throws(DiskFailure) -> Value
    ) async throws(MakingFailure) -> Value {
        do throws(DiskFailure) {
            return try await body()
        } catch {
            throw .disk(error)
        }
    }
}

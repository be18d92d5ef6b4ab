// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization

/// A log in a folder of segment files (EFFECTS-12 to EFFECTS-16).
///
/// Appends that arrive while one is being made durable wait and are then written and synced
/// together, so the rate of appends is not bound to the rate of syncs.
final class SegmentLog: RecordLog {
    private struct Append: Sendable {
        let records: [[UInt8]]
        let bytes: Int
        let done: UnsafeContinuation<Result<Void, DiskFailure>, Never>
    }

    private struct State {
        var segments: [Segment]
        var active: OpenFile?
        var activeBytes: UInt64
        var end: UInt64
        var waiting: [Append] = []
        var isFlushing = false
        var isClosed = false
        /// Set when the disk left us unsure of what it holds; ends all appends.
        var failure: DiskFailure?
        var closers: [UnsafeContinuation<Void, Never>] = []
    }

    /// A segment is full at this size: a node's log of a day is a few files, and reading one
    /// through at start takes a fraction of a second.
    static let segmentBytesMax: UInt64 = 67_108_864
    /// Appends joined into one write hold at most so many bytes beyond the first append.
    private static let joinedBytesMax = 16_777_216

    private let folder: DiskPath
    private let pool: ThreadPool
    private let segmentBytesMax: UInt64
    private let state: Mutex<State>
    private let lock: Mutex<FolderLock?>

    /// Opens or makes a log. Blocks; belongs on a disk thread.
    ///
    /// - Parameter first: The index of the first record of a log that is made.
    init(
        _ folder: DiskPath, pool: ThreadPool, first: UInt64 = 0,
        segmentBytesMax: UInt64 = SegmentLog.segmentBytesMax
    ) throws(DiskFailure) {
        self.folder = folder
        self.pool = pool
        self.segmentBytesMax = segmentBytesMax
        try Folder.make(folder.absolute, path: folder.relative)
        lock = Mutex(try FolderLock(folder))
        let found = try LogRecovery(folder, first: first)
        state = Mutex(
            State(
                segments: found.segments, active: found.active, activeBytes: found.activeBytes,
                end: found.end))
    }

    var first: UInt64 { get async { state.withLock { $0.segments.first?.first ?? $0.end } } }

    var end: UInt64 { get async { state.withLock { $0.end } } }

    // MARK: Appending

    func append(_ records: [[UInt8]]) async throws(DiskFailure) {
        guard !records.isEmpty else { return }
        guard records.allSatisfy({ $0.count <= StorageLimit.recordBytesMax }) else {
            throw .system(
                path: folder.relative, errno: EMSGSIZE,
                message: "a record has more than \(StorageLimit.recordBytesMax) bytes")
        }
        let bytes = records.reduce(0) { $0 + $1.count + RecordFormat.recordHeaderBytes }
        let outcome = await withUnsafeContinuation { done in
            enqueue(Append(records: records, bytes: bytes, done: done))
        }
        try outcome.get()
    }

    private func enqueue(_ append: Append) {
        let refusal = state.withLock { state -> DiskFailure? in
            if state.isClosed { return closedFailure }
            if let failure = state.failure { return failure }
            state.waiting.append(append)
            guard !state.isFlushing else { return nil }
            state.isFlushing = true
            pool.submit { self.flush() }
            return nil
        }
        if let refusal { append.done.resume(returning: .failure(refusal)) }
    }

    /// Writes waiting appends until there are none; runs on one disk thread at a time.
    private func flush() {
        while let group = takeGroup() {
            let outcome: Result<Void, DiskFailure>
            do throws(DiskFailure) {
                try write(group)
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            for append in group { append.done.resume(returning: outcome) }
        }
        let closers = state.withLock { state in
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    private func takeGroup() -> [Append]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isFlushing = false
                return nil
            }
            var count = 1
            var bytes = 0
            while count < state.waiting.count {
                bytes += state.waiting[count].bytes
                guard bytes <= Self.joinedBytesMax else { break }
                count += 1
            }
            let group = Array(state.waiting[..<count])
            state.waiting.removeFirst(count)
            return group
        }
    }

    /// One write and one sync for the whole group.
    private func write(_ group: [Append]) throws(DiskFailure) {
        let (file, start, end) = try activeSegment()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(group.reduce(0) { $0 + $1.bytes })
        var offsets: [UInt64] = []
        for record in group.lazy.flatMap(\.records) {
            offsets.append(start + UInt64(bytes.count))
            RecordFormat.append(
                record, index: end + UInt64(offsets.count - 1), place: UInt32(offsets.count - 1),
                to: &bytes)
        }
        do throws(DiskFailure) {
            try file.write(bytes, at: start)
        } catch {
            try undo(file, to: start)
            throw error.naming(folder.relative)
        }
        do throws(DiskFailure) { try file.syncBytes() } catch { throw give(up: error) }
        let size = start + UInt64(bytes.count)
        state.withLock { state in
            for (place, offset) in offsets.enumerated() {
                state.segments.last?.note(end + UInt64(place), at: offset)
            }
            state.activeBytes = size
            state.end = end + UInt64(offsets.count)
        }
    }

    /// The file to write to, with the place and the index to go on from; a new one when it is full.
    private func activeSegment() throws(DiskFailure) -> (OpenFile, UInt64, UInt64) {
        let (file, bytes, end, failure) = state.withLock {
            ($0.active, $0.activeBytes, $0.end, $0.failure)
        }
        if let failure { throw failure }
        guard let file else { throw closedFailure }
        guard bytes >= segmentBytesMax else { return (file, bytes, end) }
        let segment = Segment(first: end, in: folder)
        let fresh: OpenFile
        do throws(DiskFailure) {
            fresh = try LogRecovery.begin(segment, in: folder)
        } catch {
            throw error.naming(folder.relative)
        }
        let start = UInt64(RecordFormat.segmentHeaderBytes)
        state.withLock { state in
            state.segments.append(segment)
            state.active = fresh
            state.activeBytes = start
        }
        return (fresh, start, end)
    }

    /// Takes back a write that failed, so that later appends begin behind the last good record.
    private func undo(_ file: OpenFile, to size: UInt64) throws(DiskFailure) {
        do throws(DiskFailure) {
            try file.truncate(to: size)
            try file.syncBytes()
        } catch {
            throw give(up: error)
        }
    }

    /// Ends all appends: after a failed sync the kernel may have dropped what was to be written,
    /// so only reading the disk again, by reopening, tells what it holds (EFFECTS-15).
    private func give(up failure: DiskFailure) -> DiskFailure {
        let failure = failure.naming(folder.relative)
        state.withLock { $0.failure = failure }
        return failure
    }

    // MARK: Reading

    func read(
        from index: UInt64, count: Int, bytesMax: Int
    ) async throws(DiskFailure) -> [[UInt8]] {
        let (segments, end, activeBytes, isClosed) = state.withLock {
            ($0.segments, $0.end, $0.activeBytes, $0.isClosed)
        }
        if isClosed { throw closedFailure }
        guard count > 0, index < end else { return [] }
        guard let first = segments.first?.first, index >= first else {
            throw .notFound(path: "\(folder.relative)/\(index)")
        }
        let view = LogView(segments: segments, end: end, activeBytes: activeBytes)
        return try await pool.run { () throws(DiskFailure) in
            try view.read(from: index, count: count, bytesMax: bytesMax)
        }
    }

    // MARK: Pruning and closing

    func prune(before index: UInt64) async throws(DiskFailure) {
        try await pool.run { [self] () throws(DiskFailure) in
            let dropped = state.withLock { state in
                let kept = state.segments.indices.dropFirst().last {
                    state.segments[$0].first <= index
                }
                let dropped = Array(state.segments[..<(kept ?? 0)])
                state.segments.removeFirst(dropped.count)
                return dropped
            }
            guard !dropped.isEmpty else { return }
            // Oldest first: whatever a crash leaves is a log without a gap.
            for segment in dropped { unlink(segment.path.absolute) }
            try Folder.sync(folder.absolute, path: folder.relative)
        }
    }

    func close() async {
        await withUnsafeContinuation { closer in
            let isFlushing = state.withLock { state in
                state.isClosed = true
                if state.isFlushing { state.closers.append(closer) }
                return state.isFlushing
            }
            if !isFlushing { closer.resume() }
        }
        state.withLock { $0.active = nil }
        lock.withLock { $0 = nil }
    }

    private var closedFailure: DiskFailure {
        .system(path: folder.relative, errno: EBADF, message: "this log has been closed")
    }
}

/// What a reader sees of a log: everything acknowledged when it asked.
struct LogView: Sendable {
    let segments: [Segment]
    let end: UInt64
    let activeBytes: UInt64

    /// Reads records in order; blocks.
    func read(from index: UInt64, count: Int, bytesMax: Int) throws(DiskFailure) -> [[UInt8]] {
        var records: [[UInt8]] = []
        var bytes = 0
        var next = index
        let stop = min(end, Instant(index).advanced(by: UInt64(count)).value)
        while next < stop {
            let place = segments.lastIndex { $0.first <= next } ?? 0
            let isActive = place == segments.count - 1
            let segmentEnd = isActive ? end : segments[place + 1].first
            var scanner = try segments[place].scanner(
                at: next, end: segmentEnd, limit: isActive ? activeBytes : nil)
            while next < min(stop, segmentEnd) {
                let offset = scanner.offset
                guard case .record(let record, _) = try scanner.next() else {
                    throw segments[place].damage(at: offset, "record \(next) is broken")
                }
                bytes += record.count
                guard records.isEmpty || bytes <= bytesMax else { return records }
                records.append(record)
                next += 1
            }
        }
        return records
    }
}

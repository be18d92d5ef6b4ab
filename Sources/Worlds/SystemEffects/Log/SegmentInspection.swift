// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization

/// A look through all segments of a log, oldest first (EFFECTS-19).
final class SegmentInspection: LogInspection {
    private struct State {
        /// Which segment is being read.
        var place = 0
        /// Its file and its records, once it has been opened.
        var scanner: RecordScanner?
        /// The index that the next record must have.
        var index: UInt64
        /// A record read that did not fit the answer before.
        var held: [UInt8]?
        var bytesRead: UInt64 = 0
        var flaw: LogFlaw?
        var isClosed = false
    }

    let segments: [Segment]
    private let sizes: [UInt64]
    private let folder: DiskPath
    private let pool: ThreadPool
    private let state: Mutex<State>
    private let lock: Mutex<FolderLock?>

    /// Opens a log. Blocks; belongs on a disk thread.
    init(_ folder: DiskPath, pool: ThreadPool) throws(DiskFailure) {
        self.folder = folder
        self.pool = pool
        let names = try Folder.names(in: folder.absolute, path: folder.relative)
        lock = Mutex(try FolderLock(lookingAt: folder))
        segments = names.compactMap { Segment.first(ofName: $0) }
            .map { Segment(first: $0, in: folder) }
        var sizes: [UInt64] = []
        for segment in segments { sizes.append(try OpenFile(segment.path, O_RDONLY).size()) }
        self.sizes = sizes
        state = Mutex(State(index: segments.first?.first ?? 0))
    }

    var first: UInt64 { get async { segments.first?.first ?? 0 } }
    var bytes: UInt64 { get async { sizes.reduce(0, +) } }
    var bytesRead: UInt64 { get async { state.withLock { $0.bytesRead } } }
    var flaw: LogFlaw? { get async { state.withLock { $0.flaw } } }

    func next(count: Int, bytesMax: Int) async throws(DiskFailure) -> [[UInt8]] {
        try await pool.run { [self] () throws(DiskFailure) in
            try state.withLock { state throws(DiskFailure) in
                guard !state.isClosed else { throw closedFailure }
                return try read(count: count, bytesMax: bytesMax, &state)
            }
        }
    }

    private func read(
        count: Int, bytesMax: Int, _ state: inout State
    ) throws(DiskFailure) -> [[UInt8]] {
        var records: [[UInt8]] = []
        var bytes = 0
        while records.count < count {
            let held = state.held.take()
            guard let record = if let held { held } else { try step(&state) } else { break }
            bytes += record.count
            guard records.isEmpty || bytes <= bytesMax else {
                state.held = record
                break
            }
            records.append(record)
        }
        return records
    }

    /// The next whole record, from this segment or those after it.
    private func step(_ state: inout State) throws(DiskFailure) -> [UInt8]? {
        while state.flaw == nil, state.place < segments.count {
            guard state.scanner != nil else {
                try open(&state)
                continue
            }
            guard let offset = state.scanner?.offset, let step = try state.scanner?.next() else {
                return nil
            }
            switch step {
            case .record(let record, _):
                state.index += 1
                state.bytesRead += UInt64(record.count + RecordFormat.recordHeaderBytes)
                return record
            case .end:
                state.scanner = nil
                state.place += 1
            case .broken(let reason):
                try note(at: offset, reason, &state)
            }
        }
        return nil
    }

    private func open(_ state: inout State) throws(DiskFailure) {
        let segment = segments[state.place]
        let size = sizes[state.place]
        guard segment.first == state.index else {
            state.flaw = flaw(
                segment, at: 0,
                "records \(state.index) to \(segment.first) are missing before it")
            return
        }
        let isLast = state.place == segments.count - 1
        guard size > UInt64(RecordFormat.segmentHeaderBytes) || !isLast else {
            // No record can have been in it; opening the log begins it anew.
            state.place += 1
            return
        }
        let file = try OpenFile(segment.path, O_RDONLY)
        do throws(DiskFailure) {
            try segment.checkHeader(file)
        } catch .damaged(let path, let reason) {
            state.flaw = LogFlaw(isTornTail: false, path: path, reason: reason)
            return
        }
        state.bytesRead += UInt64(RecordFormat.segmentHeaderBytes)
        state.scanner = RecordScanner(
            file, from: UInt64(RecordFormat.segmentHeaderBytes), index: segment.first, limit: size)
    }

    /// Tells a torn tail from damage, as opening the log does (EFFECTS-14).
    private func note(
        at offset: UInt64, _ reason: String, _ state: inout State
    ) throws(DiskFailure) {
        let isLast = state.place == segments.count - 1
        let isTorn = isLast ? try !(state.scanner?.hasLaterAppend() ?? false) : false
        state.flaw = flaw(segments[state.place], at: offset, reason, isTornTail: isTorn)
    }

    private func flaw(
        _ segment: Segment, at offset: UInt64, _ reason: String, isTornTail: Bool = false
    ) -> LogFlaw {
        LogFlaw(
            isTornTail: isTornTail, path: segment.path.relative,
            reason: "at byte \(offset): \(reason)")
    }

    func close() async {
        state.withLock { state in
            state.isClosed = true
            state.scanner = nil
        }
        lock.withLock { $0 = nil }
    }

    private var closedFailure: DiskFailure {
        .system(path: folder.relative, errno: EBADF, message: "this log has been closed")
    }
}

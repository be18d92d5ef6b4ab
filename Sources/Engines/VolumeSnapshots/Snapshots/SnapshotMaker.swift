// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc
public import Vocabulary

/// What making a snapshot did.
public struct SnapshotReport: Hashable, Sendable {
    /// The snapshot's name, by which it is found again.
    public let id: ChunkID
    /// What it is.
    public let record: SnapshotRecord
    /// What was written.
    public let written: WritingTotals
    /// How many bytes of files were read.
    public let bytesRead: UInt64
    /// How many files were taken from the snapshot before without being read.
    public let filesReused: UInt64
    /// How many files changed while they were read: each holds what was there at one time or
    /// another, and is read again the next time.
    public let filesUnsettled: UInt64
    /// How many sockets were left out.
    public let sockets: UInt64
}

/// Makes snapshots of a folder: every file as it is when it is read (SNAPSHOT-5, SNAPSHOT-6).
///
/// Whoever needs all files of one moment stops the programs that write, or lets the file system
/// keep that moment. Memory: the names of the folders on the way, and some chunks.
public final class SnapshotMaker {
    /// How long before its record a file must have been left alone to be trusted unread: 1 s, more
    /// than any clock of a file system jumps at once.
    static let settledMilliseconds: Int64 = 1_000
    /// How much of a file is read at once: 1 MiB.
    private static let bufferBytes = 1 << 20

    private let press: ChunkPress
    private let sink: any ChunkSink
    private let before: (record: SnapshotRecord, reader: ChunkReader)?
    private let limits: SnapshotLimits
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: SnapshotMaker.bufferBytes, alignment: 4_096)

    private var entries: UInt64 = 0
    private var bytes: UInt64 = 0
    private var bytesRead: UInt64 = 0
    private var filesReused: UInt64 = 0
    private var filesUnsettled: UInt64 = 0
    private var sockets: UInt64 = 0
    // The first path of each file that has several.
    private var firstPaths: [LinkedFile: [UInt8]] = [:]

    private struct LinkedFile: Hashable {
        let device: UInt
        let inode: UInt
    }

    private init(
        _ key: SnapshotKey, _ sink: any ChunkSink,
        _ before: (record: SnapshotRecord, reader: ChunkReader)?, _ limits: SnapshotLimits
    ) {
        press = ChunkPress(key, sink)
        self.sink = sink
        self.before = before
        self.limits = limits
    }

    deinit { buffer.deallocate() }

    /// Makes a snapshot; on return it is durable in its store, and its name is to be kept.
    ///
    /// - Parameters:
    ///   - previous: A snapshot of the same folder in the same store: files that have its size,
    ///     times and number are not read again. Nothing reads all, as verifying asks.
    ///   - source: Where the previous one is read from.
    ///   - moment: The time now, by the clock of the folder's machine.
    /// - Throws: What the system or the store says; the store then keeps what it had and may have
    ///   some chunks more.
    public static func make(
        of path: String, into sink: any ChunkSink, key: SnapshotKey,
        after previous: (record: SnapshotRecord, source: any ChunkSource)? = nil,
        at moment: Timestamp, limits: SnapshotLimits = SnapshotLimits()
    ) async throws(SnapshotFailure) -> SnapshotReport {
        let before = previous.map { ($0.record, ChunkReader(key, $0.source)) }
        let maker = SnapshotMaker(key, sink, before, limits)
        return try await maker.run(path, moment)
    }

    private func run(
        _ path: String, _ moment: Timestamp
    ) async throws(SnapshotFailure) -> SnapshotReport {
        let folder = try OpenFile(path, O_RDONLY | O_DIRECTORY)
        let status = try folder.status()
        let listing = try await listing(of: folder, path: [], before?.record.listing, depth: 0)
        let root = entry(
            Array(".".utf8), .folder(listing), status, try FileFacts.attributes(folder))
        let record = SnapshotRecord(begun: moment, root: root, entries: entries, bytes: bytes)
        let id = try await press.put(record.canonicalBytes)
        try await sink.flush()
        return SnapshotReport(
            id: id, record: record, written: press.totals, bytesRead: bytesRead,
            filesReused: filesReused, filesUnsettled: filesUnsettled, sockets: sockets)
    }

    private func listing(
        of folder: OpenFile, path: [UInt8], _ earlier: ContentReference?, depth: Int
    ) async throws(SnapshotFailure) -> ContentReference {
        guard depth < SnapshotLimits.depthMax else {
            throw .tooLarge("folders", limit: UInt64(SnapshotLimits.depthMax))
        }
        var known: EntryLookup?
        if let before, let earlier { known = EntryLookup(EntryStream(earlier, before.reader)) }
        var writer = ContentWriter(press)
        for name in try FileFacts.names(in: folder) {
            let earlier = try await known?.entry(name)
            let inner = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
            guard
                let entry = try await entry(name, in: folder, path: inner, earlier, depth: depth)
            else { continue }
            entries += 1
            guard entries <= limits.entries else {
                throw .tooLarge("entries", limit: limits.entries)
            }
            try await writer.append(entry.canonicalBytes)
        }
        return try await writer.finish()
    }

    /// The entry of a name; nothing when it went away meanwhile, or is a socket.
    private func entry(
        _ name: [UInt8], in folder: OpenFile, path: [UInt8], _ earlier: SnapshotEntry?, depth: Int
    ) async throws(SnapshotFailure) -> SnapshotEntry? {
        guard let status = try FileFacts.status(name, in: folder) else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return try await file(name, in: folder, path: path, status, earlier)
        case S_IFDIR:
            let inner = try OpenFile(name, in: folder, O_RDONLY | O_DIRECTORY)
            var before: ContentReference?
            if case .folder(let listing) = earlier?.kind { before = listing }
            let listing = try await listing(of: inner, path: path, before, depth: depth + 1)
            return entry(
                name, .folder(listing), status, try FileFacts.attributes(inner))
        case S_IFLNK:
            let target = try FileFacts.target(name, in: folder)
            return entry(name, .symbolicLink(target), status)
        case S_IFIFO: return entry(name, .pipe, status)
        case S_IFCHR, S_IFBLK:
            let isBlock = status.st_mode & S_IFMT == S_IFBLK
            let kind = SnapshotEntry.Kind.device(
                isBlock: isBlock, major: atoll_major(status.st_rdev),
                minor: atoll_minor(status.st_rdev))
            return entry(name, kind, status)
        default:
            sockets += 1
            return nil
        }
    }

    private func entry(
        _ name: [UInt8], _ kind: SnapshotEntry.Kind, _ status: stat,
        _ attributes: [FileAttribute] = []
    ) -> SnapshotEntry {
        SnapshotEntry(
            name: name, kind: kind, mode: UInt32(status.st_mode & 0o7777), user: status.st_uid,
            group: status.st_gid, modified: FileMoment(status.st_mtim), attributes: attributes)
    }

    // MARK: - Files

    private func file(
        _ name: [UInt8], in folder: OpenFile, path: [UInt8], _ status: stat,
        _ earlier: SnapshotEntry?
    ) async throws(SnapshotFailure) -> SnapshotEntry? {
        if status.st_nlink > 1, let first = try firstPath(of: status, or: path) {
            return entry(name, .hardLink(first), status)
        }
        if let earlier, let same = unchanged(earlier, status) {
            filesReused += 1
            try count(same.content.bytes)
            return entry(name, .file(same), status, earlier.attributes)
        }
        let open: OpenFile
        do throws(SnapshotFailure) {
            open = try OpenFile(name, in: folder, O_RDONLY | O_NONBLOCK)
        } catch .notFound {
            return nil
        } catch {
            throw error
        }
        let start = try open.status()
        guard start.st_mode & S_IFMT == S_IFREG else { return nil }
        let read = try await content(of: open, start)
        let end = try open.status()
        let isSettled =
            FileMoment(start.st_ctim) == FileMoment(end.st_ctim) && start.st_size == end.st_size
        if !isSettled { filesUnsettled += 1 }
        let file = SnapshotFile(
            size: read.size, runs: read.runs, content: read.content,
            // No file has the number zero: an unsettled one is read again.
            inode: isSettled ? UInt64(start.st_ino) : 0, changed: FileMoment(start.st_ctim))
        return entry(name, .file(file), start, try FileFacts.attributes(open))
    }

    /// The path under which a file with several names was met first, or nothing when it is this.
    private func firstPath(
        of status: stat, or path: [UInt8]
    ) throws(SnapshotFailure) -> [UInt8]? {
        let file = LinkedFile(device: UInt(status.st_dev), inode: UInt(status.st_ino))
        if let first = firstPaths[file] { return first }
        guard firstPaths.count < SnapshotLimits.linkedFilesMax else {
            throw .tooLarge(
                "files with several names", limit: UInt64(SnapshotLimits.linkedFilesMax))
        }
        // A path longer than any link may name is kept as a file of its own.
        if path.count <= SnapshotLimits.targetBytesMax { firstPaths[file] = path }
        return nil
    }

    /// What is known of a file that has not changed since the snapshot before.
    private func unchanged(_ earlier: SnapshotEntry, _ status: stat) -> SnapshotFile? {
        guard let before, case .file(let file) = earlier.kind,
            file.inode == UInt64(status.st_ino), file.size == UInt64(status.st_size),
            earlier.modified == FileMoment(status.st_mtim),
            file.changed == FileMoment(status.st_ctim)
        else { return nil }
        // A file that changed as the snapshot began may have changed again within one tick of the
        // file system's clock.
        let changed =
            file.changed.seconds.multipliedReportingOverflow(by: 1_000).partialValue
            &+ Int64(file.changed.nanoseconds / 1_000_000)
        let begun = Int64(truncatingIfNeeded: before.record.begun.value)
        return changed &+ Self.settledMilliseconds < begun ? file : nil
    }

    private func count(_ more: UInt64) throws(SnapshotFailure) {
        bytes += more
        guard bytes <= limits.bytes else { throw .tooLarge("bytes", limit: limits.bytes) }
    }

    private func content(
        of file: OpenFile, _ status: stat
    ) async throws(SnapshotFailure) -> (size: UInt64, runs: [FileRun], content: ContentReference) {
        var writer = ContentWriter(press)
        var runs: [FileRun] = []
        for run in FileFacts.runs(file, status) {
            var done: UInt64 = 0
            while done < run.count {
                let room = Int(min(run.count - done, UInt64(buffer.count)))
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
                let count = try file.read(part, at: run.offset + done)
                // It shrank since it was looked at: what is left is all there is.
                guard count > 0 else { break }
                try await writer.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                done += UInt64(count)
            }
            guard done > 0 else { break }
            runs.append(FileRun(offset: run.offset, count: done))
            if done < run.count { break }
        }
        let content = try await writer.finish()
        bytesRead += content.bytes
        try count(content.bytes)
        return (UInt64(status.st_size), runs, content)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// How a snapshot is put back.
public struct RestoringOptions: Sendable {
    /// Whether owners are set as they were; otherwise everything belongs to the caller, and what
    /// lends an owner's rights to others is left out.
    public var setsOwners: Bool
    /// Whether devices may be made; otherwise a snapshot with one is refused.
    public var makesDevices: Bool
    /// Whether the folder may hold a part that was put back before, which then is gone on with.
    public var resumes: Bool
    /// How much is taken.
    public var limits: SnapshotLimits

    /// The usual: owners if the process is root's, no devices, into an empty folder.
    public init(
        setsOwners: Bool? = nil, makesDevices: Bool = false, resumes: Bool = false,
        limits: SnapshotLimits = SnapshotLimits()
    ) {
        self.setsOwners = setsOwners ?? (geteuid() == 0)
        self.makesDevices = makesDevices
        self.resumes = resumes
        self.limits = limits
    }
}

/// What putting back did.
public struct RestoringReport: Hashable, Sendable {
    /// How many entries there are.
    public var entries: UInt64 = 0
    /// How many bytes were written.
    public var bytesWritten: UInt64 = 0
    /// How many files were there already, from an attempt before.
    public var filesKept: UInt64 = 0
}

/// Puts a snapshot into a folder, chunk by checked chunk (SNAPSHOT-7, SNAPSHOT-8).
///
/// Every entry is made by its name alone in a folder that is held open, so nothing that a snapshot
/// says leads anywhere else. Memory: some chunks and the listings on the way.
public final class SnapshotRestorer {
    private let reader: ChunkReader
    private let options: RestoringOptions
    private let root: OpenFile
    private var report = RestoringReport()
    private var bytes: UInt64 = 0

    private init(_ reader: ChunkReader, _ options: RestoringOptions, _ root: OpenFile) {
        self.reader = reader
        self.options = options
        self.root = root
    }

    /// Puts a snapshot into a folder that is empty or not there; the folder above it must be.
    ///
    /// - Throws: ``SnapshotFailure``. What was put back until then stays, and can be gone on with.
    public static func restore(
        _ record: SnapshotRecord, from source: any ChunkSource, key: SnapshotKey,
        into path: String, options: RestoringOptions = RestoringOptions()
    ) async throws(SnapshotFailure) -> RestoringReport {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .fromSystem(path) }
        let root = try OpenFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        let isEmpty = try FileFacts.names(in: root).isEmpty
        guard isEmpty || options.resumes else { throw .occupied(path) }
        guard let listing = record.listing else { throw .malformed("its root is no folder") }
        let restorer = SnapshotRestorer(ChunkReader(key, source), options, root)
        try await restorer.fill(root, with: listing, depth: 0)
        try restorer.describe(root, record.root)
        guard atoll_syncfs(root.number) == 0 else { throw .fromSystem(path) }
        return restorer.report
    }

    private func fill(
        _ folder: OpenFile, with listing: ContentReference, depth: Int
    ) async throws(SnapshotFailure) {
        guard depth < SnapshotLimits.depthMax else {
            throw .tooLarge("folders", limit: UInt64(SnapshotLimits.depthMax))
        }
        var stream = EntryStream(listing, reader)
        while let entry = try await stream.next() {
            report.entries += 1
            guard report.entries <= options.limits.entries else {
                throw .tooLarge("entries", limit: options.limits.entries)
            }
            try await make(entry, in: folder, depth: depth)
        }
    }

    private func make(
        _ entry: SnapshotEntry, in folder: OpenFile, depth: Int
    ) async throws(SnapshotFailure) {
        let present = try options.resumes ? FileFacts.status(entry.name, in: folder) : nil
        switch entry.kind {
        case .folder(let listing):
            let inner = try makeFolder(entry, in: folder, present)
            try await fill(inner, with: listing, depth: depth + 1)
            try describe(inner, entry)
        case .file(let file):
            if let present, isDone(present, entry, file) {
                report.filesKept += 1
                return
            }
            try clear(entry, in: folder, present)
            try await makeFile(entry, file, in: folder)
        case .symbolicLink(let target):
            try clear(entry, in: folder, present)
            try makeLink(entry, target, in: folder)
        case .hardLink(let path):
            try clear(entry, in: folder, present)
            try makeName(entry, of: path, in: folder)
        case .pipe:
            try clear(entry, in: folder, present)
            try makeNode(entry, in: folder, S_IFIFO, 0)
        case .device(let isBlock, let major, let minor):
            guard options.makesDevices else {
                throw .hostile(path: Self.path(entry, in: folder), reason: "a device")
            }
            try clear(entry, in: folder, present)
            try makeNode(
                entry, in: folder, isBlock ? S_IFBLK : S_IFCHR, atoll_makedev(major, minor))
        }
    }

    private static func path(_ entry: SnapshotEntry, in folder: OpenFile) -> String {
        folder.path + "/" + String(decoding: entry.name, as: UTF8.self)
    }

    // MARK: - Kinds

    private func makeFolder(
        _ entry: SnapshotEntry, in folder: OpenFile, _ present: stat?
    ) throws(SnapshotFailure) -> OpenFile {
        if let present, present.st_mode & S_IFMT == S_IFDIR {
            return try OpenFile(entry.name, in: folder, O_RDONLY | O_DIRECTORY)
        }
        try clear(entry, in: folder, present)
        guard entry.name.withName({ mkdirat(folder.number, $0, 0o700) }) == 0 else {
            throw Self.failure(entry, in: folder)
        }
        return try OpenFile(entry.name, in: folder, O_RDONLY | O_DIRECTORY)
    }

    private func makeFile(
        _ entry: SnapshotEntry, _ file: SnapshotFile, in folder: OpenFile
    ) async throws(SnapshotFailure) {
        let (sum, overflow) = bytes.addingReportingOverflow(file.content.bytes)
        guard !overflow, sum <= options.limits.bytes else {
            throw .tooLarge("bytes", limit: options.limits.bytes)
        }
        bytes = sum
        let open: OpenFile
        do throws(SnapshotFailure) {
            open = try OpenFile(entry.name, in: folder, O_WRONLY | O_CREAT | O_EXCL)
        } catch .failed(let path, EEXIST) {
            throw .occupied(path)
        } catch {
            throw error
        }
        guard ftruncate(open.number, off_t(file.size)) == 0 else { throw .fromSystem(open.path) }
        var placed = RunPlacement(file.runs)
        var pieces = ContentPieces(file.content, reader)
        while let piece = try await pieces.next() {
            try placed.write(piece, to: open)
            report.bytesWritten += UInt64(piece.count)
        }
        try describe(open, entry)
    }

    private func makeLink(
        _ entry: SnapshotEntry, _ target: [UInt8], in folder: OpenFile
    ) throws(SnapshotFailure) {
        guard !target.isEmpty, !target.contains(0) else {
            throw .hostile(path: Self.path(entry, in: folder), reason: "a link to nothing")
        }
        let result = target.withName { target in
            entry.name.withName { symlinkat(target, folder.number, $0) }
        }
        guard result == 0 else { throw Self.failure(entry, in: folder) }
        try describe(entry, in: folder)
    }

    private func makeName(
        _ entry: SnapshotEntry, of path: [UInt8], in folder: OpenFile
    ) throws(SnapshotFailure) {
        let hostile = SnapshotFailure.hostile(
            path: Self.path(entry, in: folder), reason: "a further name of no file in it")
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map(Array.init)
        guard let last = parts.last, !path.contains(0),
            parts.allSatisfy({ !$0.isEmpty && $0 != [0x2E] && $0 != [0x2E, 0x2E] })
        else { throw hostile }
        let above =
            parts.dropLast().isEmpty
            ? [0x2E] : Array(parts.dropLast().joined(separator: [UInt8(ascii: "/")]))
        let number = above.withName {
            atoll_openat2(
                root.number, $0, UInt64(O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0, Self.strictly)
        }
        guard number >= 0 else { throw hostile }
        let parent = try OpenFile(taking: number, folder.path)
        guard let status = try FileFacts.status(last, in: parent),
            status.st_mode & S_IFMT == S_IFREG
        else { throw hostile }
        let result = last.withName { from in
            entry.name.withName { linkat(parent.number, from, folder.number, $0, 0) }
        }
        guard result == 0 else { throw Self.failure(entry, in: folder) }
    }

    /// `RESOLVE_BENEATH`, `RESOLVE_NO_SYMLINKS` and `RESOLVE_NO_MAGICLINKS` of linux/openat2.h.
    private static let strictly: UInt64 = 0x08 | 0x04 | 0x02

    private func makeNode(
        _ entry: SnapshotEntry, in folder: OpenFile, _ kind: mode_t, _ device: dev_t
    ) throws(SnapshotFailure) {
        let result = entry.name.withName { mknodat(folder.number, $0, kind | 0o600, device) }
        guard result == 0 else { throw Self.failure(entry, in: folder) }
        try describe(entry, in: folder)
        // A link cannot have taken its place unless somebody else writes here; the mode would
        // then be that of the link's own file, so it is asked for without following.
        let mode = mode(of: entry)
        guard entry.name.withName({ fchmodat(folder.number, $0, mode, 0) }) == 0 else {
            throw Self.failure(entry, in: folder)
        }
        try setTimes(entry, in: folder)
    }

    private static func failure(_ entry: SnapshotEntry, in folder: OpenFile) -> SnapshotFailure {
        let number = errno
        let path = path(entry, in: folder)
        return number == EEXIST ? .occupied(path) : .fromSystem(path, number)
    }

    // MARK: - Going on

    /// Whether a file was wholly put back before: its time is set last.
    private func isDone(_ present: stat, _ entry: SnapshotEntry, _ file: SnapshotFile) -> Bool {
        present.st_mode & S_IFMT == S_IFREG && UInt64(present.st_size) == file.size
            && present.st_mode & 0o7777 == mode(of: entry)
            && FileMoment(present.st_mtim) == entry.modified
    }

    /// Removes what an attempt before left in the place of an entry.
    private func clear(
        _ entry: SnapshotEntry, in folder: OpenFile, _ present: stat?
    ) throws(SnapshotFailure) {
        guard let present else { return }
        guard present.st_mode & S_IFMT != S_IFDIR else {
            throw .occupied(Self.path(entry, in: folder))
        }
        guard entry.name.withName({ unlinkat(folder.number, $0, 0) }) == 0 else {
            throw Self.failure(entry, in: folder)
        }
    }

    // MARK: - Describing

    /// Permission bits. Those that lend a file's owner to whoever runs it belong to that owner, and
    /// are left out where owners are.
    private func mode(of entry: SnapshotEntry) -> mode_t {
        mode_t(options.setsOwners ? entry.mode : entry.mode & 0o1777)
    }

    /// Owner first, for it takes rights away; then attributes, mode, and times last.
    private func describe(_ file: OpenFile, _ entry: SnapshotEntry) throws(SnapshotFailure) {
        if options.setsOwners {
            guard fchown(file.number, entry.user, entry.group) == 0 else {
                throw .fromSystem(file.path)
            }
        }
        for attribute in entry.attributes {
            guard FileFacts.isKept(attribute.name), !attribute.name.contains(0) else {
                throw .hostile(path: file.path, reason: "an attribute that is not a file's own")
            }
            guard options.setsOwners || !FileFacts.needsRoot(attribute.name) else { continue }
            let result = attribute.name.withName {
                fsetxattr(file.number, $0, attribute.value, attribute.value.count, 0)
            }
            guard result == 0 else { throw .fromSystem(file.path) }
        }
        guard fchmod(file.number, mode(of: entry)) == 0 else { throw .fromSystem(file.path) }
        let times = [entry.modified.time, entry.modified.time]
        guard futimens(file.number, times) == 0 else { throw .fromSystem(file.path) }
    }

    /// Owner and times of what is not opened.
    private func describe(
        _ entry: SnapshotEntry, in folder: OpenFile
    ) throws(SnapshotFailure) {
        if options.setsOwners {
            let result = entry.name.withName {
                fchownat(folder.number, $0, entry.user, entry.group, AT_SYMLINK_NOFOLLOW)
            }
            guard result == 0 else { throw Self.failure(entry, in: folder) }
        }
        try setTimes(entry, in: folder)
    }

    private func setTimes(
        _ entry: SnapshotEntry, in folder: OpenFile
    ) throws(SnapshotFailure) {
        let times = [entry.modified.time, entry.modified.time]
        let result = entry.name.withName {
            utimensat(folder.number, $0, times, AT_SYMLINK_NOFOLLOW)
        }
        guard result == 0 else { throw Self.failure(entry, in: folder) }
    }
}

/// Puts data behind one another into the runs of a file.
private struct RunPlacement {
    private let runs: [FileRun]
    private var index = 0
    private var done: UInt64 = 0

    init(_ runs: [FileRun]) { self.runs = runs }

    mutating func write(_ piece: [UInt8], to file: OpenFile) throws(SnapshotFailure) {
        var rest = piece[...]
        while !rest.isEmpty {
            guard index < runs.count else { throw .malformed("more data than places for it") }
            let run = runs[index]
            let count = Int(min(UInt64(rest.count), run.count - done))
            let offset = run.offset + done
            let outcome = rest.prefix(count).withUnsafeBytes { bytes in
                Result { () throws(SnapshotFailure) in try file.write(bytes, at: offset) }
            }
            try outcome.get()
            rest = rest.dropFirst(count)
            done += UInt64(count)
            if done == run.count {
                index += 1
                done = 0
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization

/// A file that is being written out of sight and takes its place by one rename (EFFECTS-11).
///
/// Its calls block and belong on a disk thread. Unfinished files stand in one folder below the
/// root and carry the mark of the process that writes them; those of processes that have ended
/// are removed when a disk is next made.
struct PartialFile: Sendable {
    private static let filesMade = Atomic<UInt64>(0)

    private let file: OpenFile
    private let target: DiskPath

    /// Starts a file that will stand at `target`, whose folder must exist.
    init(for target: DiskPath, root: String) throws(DiskFailure) {
        guard access(target.folder, F_OK) == 0 else { throw .notFound(path: target.relative) }
        let folder = DiskPath(root: root).appending(DiskPath.partialFolder)
        try Folder.make(folder.absolute, path: target.relative)
        let number = Self.filesMade.add(1, ordering: .relaxed).newValue
        let name = "\(getpid())-\(BirthMark.start(of: getpid()) ?? 0)-\(number)"
        do throws(DiskFailure) {
            file = try OpenFile(folder.appending(name), O_WRONLY | O_CREAT | O_EXCL)
        } catch {
            throw error.naming(target.relative)
        }
        self.target = target
    }

    /// Writes bytes at an offset.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskFailure) {
        do throws(DiskFailure) { try file.write(bytes, at: offset) } catch {
            throw error.naming(target.relative)
        }
    }

    /// Makes the file durable under its path; removes it when that fails.
    func finish() throws(DiskFailure) {
        do throws(DiskFailure) {
            try file.syncBytes()
            guard rename(file.path.absolute, target.absolute) == 0 else {
                throw .fromSystem(path: target.relative)
            }
        } catch {
            discard()
            throw error.naming(target.relative)
        }
        try Folder.sync(target.folder, path: target.relative)
    }

    /// Removes what was written.
    func discard() {
        unlink(file.path.absolute)
    }

    /// Removes the unfinished files of processes that no longer run.
    static func removeAbandoned(root: String) {
        let folder = DiskPath(root: root).appending(DiskPath.partialFolder)
        guard let names = try? Folder.names(in: folder.absolute, path: folder.relative) else {
            return
        }
        for name in names {
            let parts = name.split(separator: "-").compactMap { UInt64($0) }
            if parts.count == 3, let pid = Int32(exactly: parts[0]),
                BirthMark.start(of: pid) == parts[1]
            {
                continue
            }
            unlink(folder.appending(name).absolute)
        }
    }
}

extension DiskFailure {
    /// The same failure under the path the caller knows.
    func naming(_ path: String) -> DiskFailure {
        switch self {
        case .notFound: .notFound(path: path)
        case .full: .full(path: path)
        case .denied: .denied(path: path)
        case .damaged(_, let reason): .damaged(path: path, reason: reason)
        case .busy: .busy(path: path)
        case .system(_, let number, let message):
            .system(path: path, errno: number, message: message)
        }
    }
}

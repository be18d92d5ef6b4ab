// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import Synchronization

/// A file that is being written out of sight and takes its place by one rename (EFFECTS-11).
///
/// Its calls block and belong on a disk thread. An unfinished file stands in the folder of its
/// target, for only there is a rename sure to stay on one file system and the user sure to be
/// allowed to write. Its name carries the mark of the process that writes it; those of processes
/// that have ended are removed when a disk first writes into that folder.
struct PartialFile: Sendable {
    private static let filesMade = Atomic<UInt64>(0)

    private let file: OpenFile
    private let target: DiskPath

    /// Starts a file that will stand at `target`, whose folder must exist.
    init(for target: DiskPath) throws(DiskFailure) {
        let number = Self.filesMade.add(1, ordering: .relaxed).newValue
        let mark = "\(getpid())-\(BirthMark.start(of: getpid()) ?? 0)-\(number)"
        file = try OpenFile(
            target.beside(PathRule.reservedPrefix + mark), O_WRONLY | O_CREAT | O_EXCL)
        self.target = target
    }

    /// Writes bytes at an offset.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskFailure) {
        try file.write(bytes, at: offset)
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
            throw error
        }
        try Folder.sync(target.folder, path: target.relative)
    }

    /// Removes what was written.
    func discard() {
        unlink(file.path.absolute)
    }

    /// Removes the unfinished files in a folder whose processes no longer run.
    static func removeAbandoned(in folder: String) {
        guard let names = try? Folder.names(in: folder, path: folder) else { return }
        for name in names where name.hasPrefix(PathRule.reservedPrefix) {
            let mark = name.dropFirst(PathRule.reservedPrefix.count)
            let parts = mark.split(separator: "-").compactMap { UInt64($0) }
            guard parts.count == 3, let pid = Int32(exactly: parts[0]),
                BirthMark.start(of: pid) != parts[1]
            else { continue }
            unlink("\(folder)/\(name)")
        }
    }
}

/// The folders one disk has tidied, each once.
final class TidiedFolders: Sendable {
    /// The most folders remembered: 4,096 paths of at most 4 KiB. What is left in further ones
    /// takes space and nothing else.
    private static let foldersMax = 4_096

    private let tidied = Mutex<Set<String>>([])

    /// Tidies a folder unless that has been done.
    func tidy(_ folder: String) {
        let isNew = tidied.withLock { tidied in
            tidied.count < Self.foldersMax && tidied.insert(folder).inserted
        }
        if isNew { PartialFile.removeAbandoned(in: folder) }
    }
}

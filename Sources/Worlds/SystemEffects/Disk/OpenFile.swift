// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// An open file or folder; closed when forgotten. Its calls block and belong on a disk thread.
final class OpenFile: Sendable {
    let descriptor: Int32
    let path: DiskPath

    /// Files can be read by their owner only.
    static let fileMode: mode_t = 0o600
    /// Folders likewise.
    static let folderMode: mode_t = 0o700

    /// Opens a file, closed on exec, with further flags of `open(2)`.
    init(_ path: DiskPath, _ flags: Int32) throws(DiskFailure) {
        var descriptor: Int32
        repeat {
            descriptor = open(path.absolute, flags | O_CLOEXEC, Self.fileMode)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw .fromSystem(path: path.relative) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// The size in bytes.
    func size() throws(DiskFailure) -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .fromSystem(path: path.relative) }
        return UInt64(status.st_size)
    }

    /// Up to `count` bytes at an offset; fewer only at the end.
    func read(at offset: UInt64, count: Int) throws(DiskFailure) -> [UInt8] {
        var failure: DiskFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled,
                    off_t(offset) + off_t(filled))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = .fromSystem(path: path.relative) }
                guard got > 0 else { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes at an offset.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskFailure) {
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done,
                    off_t(offset) + off_t(done))
            }
            if put < 0 && errno == EINTR { continue }
            guard put >= 0 else { throw .fromSystem(path: path.relative) }
            done += put
        }
    }

    /// Cuts the file to `size` bytes.
    func truncate(to size: UInt64) throws(DiskFailure) {
        guard ftruncate(descriptor, off_t(size)) == 0 else {
            throw .fromSystem(path: path.relative)
        }
    }

    /// Makes the bytes, and the size that leads to them, durable.
    func syncBytes() throws(DiskFailure) {
        guard fdatasync(descriptor) == 0 else { throw .fromSystem(path: path.relative) }
    }
}

/// Folder work that blocks.
enum Folder {
    /// Makes the names in a folder durable.
    static func sync(_ folder: String, path: String) throws(DiskFailure) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fromSystem(path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .fromSystem(path: path) }
    }

    /// Makes a folder and those above it, each durable; existing is fine.
    static func make(_ folder: String, path: String) throws(DiskFailure) {
        if mkdir(folder, OpenFile.folderMode) == 0 {
            return try sync(parent(of: folder), path: path)
        }
        switch errno {
        case EEXIST:
            guard isFolder(folder) else { throw .denied(path: path) }
        case ENOENT:
            try make(parent(of: folder), path: path)
            guard mkdir(folder, OpenFile.folderMode) == 0 || errno == EEXIST else {
                throw .fromSystem(path: path)
            }
            try sync(parent(of: folder), path: path)
        default:
            throw .fromSystem(path: path)
        }
    }

    /// The names in a folder, sorted by their bytes.
    static func names(in folder: String, path: String) throws(DiskFailure) -> [String] {
        guard let stream = opendir(folder) else { throw .fromSystem(path: path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Removes a folder with all it contains; none is fine. A link is removed, not followed.
    ///
    /// - Throws: ``DiskFailure/busy(path:)`` when somebody holds a log or store in it.
    static func remove(_ folder: DiskPath) throws(DiskFailure) {
        guard isFolder(folder.absolute) else { return }
        let names = try names(in: folder.absolute, path: folder.relative)
        let lock = names.contains("lock") ? try FolderLock(folder) : nil
        defer { withExtendedLifetime(lock) {} }
        for name in names {
            let entry = folder.appending(name)
            if unlink(entry.absolute) != 0 { try remove(entry) }
        }
        guard rmdir(folder.absolute) == 0 else { throw .fromSystem(path: folder.relative) }
        try sync(parent(of: folder.absolute), path: folder.relative)
    }

    private static func isFolder(_ folder: String) -> Bool {
        var status = stat()
        return stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func parent(of folder: String) -> String {
        guard let slash = folder.lastIndex(of: "/") else { return "." }
        return slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
}

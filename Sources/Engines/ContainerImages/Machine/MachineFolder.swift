// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Folders of the machine whose paths its owner gives.
public enum MachineFolder {
    /// Makes a folder with its parents; one that is there is fine, and so is a file.
    ///
    /// - Throws: ``ImageFailure/failed(path:errno:message:)``.
    public static func create(_ path: String) throws(ImageFailure) {
        guard !exists(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try create(String(path[..<slash]))
        }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .fromSystem(path) }
    }

    /// Whether something stands at a path, links followed.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether a folder has nothing in it; false for what is none.
    public static func isEmpty(_ path: String) -> Bool {
        (try? SystemFolder.names(path))?.isEmpty ?? false
    }

    /// Lets every user of the machine go into a folder.
    public static func open(_ path: String) throws(ImageFailure) {
        guard chmod(path, 0o755) == 0 else { throw .fromSystem(path) }
    }

    /// Gives a folder another path in one step.
    public static func move(_ path: String, to target: String) throws(ImageFailure) {
        try SystemFolder.move(path, to: target)
    }

    /// Removes all that is in a folder, and leaves the folder.
    public static func empty(_ path: String) throws(ImageFailure) {
        for name in try SystemFolder.names(path) { try FolderRemoval.remove("\(path)/\(name)") }
    }

    /// The bytes on the disk of all that is in a folder, on its own file system; what cannot be
    /// looked at does not count. Walks the whole tree; files with several names count once a name.
    public static func size(_ path: String) -> Int64 {
        guard let folder = opendir(path) else { return 0 }
        defer { closedir(folder) }
        return size(folder, depth: 0)
    }

    private static func size(_ folder: OpaquePointer, depth: Int) -> Int64 {
        var total: Int64 = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if name == [0x2E, 0] || name == [0x2E, 0x2E, 0] { continue }
            var status = stat()
            guard fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            total += Int64(status.st_blocks) * 512
            guard status.st_mode & S_IFMT == S_IFDIR, depth < FolderRemoval.depthMax else {
                continue
            }
            let number = openat(
                dirfd(folder), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard number >= 0, let inner = fdopendir(number) else { continue }
            total += size(inner, depth: depth + 1)
            closedir(inner)
        }
        return total
    }
}

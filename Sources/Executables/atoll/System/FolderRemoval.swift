// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Removes a folder with everything in it, without following links out of it.
enum FolderRemoval {
    /// Whether nothing is left.
    static func remove(_ path: String) -> Bool {
        guard let stream = opendir(path) else { return errno == ENOENT }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        closedir(stream)
        for name in names {
            let inner = "\(path)/\(name)"
            var status = stat()
            guard lstat(inner, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                guard remove(inner) else { return false }
            } else if unlink(inner) != 0 {
                return false
            }
        }
        return rmdir(path) == 0
    }
}

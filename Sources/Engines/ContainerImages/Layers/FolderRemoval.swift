// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Removes folders with all that is in them, without following any link and without leaving the
/// folder they lie in, whoever changes it meanwhile.
public enum FolderRemoval {
    /// The deepest folder that is gone into: 2,048, twice what a path of Linux holds in names of
    /// one letter; each takes a descriptor.
    public static let depthMax = 2_048

    /// Removes a folder; none is fine.
    ///
    /// - Throws: ``ImageFailure/failed(path:errno:message:)``.
    public static func remove(_ path: String) throws(ImageFailure) {
        try remove(Array(path.utf8), in: AT_FDCWD)
    }

    static func remove(_ name: [UInt8], in parent: Int32) throws(ImageFailure) {
        try remove(name.map { CChar(bitPattern: $0) } + [0], in: parent, depth: 0)
    }

    private static func remove(
        _ name: [CChar], in parent: Int32, depth: Int
    ) throws(ImageFailure) {
        let text = text(of: name)
        guard depth < depthMax else {
            throw .failed(path: text, errno: ELOOP, message: "folders too deep")
        }
        let number = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if number >= 0 {
            try empty(number, depth: depth)
        } else if errno == ENOENT {
            return
        } else if errno != ENOTDIR, errno != ELOOP {
            throw .fromSystem(text)
        } else {
            guard unlinkat(parent, name, 0) == 0 || errno == ENOENT else {
                throw .fromSystem(text)
            }
            return
        }
        guard unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
            throw .fromSystem(text)
        }
    }

    private static func text(of name: [CChar]) -> String {
        String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // Takes the descriptor over.
    private static func empty(_ number: Int32, depth: Int) throws(ImageFailure) {
        guard let folder = fdopendir(number) else {
            close(number)
            throw .fromSystem("")
        }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if name == [0x2E, 0] || name == [0x2E, 0x2E, 0] { continue }
            if entry.pointee.d_type == UInt8(DT_DIR) || entry.pointee.d_type == UInt8(DT_UNKNOWN) {
                try remove(name, in: number, depth: depth + 1)
            } else if unlinkat(number, name, 0) != 0, errno != ENOENT {
                throw .fromSystem(text(of: name))
            }
        }
    }
}

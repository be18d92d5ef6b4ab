// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc

/// A checked path below a root folder (EFFECTS-10).
struct DiskPath: Sendable {
    /// As the caller wrote it; failures name it.
    let relative: String
    /// Root and path joined, for system calls.
    let absolute: String

    /// Checks a path.
    ///
    /// - Throws: ``DiskFailure/denied(path:)`` for a path that ``PathRule`` does not allow.
    init(_ relative: String, under root: String) throws(DiskFailure) {
        guard PathRule.isAllowed(relative) else { throw .denied(path: relative) }
        self.relative = relative
        absolute = "\(root)/\(relative)"
    }

    /// The root folder itself.
    init(root: String) {
        relative = ""
        absolute = root
    }

    /// A file beside this one; `name` is the program's own and needs no check.
    func beside(_ name: String) -> DiskPath {
        DiskPath(relative: relative, absolute: "\(folder)/\(name)")
    }

    /// A path inside this one; `name` is the program's own and needs no check.
    func appending(_ name: String) -> DiskPath {
        DiskPath(
            relative: relative.isEmpty ? name : "\(relative)/\(name)",
            absolute: "\(absolute)/\(name)")
    }

    /// The folder that holds it.
    var folder: String {
        guard let slash = absolute.lastIndex(of: "/"), slash > absolute.startIndex else {
            return "/"
        }
        return String(absolute[..<slash])
    }

    private init(relative: String, absolute: String) {
        self.relative = relative
        self.absolute = absolute
    }
}

extension DiskFailure {
    /// The failure an error number tells of.
    static func of(_ number: Int32, path: String) -> DiskFailure {
        switch number {
        case ENOENT, ENOTDIR: .notFound(path: path)
        case ENOSPC, EDQUOT, EFBIG: .full(path: path)
        case EACCES, EPERM, EROFS: .denied(path: path)
        case EBUSY, EWOULDBLOCK: .busy(path: path)
        default: .system(path: path, errno: number, message: SystemMessage.of(number))
        }
    }

    /// The failure `errno` tells of.
    static func fromSystem(path: String) -> DiskFailure { of(errno, path: path) }

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

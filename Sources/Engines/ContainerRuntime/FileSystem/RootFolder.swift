// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A container's root while it is put together: every path is resolved inside of it, by the kernel,
/// whatever links lie on the way (RUNTIME-6).
struct RootFolder {
    let file: OpenFile

    /// How often a resolution is repeated that was disturbed by a rename: openat2(2) asks for it.
    private static let attemptsMax = 64

    /// What a path must be, when it has to be made.
    enum Kind { case folder, file }

    /// Opens a path as a place only, neither to read nor to write.
    ///
    /// - Parameter followsLinks: Without, a link anywhere on the way is refused with ELOOP.
    func place(_ path: String, followsLinks: Bool = true) throws(RuntimeFailure) -> OpenFile {
        try open(
            path, OpenFlag.pathOnly,
            resolve: followsLinks ? Resolve.noMagicLinks : Resolve.noSymbolicLinks)
    }

    /// The same, nil when there is nothing.
    func placeIfAny(_ path: String) throws(RuntimeFailure) -> OpenFile? {
        do {
            return try place(path)
        } catch {
            if case .kernel(_, let number) = error, number == ENOENT || number == ENOTDIR {
                return nil
            }
            throw error
        }
    }

    /// openat2(2) with RESOLVE_IN_ROOT.
    func open(
        _ path: String, _ flags: UInt64, resolve: UInt64 = Resolve.noMagicLinks
    ) throws(RuntimeFailure) -> OpenFile {
        var attempts = 0
        while true {
            let number = atoll_openat2(
                file.number, path, flags | OpenFlag.closeOnExec, 0, resolve | Resolve.inRoot)
            if number >= 0 { return OpenFile(number) }
            let reason = errno
            attempts += 1
            guard reason == EAGAIN || reason == EINTR, attempts < Self.attemptsMax else {
                throw .kernel("open \(path) in the container", reason)
            }
        }
    }

    /// Opens a place, and makes it with the folders above it when it is not there.
    func ensure(
        _ path: String, _ kind: Kind, mode: mode_t = 0o755, followsLinks: Bool = true
    ) throws(RuntimeFailure) -> OpenFile {
        do {
            return try place(path, followsLinks: followsLinks)
        } catch {
            guard case .kernel(_, ENOENT) = error else { throw error }
        }
        let parts = Self.parts(of: path)
        guard let last = parts.last else { throw .kernel("make \(path)", EINVAL) }
        let above = parts.dropLast().joined(separator: "/")
        let folder = above.isEmpty ? file : try ensure(above, .folder, followsLinks: followsLinks)
        switch kind {
        case .folder:
            try asking("mkdir \(path) in the container") {
                mkdirat(folder.number, last, mode) == 0 || errno == EEXIST ? 0 : -1
            }
        case .file:
            let flags = O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let made = openat(folder.number, last, flags, mode & 0o666)
            if made >= 0 {
                close(made)
            } else if errno != EEXIST {
                throw .kernel("make \(path) in the container", errno)
            }
        }
        return try place(path, followsLinks: followsLinks)
    }

    /// The names of a path without those that lead nowhere; `..` takes back the one before it.
    static func parts(of path: String) -> [String] {
        var parts: [String] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts
    }
}

// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// What stands at a path.
public struct PathStatus: Hashable, Sendable {
    /// The last name of the path.
    public let name: String
    /// How many bytes it has.
    public let size: Int64
    /// Type and permission, as stat(2) has them.
    public let mode: UInt32
    /// Seconds since 1970 and billionths of its last change.
    public let seconds: Int64
    /// See ``seconds``.
    public let nanoseconds: Int64
    /// Where it leads, when it is a symbolic link.
    public let target: String

    /// Whether it is a folder.
    public var isFolder: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether it is a symbolic link.
    public var isLink: Bool { mode & S_IFMT == S_IFLNK }
}

/// All the files that somebody else may change at any time, such as a container's: paths in them
/// are walked as if the folder were the root of all files, so no link leads out (`openat2` with
/// `RESOLVE_IN_ROOT`).
public final class InsideRoot: Sendable {
    /// `RESOLVE_IN_ROOT` and `RESOLVE_NO_MAGICLINKS` of linux/openat2.h.
    static let insideOnly: UInt64 = 0x10 | 0x02
    /// `O_PATH`: a place, without the right to read it.
    static let placeOnly: Int32 = 0o10_000_000

    /// The folder's descriptor.
    let number: Int32

    /// A folder of this house's own.
    ///
    /// - Throws: ``ImageFailure/notFound(_:)``, ``ImageFailure/failed(path:errno:message:)``.
    public init(folder: String) throws(ImageFailure) {
        number = Glibc.open(folder, Self.placeOnly | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .fromSystem(folder) }
    }

    /// The files as a process sees them, mounts of its own among them.
    ///
    /// - Parameters:
    ///   - process: Its number.
    ///   - mark: What `/proc/PID/cgroup` says of this process and of no other: numbers are given
    ///     again.
    /// - Throws: ``ImageFailure/notFound(_:)`` when it is gone.
    public init(ofProcess process: Int64, mark: String) throws(ImageFailure) {
        let path = "/proc/\(process)"
        let folder = try SystemFile(path, O_RDONLY | O_DIRECTORY)
        let groups = openat(folder.number, "cgroup", O_RDONLY | O_CLOEXEC)
        guard groups >= 0 else { throw .fromSystem(path) }
        let file = SystemFile(taking: groups, path: path)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
        defer { room.deallocate() }
        let count = try file.read(room)
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: room[..<count]), as: UTF8.self)
        guard text.contains(mark) else { throw .notFound(path) }
        // The open folder is that of the process that was looked at, and of none after it.
        number = openat(folder.number, "root", Self.placeOnly | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .fromSystem(path) }
    }

    deinit { close(number) }

    /// Opens a path without following a link at its end.
    func open(_ path: String, _ flags: Int32) throws(ImageFailure) -> SystemFile {
        let words = path.isEmpty || path == "/" ? "." : path
        let opened = atoll_openat2(
            number, words, UInt64(flags | O_CLOEXEC), 0, Self.insideOnly)
        guard opened >= 0 else {
            if errno == ENOTDIR { throw .notFound(path) }
            throw .fromSystem(path)
        }
        return SystemFile(taking: opened, path: path)
    }

    /// What stands at a path; a link at its end is not followed, unless the path ends with `/` or
    /// `/.`.
    ///
    /// - Throws: ``ImageFailure/notFound(_:)``, ``ImageFailure/failed(path:errno:message:)``.
    public func status(_ path: String) throws(ImageFailure) -> PathStatus {
        let follows = path.hasSuffix("/") || path.hasSuffix("/.")
        let file = try open(path, Self.placeOnly | (follows ? 0 : O_NOFOLLOW))
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw .fromSystem(path) }
        var target = ""
        if status.st_mode & S_IFMT == S_IFLNK {
            var room = [CChar](repeating: 0, count: ImageLimits.pathBytesMax + 1)
            let count = readlinkat(file.number, "", &room, room.count)
            guard count >= 0 else { throw .fromSystem(path) }
            target = String(
                decoding: room[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return PathStatus(
            name: Self.lastName(path), size: Int64(status.st_size), mode: status.st_mode,
            seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec),
            target: target)
    }

    /// The last name of a path; `/` of the root.
    static func lastName(_ path: String) -> String {
        path.split(separator: "/").last { $0 != "." }.map(String.init) ?? "/"
    }
}

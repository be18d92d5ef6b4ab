// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

extension SnapshotFailure {
    /// The failure that `errno` tells of.
    static func fromSystem(_ path: String, _ number: Int32 = errno) -> SnapshotFailure {
        switch number {
        case ENOENT: .notFound(path)
        case ENOSPC, EDQUOT: .full(path)
        case EWOULDBLOCK: .busy(path)
        default: .failed(path: path, errno: number)
        }
    }
}

/// An open descriptor that closes when nobody holds it.
final class OpenFile: Sendable {
    let number: Int32
    let path: String

    /// Takes a descriptor over, or throws what `errno` tells of.
    init(taking number: Int32, _ path: String) throws(SnapshotFailure) {
        guard number >= 0 else { throw .fromSystem(path) }
        self.number = number
        self.path = path
    }

    /// Opens a path by the caller's own words.
    convenience init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(SnapshotFailure) {
        try self.init(taking: Glibc.open(path, flags | O_CLOEXEC, mode), path)
    }

    /// Opens a name in a folder; a link in its place is refused by the system.
    convenience init(
        _ name: [UInt8], in folder: OpenFile, _ flags: Int32, mode: mode_t = 0o600
    ) throws(SnapshotFailure) {
        let number = name.withName {
            openat(folder.number, $0, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        }
        try self.init(taking: number, folder.path + "/" + String(decoding: name, as: UTF8.self))
    }

    deinit { _ = Glibc.close(number) }

    /// What the system says about it.
    func status() throws(SnapshotFailure) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw .fromSystem(path) }
        return status
    }

    /// Fills as much of a buffer as the file has from a place on.
    func read(
        _ buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(SnapshotFailure) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = pread(
                number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
                off_t(offset) + off_t(filled))
            if count < 0 {
                guard errno == EINTR else { throw .fromSystem(path) }
                continue
            }
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }

    /// Writes bytes at a place.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SnapshotFailure) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                number, bytes.baseAddress?.advanced(by: done), bytes.count - done,
                off_t(offset) + off_t(done))
            if count < 0 {
                guard errno == EINTR else { throw .fromSystem(path) }
                continue
            }
            done += count
        }
    }
}

extension [UInt8] {
    /// The bytes as a name for the system, which ends at a zero.
    func withName<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let text = map { CChar(bitPattern: $0) } + [0]
        return text.withUnsafeBufferPointer { buffer in
            guard let name = buffer.baseAddress else { preconditionFailure("it has a zero") }
            return body(name)
        }
    }
}

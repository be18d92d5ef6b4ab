// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// A file descriptor that closes with its last owner.
final class OpenFile {
    /// O_PATH, which the C library's module does not carry.
    static let pathOnly = Int32(OpenFlag.pathOnly)

    let number: Int32

    /// Takes over a descriptor.
    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Opens a path of the caller's own root.
    static func open(
        _ path: String, _ flags: Int32 = O_RDONLY, mode: mode_t = 0
    ) throws(RuntimeFailure) -> OpenFile {
        OpenFile(
            try asking("open \(path)") { Glibc.open(path, flags | O_CLOEXEC, mode) })
    }

    /// Opens a path below this folder as the caller sees it.
    func open(
        _ path: String, _ flags: Int32 = O_RDONLY, mode: mode_t = 0
    ) throws(RuntimeFailure) -> OpenFile {
        OpenFile(
            try asking("open \(path)") { openat(number, path, flags | O_CLOEXEC, mode) })
    }

    /// What the file is.
    func status() throws(RuntimeFailure) -> stat {
        var found = stat()
        try asking("stat") { fstat(number, &found) }
        return found
    }

    /// The kind of file system the file lies on, as statfs(2) says it.
    func fileSystem() throws(RuntimeFailure) -> UInt64 {
        var kind: UInt64 = 0
        try asking("statfs") { atoll_file_system(number, &kind) }
        return kind
    }

    /// The file by a path that leads to this very inode.
    var path: String { "/proc/self/fd/\(number)" }

    /// Reads to the end.
    ///
    /// - Throws: EFBIG beyond `bytesMax`.
    func readAll(bytesMax: Int) throws(RuntimeFailure) -> [UInt8] {
        var content: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = try asking("read") { read(number, &room, room.count) }
            if count == 0 { return content }
            guard content.count + count <= bytesMax else { throw .kernel("read", EFBIG) }
            content.append(contentsOf: room[..<count])
        }
    }

    /// Writes everything.
    func writeAll(_ bytes: [UInt8]) throws(RuntimeFailure) {
        var written = 0
        while written < bytes.count {
            written += try asking("write") {
                bytes.withUnsafeBytes { part in
                    write(number, part.baseAddress.map { $0 + written }, part.count - written)
                }
            }
        }
    }
}

/// Small files of the kernel's own file systems.
enum SmallFile {
    /// The most bytes that are read of one: processes of a full cgroup at 8 bytes a line, a million
    /// lines.
    static let bytesMax = 8 << 20

    /// The text of a file.
    static func text(_ path: String) throws(RuntimeFailure) -> String {
        let bytes = try OpenFile.open(path).readAll(bytesMax: bytesMax)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a value with one write(2), as the kernel's files ask.
    static func write(_ text: String, to path: String) throws(RuntimeFailure) {
        let file = try OpenFile.open(path, O_WRONLY)
        let bytes = Array(text.utf8)
        try asking("write \(text.prefix(64)) to \(path)") {
            Glibc.write(file.number, bytes, bytes.count)
        }
    }
}
